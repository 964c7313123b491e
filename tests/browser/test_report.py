"""The report opens from a disk without any network, and shows its maps; whatever asks for anything fails the story."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from mapping.models import Campaign
from tests.browser.conftest import DEVICES, Device
from tests.browser.judge import AXE, CONTRAST, EVERYTHING
from tests.reports.conftest import NASTY, reported

__all__ = ["reported"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

type_of_opening = Callable[[Device, Path], Page]

# Whether a canvas shows anything at all.
IS_DRAWN = (
    """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean)"""
)


@pytest.fixture
def opened(chromium: Browser) -> Iterator[type_of_opening]:
    """Opens a file as a double click does, without network."""
    pages: list[tuple[Page, list[str]]] = []

    def open_file(device: Device, path: Path) -> Page:
        options: dict[str, Any] = {"offline": True, "locale": "de-DE"} | DEVICES[device]
        page = chromium.new_context(**options).new_page()
        problems: list[str] = []
        page.on(
            "request", lambda request: None if request.url == path.as_uri() else problems.append(request.url)
        )
        page.on("console", lambda message: problems.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(dialog.message))
        pages.append((page, problems))
        page.goto(path.as_uri())
        return page

    yield open_file
    for page, problems in pages:
        page.wait_for_timeout(200)
        page.context.close()
        assert not problems


@pytest.fixture
def report(reported: Campaign, tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    call_command("heatmap_report", reported.slug, out=path, language="en")
    return path


@pytest.mark.parametrize("device", DEVICES)
def test_report_opens_offline_and_draws_its_maps(
    opened: type_of_opening, device: Device, report: Path
) -> None:
    page = opened(device, report)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Where it is dark {NASTY}")
    maps = page.locator(".folium-map")
    expect(maps).to_have_count(3)
    for canvas in page.locator(".folium-map canvas").all():
        assert canvas.evaluate(IS_DRAWN)
    expect(page.locator(".report-name span", has_text="East")).to_be_visible()
    page.locator(".report-map--large").scroll_into_view_if_needed()
    box = maps.first.bounding_box()
    assert box
    found = page.locator(".leaflet-tooltip")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for step in range(40):  # somewhere on this line lies a cell
        page.mouse.move(box["x"] + box["width"] * (0.5 + step / 100), box["y"] + box["height"] / 2)
        if found.count():
            break
    expect(found).to_contain_text("contribution")
    expect(page.get_by_role("row").filter(has_text="CRS3035RES200m").first).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, "the page must not scroll sideways"


def test_report_is_accessible(opened: type_of_opening, report: Path) -> None:
    page = opened("desktop", report)
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    for scheme, options in (("light", EVERYTHING), ("dark", CONTRAST)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        result = page.evaluate("options => axe.run(document, options)", options)
        assert not [
            (one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in result["violations"]
        ]
