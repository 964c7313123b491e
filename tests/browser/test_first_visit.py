"""What the first visit of a campaign's page costs: bytes on the wire and requests, never time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Request, Route, expect

from mapping.models import Campaign
from tests.browser.steps import open_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_BYTES = 77_000
"""Without tiles and headers (docs/developers/build.md)."""
MOST_REQUESTS = 9
MOST_SHIFT = 0.02
TILES = ("/tiles/", "/ground/")
SHIFTS = """() => new Promise((resolve) => new PerformanceObserver((list) =>
    resolve(list.getEntries().filter((one) => !one.hadRecentInput).reduce((sum, one) => sum + one.value, 0))
).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => resolve(0), 300))"""


def wire_size(request: Request) -> int:
    """Bytes of the body as the service sends it; the test's server compresses no files."""
    parts = urlsplit(request.url)
    if parts.path.startswith(settings.STATIC_URL):
        path = parts.path.removeprefix(settings.STATIC_URL)
        if path.startswith("built/"):
            plain = settings.BUILT_DIR / path.removeprefix("built/")
            packed = plain.with_name(f"{plain.name}.br")
            return (packed if packed.exists() else plain).stat().st_size
        return len(_source(path).read_bytes())
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {"accept": request.headers.get("accept", "*/*"), "accept-encoding": "gzip, deflate, br, zstd"}
    return len(Client(headers=headers).get(address).content)


def _source(path: str) -> Path:
    from django.contrib.staticfiles import finders

    found = finders.find(path)
    assert isinstance(found, str), path
    return Path(found)


def test_the_first_visit_stays_within_its_budget(visit: Callable[..., Page], everything: Campaign) -> None:
    phone = visit("phone", language="")
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    phone.on("request", note)
    open_campaign(phone, everything)
    phone.wait_for_load_state("networkidle")
    shift = phone.evaluate(SHIFTS)
    counted = [one for one in requests if not urlsplit(one.url).path.startswith(TILES)]
    sizes = [(wire_size(one), urlsplit(one.url).path) for one in counted]
    listed = "\n".join(f"{size:>7} {path}" for size, path in sizes)
    assert sum(size for size, _path in sizes) <= MOST_BYTES, listed
    assert len(sizes) <= MOST_REQUESTS, listed
    assert shift <= MOST_SHIFT


def test_the_sheet_is_as_high_before_the_script_as_with_it(
    visit: Callable[..., Page], everything: Campaign
) -> None:
    phone = visit("phone")

    def hold(_route: Route) -> None:
        """No script comes until this goes."""

    scripts = re.compile(r"/built/parts/.+\.js$")
    phone.route(scripts, hold)
    with phone.expect_request(scripts):
        phone.goto(f"/campaigns/{everything.slug}/", wait_until="commit")
    sheet = phone.locator(".campaign__panel")
    expect(phone.get_by_role("link", name="Mark a place")).to_be_visible()
    before = sheet.bounding_box()
    phone.unroute(scripts, hold)
    expect(phone.locator("campaign-page.is-ready")).to_be_attached()
    expect(phone.locator("[data-sheet-handle]")).to_be_visible()
    after = sheet.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] == pytest.approx(before["height"], abs=1)
