"""The heat map's page: filters in the address, facts, table, warnings."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign, ContributionStatus, DistrictLayer
from mapping.planning.heatmap.tables import Table
from tests import personas
from tests.personas import STATION, TOWN_HALL, UNIVERSITY, staff_browser


@pytest.fixture
def browser(analyst: User) -> Client:
    return staff_browser(analyst)


def page(campaign: Campaign) -> str:
    return reverse("planning:heatmap", args=(campaign.slug,))


def numbers_of(table: Table) -> list[list[float | None]]:
    return [[number.value for number in row.numbers] for row in table.rows]


def day(number: int) -> datetime:
    return datetime(2026, 5, number, 12, tzinfo=UTC)


def give_districts(campaign: Campaign) -> None:
    """One district that covers the whole area."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    layer.districts.create(code="all", name="Everything", geom=personas.area())
    campaign.district_layer = layer
    campaign.save()


def test_totals_count_places_people_and_the_rest(campaign: Campaign, browser: Client) -> None:
    person = personas.make_participant(campaign)
    personas.make_contribution(campaign, by=person)
    personas.make_contribution(campaign, STATION, by=person)
    personas.make_contribution(campaign, UNIVERSITY)
    personas.make_contribution(campaign, UNIVERSITY, status=ContributionStatus.PENDING)
    shown = browser.get(page(campaign)).context
    assert (shown["totals"].contributions, shown["totals"].participants) == (3, 2)
    assert shown["cell_number"] == 3


def test_status_filter_reaches_what_is_not_public(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign)
    personas.make_contribution(campaign, STATION, status=ContributionStatus.PENDING)
    shown = browser.get(page(campaign), {"status": ["published", "pending"]}).context
    assert shown["totals"].contributions == 2
    assert "status=published%2Cpending" in shown["cells_url"]


def test_category_and_dates_filter(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign, created_at=day(1))
    personas.make_contribution(campaign, created_at=day(2), category="anything")
    personas.make_contribution(campaign, created_at=day(3), category="anything")
    shown = browser.get(
        page(campaign), {"category": "anything", "start": "2026-05-03", "end": "2026-05-09"}
    ).context
    assert shown["totals"].contributions == 1
    numbers = {bar.category.slug: (bar.number, bar.is_chosen) for bar in shown["facts"].categories}
    assert numbers["anything"] == (1, True)
    assert numbers["spot"] == (0, False)


def test_the_map_asks_the_api_for_the_same(campaign: Campaign, browser: Client) -> None:
    for number, place in enumerate((TOWN_HALL, TOWN_HALL, STATION), start=1):
        personas.make_contribution(campaign, place, created_at=day(number))
    shown = browser.get(page(campaign), {"size": "500", "end": "2026-05-02"}).context
    compact = browser.get(shown["cells_url"]).json()
    assert compact["totals"]["contributions"] == shown["totals"].contributions == 2
    assert [cell[2:] for cell in compact["cells"]] == [[2, 2]]
    assert compact["size"] == 500
    download = browser.get(shown["geojson_url"]).json()
    assert download["features"][0]["properties"] == {"contributions": 2, "participants": 2}


def test_table_ranks_the_cells(campaign: Campaign, browser: Client) -> None:
    person = personas.make_participant(campaign)
    for _ in range(3):
        personas.make_contribution(campaign, STATION, by=person)
    for _ in range(2):
        personas.make_contribution(campaign, UNIVERSITY)
    by_number = browser.get(page(campaign), {"view": "table"}).context["table"]
    assert numbers_of(by_number) == [[3, 1], [2, 2]]
    by_people = browser.get(page(campaign), {"view": "table", "measure": "participants"}).context["table"]
    assert numbers_of(by_people) == [[2, 2], [3, 1]]
    assert by_number.rows[0].name in by_number.rows[0].address


@pytest.mark.parametrize(("people", "warned"), [(0, False), (1, True), (29, True), (30, False)])
def test_few_people_are_warned_about(campaign: Campaign, browser: Client, people: int, warned: bool) -> None:
    for _ in range(people):
        personas.make_contribution(campaign)
    shown = browser.get(page(campaign)).context
    assert shown["counted"].has_few is warned
    assert shown["may_test"] is (people >= 30)


def test_unknown_people_are_not_called_zero(campaign: Campaign, browser: Client) -> None:
    made = personas.make_contribution(campaign, footprint=False)
    made.participant = None
    made.save()
    from mapping.aggregation import footprint

    footprint.write(made)
    shown = browser.get(page(campaign)).context
    assert shown["counted"].has_nobody
    assert shown["counted"].has_few


def test_timeline_keeps_the_whole_period_in_view(campaign: Campaign, browser: Client) -> None:
    for number in (1, 2, 3):
        personas.make_contribution(campaign, created_at=day(number))
    facts = browser.get(page(campaign), {"start": "2026-05-02", "end": "2026-05-02"}).context["facts"]
    shown = facts.timeline
    assert [bar.is_inside for bar, _address in shown["bars"]] == [False, True, False]


def test_an_empty_campaign_has_an_empty_map(campaign: Campaign, browser: Client) -> None:
    shown = browser.get(page(campaign))
    assert shown.status_code == 200
    assert shown.context["cell_number"] == 0
    assert not shown.context["facts"].timeline


def test_number_of_queries_does_not_grow(
    campaign: Campaign, browser: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        personas.make_contribution(campaign, created_at=day(1) + timedelta(days=number))
    with django_assert_max_num_queries(26):  # type: ignore[operator]
        browser.get(page(campaign), {"view": "table"})


def test_what_cannot_be_counted_is_told_with_a_way_out(
    campaign: Campaign, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_query: object) -> None:
        raise QueryProblem("too_many_cells", parameter="size", size=100, limit=50_000, smallest=500)

    monkeypatch.setattr("mapping.planning.heatmap.parts.heatmap", refuse)
    answer = browser.get(page(campaign), {"size": "100", "view": "table"})
    assert answer.status_code == 200
    assert "size=500" in answer.context["counted"].remedy
    assert answer.context["counted"].problem in answer.content.decode()


@pytest.mark.parametrize("grid", ["square", "hexagon"])
def test_cells_have_their_numbers_on_every_grid(campaign: Campaign, browser: Client, grid: str) -> None:
    for place in (TOWN_HALL, TOWN_HALL, STATION):
        personas.make_contribution(campaign, place)
    shown = browser.get(page(campaign), {"grid": grid, "size": "500", "view": "table"}).context
    assert numbers_of(shown["table"]) == [[2, 2], [1, 1]]
    assert browser.get(shown["cells_url"]).json()["grid"] == grid


def test_districts_are_named(campaign: Campaign, browser: Client) -> None:
    give_districts(campaign)
    personas.make_contribution(campaign, TOWN_HALL)
    shown = browser.get(page(campaign), {"grid": "district", "view": "table"}).context
    assert [row.name for row in shown["table"].rows] == ["Everything"]
    assert "cell=all" in shown["table"].rows[0].address
    assert [(bar.title, bar.number) for bar in shown["facts"].districts] == [("Everything", 1)]
    assert shown["totals"].contributions == 1


def test_districts_are_not_offered_where_there_are_none(campaign: Campaign, browser: Client) -> None:
    shown = browser.get(page(campaign), {"grid": "district"}).context
    assert shown["filter"].grid == "square"
    assert [value for value, _title in shown["grids"]] == ["square", "hexagon"]


def test_support_and_means_are_measures(campaign: Campaign, browser: Client) -> None:
    for scale in (2, 5):
        made = personas.make_contribution(campaign, category="survey", answers={"scale": scale})
        personas.make_support(made)
    support = browser.get(page(campaign), {"measure": "support", "view": "table"}).context
    assert numbers_of(support["table"]) == [[2, 2, 2]]
    mean = browser.get(page(campaign), {"measure": "mean:scale", "view": "table"}).context
    assert numbers_of(mean["table"]) == [[3.5, 2, 2]]
    assert "measure=mean&question=scale" in mean["cells_url"]


def test_weekdays_and_hours_lead_to_themselves_and_back(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(
        campaign, created_at=datetime(2026, 5, 4, 20, 30, tzinfo=UTC)
    )  # a Monday, 22:30
    personas.make_contribution(campaign, created_at=datetime(2026, 5, 5, 9, 0, tzinfo=UTC))
    facts = browser.get(page(campaign)).context["facts"]
    assert [column.number for column in facts.weekdays] == [1, 1, 0, 0, 0, 0, 0]
    late = facts.hours[22]
    assert late.number == 1
    shown = browser.get(late.address).context
    assert shown["totals"].contributions == 1
    assert [column.is_chosen for column in shown["facts"].hours].index(True) == 22
    assert browser.get(shown["facts"].hours[22].address).context["totals"].contributions == 2


def test_hot_spots_are_asked_for_only_where_enough_people_stand_behind(
    campaign: Campaign, browser: Client
) -> None:
    personas.make_contribution(campaign)
    shown = browser.get(page(campaign), {"hotspots": "1"})
    assert "hotspots_url" not in shown.context
    for _ in range(29):
        personas.make_contribution(campaign)
    address = browser.get(page(campaign), {"hotspots": "1"}).context["hotspots_url"]
    assert browser.get(address).status_code == 200


def test_a_surface_states_its_bandwidth(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign)
    shown = browser.get(page(campaign), {"bandwidth": "500"}).context
    assert browser.get(shown["surface_url"]).json()["bandwidth"] == 500
    assert any("500" in statement.words for statement in shown["method"])


def test_the_method_names_grid_filter_and_protection(cells_campaign: Campaign) -> None:
    analyst = personas.make_user("a@example.org", cells_campaign, Role.ANALYST)
    shown = staff_browser(analyst).get(page(cells_campaign), {"size": "500", "category": "spot"}).context
    words = {statement.title: statement.words for statement in shown["method"]}
    told = " ".join(words.values())
    assert "500 m" in told
    assert "EPSG:3035" in told
    assert "Spot" in told
    assert str(cells_campaign.k) in told
