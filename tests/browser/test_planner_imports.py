"""Managers read a file in: upload, preview, fields, dry run, import, see it on the map; with and without scripts."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.models import Campaign, Contribution
from tests.browser.judge import Judge
from tests.personas import BERLIN, STATION, TOWN_HALL, UNIVERSITY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]
DESK: dict[str, Any] = {"viewport": {"width": 768, "height": 1024}}


@pytest.fixture(autouse=True)
def private_folder(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"


def reports() -> FilePayload:
    """Four rows, of which one lies in Berlin."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("Nr", "Länge", "Breite", "Thema", "Beschreibung"))
    for number, place in enumerate((TOWN_HALL, STATION, UNIVERSITY, BERLIN)):
        writer.writerow((number, *place, "Spot" if number else "Lamps", f"Report {number}"))
    return {"name": "reports.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}


def upload(page: Page, campaign: Campaign) -> None:
    page.goto("/planning/")
    page.get_by_role("link", name="Read in data").click()
    page.get_by_role("radio", name="Contributions").check()
    page.get_by_label("File", exact=True).set_input_files(reports())
    page.get_by_role("button", name="Upload and look at it").click()
    expect(page.get_by_role("heading", name="Contributions: reports.csv")).to_be_visible()


def test_manager_imports_with_scripts(visit: Visit, manager: User, campaign: Campaign) -> None:
    page = visit("desktop", user=manager, **DESK)
    judge = Judge(page)
    judge.open(f"/planning/{campaign.slug}/imports/")
    upload(page, campaign)
    expect(page.locator("import-map[data-ready] path.preview-place")).to_have_count(4)
    expect(page.get_by_label("Longitude or x")).to_have_value("Länge")
    judge.judge("preview")
    page.get_by_label("Category from a field").select_option("")
    expect(page.get_by_label("Title of the new category")).to_be_visible()
    expect(page.locator(".import--scripted")).to_be_attached()  # the new page listens
    page.get_by_label("Category from a field").select_option("Thema")
    expect(page.get_by_role("combobox", name="Lamps")).to_have_value("=")
    expect(page.get_by_role("combobox", name="Spot", exact=True)).to_have_value("spot")
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_text("This was a dry run: nothing is stored yet.")).to_be_visible()
    expect(page.locator(".import__totals")).to_contain_text("3")
    page.get_by_text("The first rejected rows").click()
    judge.judge("dry run")
    assert not Contribution.objects.exists()
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("Imported. The uploaded file was removed.")).to_be_visible()
    judge.judge("imported")
    assert Contribution.objects.count() == 3
    page.get_by_role("link", name="See it on the map").click()
    expect(page.locator("#map .map-marker")).to_have_count(3)
    assert not judge.found, "\n".join(judge.found)


def test_manager_imports_without_scripts(visit: Visit, manager: User, campaign: Campaign) -> None:
    page = visit("desktop", user=manager, java_script_enabled=False)
    upload(page, campaign)
    page.get_by_label("Category from a field").select_option("")
    page.get_by_role("button", name="Show the preview anew").click()
    page.get_by_label("Category", exact=True).select_option("spot")
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_text("This was a dry run: nothing is stored yet.")).to_be_visible()
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("Imported. The uploaded file was removed.")).to_be_visible()
    assert Contribution.objects.count() == 3


def test_mistakes_stand_at_their_questions(visit: Visit, manager: User, campaign: Campaign) -> None:
    page = visit("desktop", user=manager)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    upload(page, campaign)
    page.get_by_label("Coordinate system").fill("EPSG:1")
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_text("The coordinate system EPSG:1 is not known.").first).to_be_visible()
    page.get_by_label("Coordinate system").fill("EPSG:4326")
    page.get_by_label("Coordinate system").blur()
    expect(page.locator("import-map[data-ready]")).to_be_attached()
