"""Pages of the OGC API in a browser: map and table speak of the same items; every page is accessible."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign
from tests import personas
from tests.browser.conftest import DEVICES, Device
from tests.browser.judge import Judge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def marked(topics: Campaign) -> Campaign:
    """A campaign with a point, a line and an idea without place."""
    personas.make_contribution(topics, text="Dark here")
    personas.make_contribution(topics, "LINESTRING(7.75 49.44, 7.78 49.45)", category="street", text="A way")
    personas.make_contribution(topics, None, category="idea", text="A market")
    return topics


def test_row_and_place_highlight_each_other(desktop: Page, marked: Campaign) -> None:
    desktop.goto(f"/ogc/collections/{marked.slug}-contributions/items")
    expect(desktop.locator("ogc-items.is-ready")).to_be_attached()
    row = desktop.get_by_role("row").filter(has_text="Dark here")
    row.hover()
    expect(desktop.locator(".marker.is-selected")).to_have_count(1)
    desktop.get_by_role("heading", level=1).hover()
    expect(desktop.locator(".marker.is-selected")).to_have_count(0)
    desktop.locator(".map-marker").click()
    expect(row).to_have_class("is-raised is-chosen")


def test_titles_sort_and_lead_to_an_item(desktop: Page, marked: Campaign) -> None:
    desktop.goto(f"/ogc/collections/{marked.slug}-contributions/items")
    desktop.get_by_role("link", name="Text", exact=True).click()
    expect(desktop.get_by_role("columnheader", name="Text")).to_have_attribute("aria-sort", "ascending")
    expect(desktop.get_by_role("row").nth(1)).to_contain_text("A market")
    desktop.get_by_role("row").nth(3).get_by_role("link").click()
    expect(desktop.get_by_text("Dark here")).to_be_visible()


def test_without_javascript_the_table_is_there(visit: type_of_visit, marked: Campaign) -> None:
    page = visit("phone", java_script_enabled=False)
    page.goto(f"/ogc/collections/{marked.slug}-contributions/items?limit=2")
    expect(page.get_by_role("row")).to_have_count(3)
    page.get_by_role("link", name="Next page").first.click()
    expect(page.get_by_role("row")).to_have_count(2)


@pytest.mark.parametrize("device", DEVICES)
def test_pages_are_accessible(visit: type_of_visit, device: Device, marked: Campaign) -> None:
    page = visit(device)
    page.watch.allow("status of 404")  # type: ignore[attr-defined]
    judge = Judge(page)
    one = f"/ogc/collections/{marked.slug}"
    item = marked.contributions.get(text="Dark here").pk
    for path in ("/ogc/", "/ogc/collections", f"{one}-contributions/schema", "/ogc/conformance", "/ogc/api"):
        judge.open(path)
    for path in (f"{one}-contributions", f"{one}-contributions/items", f"{one}-contributions/items/{item}"):
        judge.open(path, ready="ogc-items.is-ready")
    judge.open(f"{one}-cells/items", ready="path.ogc-cell")
    judge.open("/ogc/collections/none")
    width = DEVICES[device]["viewport"]["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not judge.found, "\n".join(judge.found)
