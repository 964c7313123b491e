"""Everyone's heat map in a browser: the picture lies on the map, table and map speak of the same cells."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mapping.geo.grid import cell_of
from mapping.models import Campaign, Release, ReleaseCell
from mapping.models.release import WHOLE
from tests import personas
from tests.browser.conftest import DEVICES, Device
from tests.browser.judge import Judge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def marked(transactional_db: None) -> Campaign:
    """A campaign with a full cell and an emptier one."""
    campaign = personas.make_campaign("marked", title="Where it is dark")
    for place in (personas.TOWN_HALL, personas.TOWN_HALL, personas.TOWN_HALL, personas.STATION):
        personas.make_contribution(campaign, place)
    return campaign


@pytest.fixture
def protected(transactional_db: None) -> Campaign:
    """A campaign that publishes cells, with a release of one square."""
    campaign = personas.make_campaign("protected", title="Where it is dark", publication="cells")
    release = Release.objects.create(
        campaign=campaign, number=1, k=5, contributions=14, participants_at_least=10
    )
    square = cell_of(4159000, 2928000, 1600)
    ReleaseCell.objects.create(
        release=release, size=1600, cell=square.key, mask=WHOLE, contributions=14, participants_at_least=10
    )
    return campaign


@pytest.mark.parametrize("device", DEVICES)
def test_cells_on_the_map_and_in_the_table_are_the_same(
    visit: type_of_visit, device: Device, marked: Campaign
) -> None:
    page = visit(device)
    page.goto(f"/campaigns/{marked.slug}/")
    page.get_by_role("link", name="Heat map").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Heat map")
    cells = page.locator(".leaflet-pane .heat-cell")
    expect(cells).to_have_count(2)
    expect(page.locator("[data-card]")).to_have_text("Tap a coloured cell to see its numbers.")
    box = cells.first.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("[data-card]")).to_have_text("3 contributions from 3 people")
    page.get_by_role("row").nth(2).get_by_role("button").click()
    expect(page.locator("[data-card]")).to_have_text("1 contribution from 1 person")
    expect(page.locator(".heat-cell.is-chosen")).to_have_count(1)
    page.get_by_role("link", name="500 m").click()
    expect(page.get_by_text("Contributions per square of 500 m")).to_be_visible()


def test_protected_map_shows_areas_only(visit: type_of_visit, protected: Campaign) -> None:
    page = visit("phone")
    page.goto(f"/campaigns/{protected.slug}/heatmap/")
    expect(page.locator(".leaflet-pane .heat-cell")).to_have_count(1)
    page.locator(".heat-cell").click()
    expect(page.locator("[data-card]")).to_have_text("14 contributions from at least 10 people")
    expect(
        page.get_by_text("Where too few people contributed, nothing is shown.", exact=True)
    ).to_be_visible()


@pytest.mark.parametrize(("device", "columns"), [("phone", 3), ("desktop", 5)])
def test_table_of_areas_fits_the_screen(
    visit: type_of_visit, device: Device, columns: int, protected: Campaign
) -> None:
    page = visit(device)
    page.goto(f"/campaigns/{protected.slug}/heatmap/")
    table = page.get_by_role("region", name="The same as a table")
    expect(table.get_by_role("columnheader")).to_have_count(columns)
    expect(table.get_by_text("2.56 km²").locator("visible=true")).to_have_count(1)
    assert table.locator(".table-scroll").evaluate("box => box.scrollWidth <= box.clientWidth")


def test_without_javascript_picture_and_table_are_there(visit: type_of_visit, marked: Campaign) -> None:
    page = visit("phone", java_script_enabled=False)
    page.goto(f"/campaigns/{marked.slug}/heatmap/")
    expect(page.get_by_role("img", name="Map of the cells")).to_be_visible()
    expect(page.locator("svg .heat-cell")).to_have_count(2)
    expect(page.get_by_role("row")).to_have_count(3)


@pytest.mark.parametrize("device", DEVICES)
def test_map_is_accessible(
    visit: type_of_visit, device: Device, marked: Campaign, protected: Campaign
) -> None:
    page = visit(device)
    judge = Judge(page)
    for campaign in (marked, protected):
        judge.open(f"/campaigns/{campaign.slug}/heatmap/", ready=".leaflet-pane .heat-cell")
        assert page.evaluate("document.documentElement.scrollWidth") <= DEVICES[device]["viewport"]["width"]
    judge.open(f"/campaigns/{marked.slug}/heatmap/?category=survey")
    assert not judge.found, "\n".join(judge.found)
