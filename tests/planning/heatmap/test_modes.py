"""Two selections side by side, the change between two periods, and what a cell holds."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from mapping.aggregation.heatmap.contents import contributions_in
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.problems import QueryProblem
from mapping.geo.crs import LAEA, transform_positions
from mapping.geo.grid import cell_of
from mapping.geo.hexagon import hexagon_of
from mapping.models import Campaign, ContributionStatus, DistrictLayer
from tests import personas
from tests.filtering import filtered
from tests.personas import STATION, TOWN_HALL, staff_browser


@pytest.fixture
def browser(analyst: User) -> Client:
    return staff_browser(analyst)


def page(campaign: Campaign) -> str:
    return reverse("planning:heatmap", args=(campaign.slug,))


def day(number: int) -> datetime:
    return datetime(2026, 5, number, 12, tzinfo=UTC)


def square_at(place: tuple[float, float], size: int) -> str:
    return cell_of(*metres(place), size).id


def hexagon_at(place: tuple[float, float], size: int) -> str:
    return hexagon_of(*metres(place), size).id


def metres(place: tuple[float, float]) -> tuple[float, float]:
    [(east, north)] = transform_positions(np.array([place]), 4326, LAEA)
    return float(east), float(north)


def test_two_selections_are_told_side_by_side(campaign: Campaign, browser: Client) -> None:
    for place in (TOWN_HALL, TOWN_HALL, STATION):
        personas.make_contribution(campaign, place)
    personas.make_contribution(campaign, TOWN_HALL, category="anything")
    query = {"mode": "compare", "category": "spot", "b.category": "anything", "view": "table"}
    shown = browser.get(page(campaign), query).context
    totals = {row.title: (row.first, row.second, row.value) for row in shown["difference"]}
    assert (3, 1, -2) in totals.values()
    assert shown["difference"][0].per_cent == -67
    assert [[number.value for number in row.numbers] for row in shown["table"].rows] in (
        [[2, 1, -1], [1, 0, -1]],
        [[1, 0, -1], [2, 1, -1]],
    )
    assert browser.get(shown["cells_url"]).json()["totals"]["contributions"] == 3
    assert browser.get(shown["other_url"]).json()["totals"]["contributions"] == 1


def test_the_rail_edits_one_side_and_carries_the_other(campaign: Campaign, browser: Client) -> None:
    query = {"mode": "compare", "category": "spot", "b.category": "anything", "side": "b"}
    answer = browser.get(page(campaign), query)
    assert ("category", "spot") in answer.context["carried"]
    assert 'name="b.category"' in answer.content.decode()
    assert [side.is_edited for side in answer.context["sides"]] == [False, True]


def test_change_compares_the_halves_unless_told_otherwise(campaign: Campaign, browser: Client) -> None:
    for number in (1, 2, 9):
        personas.make_contribution(campaign, created_at=day(number))
    shown = browser.get(page(campaign), {"mode": "change", "view": "table"}).context
    chosen = shown["filter"]
    assert str(chosen.before.interval) == "2026-05-01/2026-05-05"
    assert str(chosen.after.interval) == "2026-05-06/2026-05-09"
    [row] = shown["table"].rows
    assert [number.value for number in row.numbers] == [2, 1, -1, None]
    assert browser.get(shown["change_url"]).json()["cells"][0][2:5] == [2, 1, -1]
    assert [(row.first, row.second) for row in shown["difference"][:3]] == [(5, 4), (2, 1), (0.4, 0.25)]


def test_change_fills_in_the_side_that_is_open(campaign: Campaign, browser: Client) -> None:
    for number in (1, 20):
        personas.make_contribution(campaign, created_at=day(number))
    chosen = browser.get(page(campaign), {"mode": "change", "after_start": "2026-05-15"}).context["filter"]
    assert str(chosen.before.interval) == "2026-05-01/2026-05-14"
    assert str(chosen.after.interval) == "2026-05-15/2026-05-20"


def test_change_of_an_empty_campaign_is_a_page(campaign: Campaign, browser: Client) -> None:
    for view in ("map", "table"):
        assert browser.get(page(campaign), {"mode": "change", "view": view}).status_code == 200


def test_overlapping_periods_are_refused_in_words(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign, created_at=day(1))
    query = {
        "mode": "change",
        "view": "table",
        "before_start": "2026-05-01",
        "before_end": "2026-05-09",
        "after_start": "2026-05-05",
        "after_end": "2026-05-12",
    }
    shown = browser.get(page(campaign), query).context["table"]
    assert shown.problem
    assert not shown.rows


def test_a_cell_tells_categories_words_and_texts(campaign: Campaign, browser: Client) -> None:
    person = personas.make_participant(campaign)
    for number in range(5):
        personas.make_contribution(
            campaign,
            by=person,
            text=f"Laterne {number} ist kaputt",
            created_at=day(1) + timedelta(days=number),
        )
    personas.make_contribution(campaign, category="anything", text="")
    personas.make_contribution(campaign, STATION, text="Elsewhere")
    cell = square_at(TOWN_HALL, 200)
    shown = browser.get(page(campaign), {"cell": cell}).context["cell"]
    assert (shown.number, shown.participants, shown.texts) == (6, 2, 5)
    assert [(one.category.slug, one.number) for one in shown.categories] == [("spot", 5), ("anything", 1)]
    assert ("Laterne", 5) in shown.words
    assert [one.contribution.text for one in shown.said][:2] == [
        "Laterne 4 ist kaputt",
        "Laterne 3 ist kaputt",
    ]
    alone = browser.get(
        reverse("planning:heatmap-cell", args=(campaign.slug,)), {"cell": cell}
    ).content.decode()
    assert "Laterne 4 ist kaputt" in alone
    assert "Elsewhere" not in alone


def test_texts_lead_to_the_queue_for_those_who_review(campaign: Campaign) -> None:
    made = personas.make_contribution(campaign)
    cell = square_at(TOWN_HALL, 200)
    for role, leads in ((Role.ANALYST, False), (Role.MANAGER, True)):
        user = personas.make_user(f"{role}@example.org", campaign, role)
        [said] = staff_browser(user).get(page(campaign), {"cell": cell}).context["cell"].said
        assert (str(made.pk) in said.address) is leads


def test_a_cell_follows_the_filter(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign)
    personas.make_contribution(campaign, status=ContributionStatus.PENDING, text="Waiting")
    cell = square_at(TOWN_HALL, 200)
    assert browser.get(page(campaign), {"cell": cell}).context["cell"].number == 1
    both = browser.get(page(campaign), {"cell": cell, "status": ["published", "pending"]}).context["cell"]
    assert both.number == 2


def test_looking_into_a_cell_of_a_protected_campaign_is_recorded(
    cells_campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    user = personas.make_user("a@example.org", cells_campaign, Role.ANALYST)
    with caplog.at_level("INFO", logger="geoparticipation.access"):
        staff_browser(user).get(reverse("planning:heatmap-cell", args=(cells_campaign.slug,)))
    assert f"user={user.pk} campaign={cells_campaign.slug} view=heatmap-cell" in caplog.text


def test_every_grid_finds_what_its_cell_holds(campaign: Campaign) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    district = layer.districts.create(code="all", name="Everything", geom=personas.area())
    campaign.district_layer = layer
    campaign.save()
    here = personas.make_contribution(campaign, TOWN_HALL)
    there = personas.make_contribution(campaign, STATION)
    line = personas.make_contribution(
        campaign, f"LINESTRING({TOWN_HALL[0]} {TOWN_HALL[1]}, {STATION[0]} {STATION[1]})", category="street"
    )
    square = HeatmapQuery(campaign.pk, 100)
    hexagon = HeatmapQuery(campaign.pk, 100, grid="hexagon")
    wards = HeatmapQuery(campaign.pk, filter=filtered(districts=(district.code,)), grid="district")
    assert set(contributions_in(square, square_at(TOWN_HALL, 100), limit=9)) == {here.pk, line.pk}
    assert set(contributions_in(hexagon, hexagon_at(STATION, 100), limit=9)) == {there.pk, line.pk}
    assert set(contributions_in(wards, "all", limit=9)) == {here.pk, there.pk, line.pk}
    assert len(contributions_in(wards, "all", limit=2)) == 2
    assert contributions_in(wards, "nowhere", limit=9) == []
    with pytest.raises(QueryProblem, match="unknown_cell"):
        contributions_in(hexagon, square_at(TOWN_HALL, 100), limit=9)
    with pytest.raises(QueryProblem, match="unknown_cell"):
        contributions_in(square, square_at(TOWN_HALL, 500), limit=9)


def test_charts_may_come_after_the_map(campaign: Campaign, browser: Client) -> None:
    personas.make_contribution(campaign)
    assert browser.get(page(campaign), headers={"X-Charts-Later": "1"}).context["facts"] is None
    charts = reverse("planning:heatmap-charts", args=(campaign.slug,))
    for query in ("", "?mode=compare&side=b&b.category=spot", "?mode=change"):
        alone = browser.get(charts + query).content.decode()
        assert 'id="heatmap-charts"' in alone
        assert "category-bar" in alone
