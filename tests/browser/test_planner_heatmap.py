"""Planners read the heat map: filters, grids, cells, two maps, change, hot spots; with the keyboard and on a phone."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from mapping.models import Campaign, ContributionStatus, DistrictLayer
from tests import personas
from tests.browser.judge import Judge
from tests.personas import EPOCH, STATION, TOWN_HALL, UNIVERSITY
from tests.surveys.answering import answer, times
from tests.surveys.world import ask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Visit = Callable[..., Page]


@pytest.fixture
def places(campaign: Campaign) -> Campaign:
    """Three at the station by two people, two at the university, one at the town hall that waits; one district."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    layer.districts.create(code="all", name="Everything", geom=personas.area())
    campaign.district_layer = layer
    campaign.save()
    person = personas.make_participant(campaign)
    moments = [EPOCH + timedelta(days=number) for number in range(6)]
    personas.make_contribution(campaign, STATION, by=person, created_at=moments[0], text="A lamp is missing.")
    personas.make_contribution(campaign, STATION, by=person, created_at=moments[1])
    personas.make_contribution(campaign, STATION, created_at=moments[2])
    personas.make_contribution(campaign, UNIVERSITY, category="anything", created_at=moments[3])
    personas.make_contribution(campaign, UNIVERSITY, category="anything", created_at=moments[4])
    personas.make_contribution(campaign, TOWN_HALL, created_at=moments[5], status=ContributionStatus.PENDING)
    return campaign


@pytest.fixture
def crowd(places: Campaign) -> Campaign:
    """Enough people around the station to tell a hot spot."""
    for number in range(40):
        personas.make_contribution(places, (STATION[0] + number % 5 / 2000, STATION[1] + number % 4 / 3000))
    return places


def heatmap(campaign: Campaign, query: str = "") -> str:
    return f"/planning/{campaign.slug}/heatmap/{query}"


def legend(page: Page) -> list[str]:
    """The lines of the legend."""
    expect(page.locator("[data-legend-classes] li").first).to_be_visible()
    lines = page.locator("[data-legend-classes] li").all_inner_texts()
    return [re.sub(r"\s+", " ", line).strip() for line in lines]


def total(page: Page, name: str) -> Locator:
    return page.locator(".total", has_text=name).locator("dd")


def card(page: Page) -> Locator:
    return page.locator("[data-cell-card]")


def test_heat_map_shows_the_right_counts(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places))
    assert legend(page) == ["2 1 cell", "3 1 cell"]
    expect(total(page, "Contributions")).to_have_text("5")
    expect(total(page, "Contributors")).to_have_text("4")
    expect(page.get_by_text("Only 4 contributors stand behind this map.")).to_be_visible()
    page.get_by_role("button", name="Next emptier cell").click()
    expect(card(page)).to_contain_text("3 contributions · 2 contributors")
    page.get_by_role("button", name="Next emptier cell").click()
    expect(card(page)).to_contain_text("2 contributions · 2 contributors")
    expect(page).to_have_url(re.compile("cell=CRS3035RES200m"))


def test_heat_map_filters_and_keeps_them_in_the_address(
    visit: Visit, analyst: User, places: Campaign
) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places))
    legend(page)
    page.get_by_label("Count", exact=True).select_option("participants")
    expect(page.locator("[data-legend-title]")).to_contain_text("Contributors per cell of 200 m")
    page.get_by_text("Further filters").click()
    page.locator("#status-pending").check(force=True)
    expect(total(page, "Contributions")).to_have_text("6")
    page.locator("#category-anything").check()
    expect(total(page, "Contributions")).to_have_text("2")
    for part in ("measure=participants", "status=pending", "category=anything"):
        expect(page).to_have_url(re.compile(part))
    page.reload()
    legend(page)
    expect(total(page, "Contributions")).to_have_text("2")
    page.get_by_role("link", name="Reset the filter").click()
    expect(total(page, "Contributions")).to_have_text("5")
    expect(page.locator("#category-anything")).not_to_be_checked()


def test_grids_and_classes_change_what_is_drawn(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places))
    legend(page)
    page.get_by_role("radio", name="Hexagons").check(force=True)
    expect(page.locator("[data-legend-title]")).to_contain_text("Contributions per hexagon, edge 200 m")
    page.get_by_role("radio", name="Districts").check(force=True)
    expect(page.locator("[data-legend-title]")).to_contain_text("Contributions per district")
    expect(page.get_by_label("Length of an edge")).to_be_hidden()
    assert legend(page) == ["5 1 district"]
    page.get_by_role("radio", name="Squares").check(force=True)
    page.get_by_text("Display", exact=True).click()
    page.get_by_label("Colour classes").select_option("manual")
    page.get_by_label("Highest value of each class but the last").fill("1, 2")
    expect(page.locator("[data-legend-classes]")).to_contain_text("0 cells")
    assert legend(page) == ["1 0 cells", "2 1 cell", "3 1 cell"]
    expect(page).to_have_url(re.compile(r"\?classes=manual&limits=1%2C2#"))


def test_bars_lead_to_their_part_and_back(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places))
    legend(page)
    bar = page.get_by_role("link", name=re.compile("^Anything"))
    bar.click()
    expect(total(page, "Contributions")).to_have_text("2")
    expect(page.locator("#category-anything")).to_be_checked()
    # The bars follow the map; then the same bar leads back.
    expect(page.locator("#heatmap-charts:not([data-busy])")).to_be_attached()
    bar.click()
    expect(total(page, "Contributions")).to_have_text("5")
    page.locator(".facts-block", has_text="Per hour").locator("a").nth(12).click()
    expect(page).to_have_url(re.compile("hour_from=12&hour_to=13"))
    expect(page.get_by_label("Time of day").or_(page.locator("#hour-from"))).to_have_value("12")


def test_the_keyboard_keeps_its_place_while_people_filter(
    visit: Visit, analyst: User, places: Campaign
) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places))
    legend(page)
    page.get_by_text("Method", exact=True).click()
    bar = page.get_by_role("link", name=re.compile("^Anything"))
    bar.focus()
    page.keyboard.press("Enter")
    expect(total(page, "Contributions")).to_have_text("2")
    expect(page.locator("#heatmap-charts:not([data-busy])")).to_be_attached()
    expect(bar).to_be_focused()
    expect(page.locator("#heatmap-method")).to_contain_text("Categories: Anything")
    expect(page.locator("#heatmap-method dl")).to_be_visible()


def test_charts_of_a_large_campaign_follow_the_map(
    visit: Visit, analyst: User, places: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping.planning.heatmap.page.MOST_WITH_CHARTS", 4)
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places))
    expect(page.get_by_role("link", name=re.compile("^Anything"))).to_be_visible()
    legend(page)


def test_pointing_at_a_cell_tells_what_is_in_it(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places, f"#17/{STATION[1]}/{STATION[0]}"))
    legend(page)
    box = page.locator("[data-heatmap-map]").bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    expect(card(page)).to_contain_text("3 contributions · 2 contributors")
    page.mouse.click(*middle)
    page.mouse.move(box["x"] + 3, box["y"] + box["height"] / 2)
    expect(card(page)).to_contain_text("Rank 1 of 2")
    expect(page.locator(".cell-mark").first).to_be_attached()
    contents = page.get_by_role("region", name="Chosen cell")
    expect(contents.get_by_role("heading")).to_have_text("3 contributions in this cell")
    expect(contents).to_contain_text("A lamp is missing.")
    page.get_by_role("button", name="Let go of this cell").click()
    expect(contents.get_by_role("heading")).to_have_count(0)


@pytest.mark.parametrize("grid", ["square", "hexagon", "district"])
def test_cells_are_painted_where_people_placed(
    visit: Visit, analyst: User, places: Campaign, grid: str
) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places, f"?grid={grid}#16/{STATION[1]}/{STATION[0]}"))
    legend(page)
    painted = page.evaluate(
        """() => {
            const canvas = document.querySelector("canvas.cells");
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            const opacity = (x, y) => data[(Math.round(y) * width + Math.round(x)) * 4 + 3];
            return { middle: opacity(width / 2, height / 2), corner: opacity(2, 2) };
        }"""
    )
    assert painted["middle"] == 255
    assert painted["corner"] == (255 if grid == "district" else 0)
    page.get_by_role("button", name="Next emptier cell").click()
    box = page.locator("[data-heatmap-map]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(card(page)).to_contain_text("Rank 1 of" if grid != "district" else "Everything")


def test_two_selections_side_by_side(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places))
    legend(page)
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("Both maps have the same filter.")).to_be_visible()
    legend(page)
    page.locator("#category-anything").check()
    expect(page.locator(".difference")).to_contain_text(re.compile(r"Contributions\s*5\s*2\s*−3"))
    expect(page.locator("#heatmap-side-b")).to_contain_text("Anything")
    expect(page.locator("#heatmap-side-a")).to_contain_text("all published contributions")
    expect(page.locator("[data-legend-classes]")).to_contain_text("A 1 · B 0")
    page.get_by_role("button", name="Next emptier cell").click()
    expect(card(page)).to_contain_text("A: 3 · B: 0 · difference −3")
    views = page.evaluate("() => [...document.querySelectorAll('.leaflet-map-pane')].length")
    assert views == 2
    first = page.get_by_role("application", name=re.compile("Heat map A"))
    first.press("+")
    expect(page).to_have_url(re.compile("#"))
    scales = page.locator(".leaflet-control-scale-line")
    expect(scales.nth(1)).to_have_text(scales.nth(0).inner_text())
    page.get_by_role("link", name="Filter of map A").click()
    expect(page.locator("#category-anything")).not_to_be_checked()
    expect(page).to_have_url(re.compile("b.category=anything"))


def test_change_between_two_periods(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(places, "?mode=change"))
    assert legend(page) == ["+2 1 cell", "−3 1 cell"]
    expect(page.locator("[data-legend-note]")).to_contain_text("Too few contributors")
    page.get_by_role("button", name="Next emptier cell").click()
    expect(card(page)).to_contain_text("3 before, 0 after: −3")
    page.get_by_role("group", name="Earlier").get_by_label("From").fill("2026-05-02")
    expect(page.locator("[data-legend-classes]")).to_contain_text("−2")


def test_hot_spots_are_outlined_or_refused_with_a_reason(
    visit: Visit, analyst: User, crowd: Campaign
) -> None:
    page = visit("desktop", user=analyst)
    page.goto(heatmap(crowd))
    legend(page)
    page.get_by_text("Display", exact=True).click()
    page.get_by_label("Outline hot spots").check()
    expect(page.locator("[data-legend-classes]")).to_contain_text("Hot spot")
    outlined = page.evaluate(
        """() => {
            const canvas = document.querySelector("canvas.cell-outlines");
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return data.some((value, index) => index % 4 === 3 && value > 0);
        }"""
    )
    assert outlined
    page.get_by_label("Smooth surface").select_option("500")
    expect(page.locator("[data-legend-title]")).to_contain_text("smoothed over 500 m")
    expect(page.locator("img.surface")).to_be_attached()
    page.goto(heatmap(crowd, "?category=anything&hotspots=1"))
    legend(page)
    page.locator("[data-fold=display] summary").click()
    expect(page.get_by_label("Outline hot spots")).to_be_disabled()
    expect(page.get_by_text("significance cannot be told")).to_be_attached()


def test_what_cannot_be_shown_leaves_no_old_cells(
    visit: Visit, analyst: User, places: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = visit("desktop", user=analyst)
    page.watch.allow("status of 400")  # type: ignore[attr-defined]
    page.goto(heatmap(places, "?size=10000"))
    legend(page)
    monkeypatch.setattr("mapping.aggregation.heatmap.counts.MOST_CELLS", 1)
    page.get_by_label("Length of an edge").select_option("100")
    expect(page.locator("[data-legend-title]")).to_have_text("Nothing is shown")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(card(page)).to_be_hidden()
    page.get_by_role("link", name="Show the smallest cells that work").click()
    legend(page)
    expect(page.get_by_label("Length of an edge")).not_to_have_value("100")


def test_the_link_leads_to_exactly_this_view(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst, permissions=["clipboard-read", "clipboard-write"])
    page.goto(heatmap(places, "?category=anything&size=500"))
    legend(page)
    page.get_by_role("button", name="Next emptier cell").click()
    page.get_by_role("button", name="Copy the link to this view").click()
    expect(page.get_by_text("The link was copied")).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")
    assert link == page.url
    assert "cell=CRS3035RES500m" in link
    page.goto("about:blank")
    page.goto(link)
    expect(card(page)).to_contain_text("2 contributions")
    assert page.url == link


def test_table_says_the_same_without_scripts(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("desktop", user=analyst, java_script_enabled=False)
    page.goto(heatmap(places))
    page.get_by_role("link", name="Table").click()
    rows = page.locator(".heatmap-table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(re.compile(r"CRS3035RES200mN\d+E\d+\s*3\s*2"))
    page.locator("#grid-hexagon").check(force=True)
    page.get_by_role("button", name="Show").click()
    expect(rows.first).to_contain_text(re.compile(r"HEX3035E200I\d+J\d+\s*3\s*2"))
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("region", name="Chosen cell")).to_contain_text("A lamp is missing.")
    page.goto(heatmap(places, "?mode=change&view=table"))
    expect(rows.first).to_contain_text(re.compile(r"3\s*0\s*−3"))


def test_heat_map_on_a_phone(visit: Visit, analyst: User, places: Campaign) -> None:
    page = visit("phone", user=analyst)
    for query in ("", "?mode=compare"):
        page.goto(heatmap(places, query))
        legend(page)
        page.locator(".heatmap-rail__summary").click()
        page.get_by_label("Length of an edge").select_option("1000")
        expect(page.locator("[data-legend-title]")).to_contain_text("per cell of 1,000 m")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_every_state_is_accessible(visit: Visit, analyst: User, crowd: Campaign, device: str) -> None:
    judge = Judge(page := visit(device, user=analyst))
    ready = "[data-legend-classes] li"
    judge.open(heatmap(crowd, "?hotspots=1"), "hot spots", ready=ready)
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.get_by_role("button", name="Next emptier cell").click()
    expect(page.get_by_role("region", name="Chosen cell").get_by_role("heading")).to_be_visible()
    judge.judge("everything open, a cell chosen")
    judge.open(heatmap(crowd, "?mode=compare&b.category=anything&side=b"), "two maps", ready=ready)
    judge.open(heatmap(crowd, "?mode=change"), "change", ready=ready)
    judge.open(heatmap(crowd, "?mode=change&view=table&grid=hexagon"), "change as a table")
    judge.open(heatmap(crowd, "?grid=district&bandwidth=500"), "surface", ready=ready)
    assert not judge.found, "\n".join(judge.found)


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_places_of_the_survey_lie_over_the_cells(
    visit: Visit, analyst: User, places: Campaign, device: str
) -> None:
    ask(places, "home", "place", title="Where do you live?")
    for place, number in ((STATION, 9), (TOWN_HALL, 1), ((STATION[0] + 0.006, STATION[1] - 0.003), 30)):
        answer(places, *times(number, home={"type": "Point", "coordinates": place}))
    page = visit(device, user=analyst)
    judge = Judge(page)
    page.goto(heatmap(places))
    assert legend(page)
    expect(page.locator(".survey-place")).to_have_count(0)
    if device == "phone":
        page.locator(".heatmap-rail__summary").click()
    page.locator("[data-fold=display] summary").click()
    page.get_by_label("Places from the survey").select_option(label="Where do you live?")
    expect(page.locator(".survey-place")).to_have_count(3)
    expect(page.get_by_text("Circles: answers to “Where do you live?”")).to_be_visible()
    expect(page).to_have_url(re.compile("places=home"))
    judge.judge("places of the survey")
    page.reload()
    expect(page.locator(".survey-place")).to_have_count(3)
    if device == "desktop":
        page.locator(".survey-place").first.hover()
        expect(page.locator(".leaflet-tooltip")).to_have_text(re.compile("answer"))
    page.locator("[data-fold=display]").evaluate("details => { details.open = true; }")
    if device == "phone":
        page.locator(".heatmap-rail__summary").click()
    page.get_by_label("Places from the survey").select_option(label="Off")
    expect(page.locator(".survey-place")).to_have_count(0)
    assert not judge.found, "\n".join(judge.found)
