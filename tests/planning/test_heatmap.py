"""The heat map's page: filters in the address, facts, table, warnings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, ContributionStatus
from mapping.planning.heatmap_filter import HeatmapFilter
from tests import personas
from tests.personas import STATION, TOWN_HALL, UNIVERSITY, staff_browser


@pytest.fixture
def browser(analyst: User) -> Client:
    return staff_browser(analyst)


def page(campaign: Campaign) -> str:
    return reverse("planning:heatmap", args=(campaign.slug,))


def day(number: int) -> datetime:
    return datetime(2026, 5, number, 12, tzinfo=UTC)


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
    numbers = {bar.category.slug: (bar.number, bar.is_chosen) for bar in shown["bars"]}
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
    download = browser.get(shown["cells_download"]).json()
    assert download["features"][0]["properties"] == {"contributions": 2, "participants": 2}


def test_table_ranks_the_cells(campaign: Campaign, browser: Client) -> None:
    person = personas.make_participant(campaign)
    for _ in range(3):
        personas.make_contribution(campaign, STATION, by=person)
    for _ in range(2):
        personas.make_contribution(campaign, UNIVERSITY)
    by_number = browser.get(page(campaign), {"view": "table"}).context["rows"]
    assert [(row.contributions, row.participants) for row in by_number] == [(3, 1), (2, 2)]
    by_people = browser.get(page(campaign), {"view": "table", "count": "participants"}).context["rows"]
    assert [(row.contributions, row.participants) for row in by_people] == [(2, 2), (3, 1)]
    assert by_number[0].id in by_number[0].address


@pytest.mark.parametrize(("people", "warned"), [(0, False), (1, True), (29, True), (30, False)])
def test_few_people_are_warned_about(campaign: Campaign, browser: Client, people: int, warned: bool) -> None:
    for _ in range(people):
        personas.make_contribution(campaign)
    assert browser.get(page(campaign)).context["has_few"] is warned


def test_unknown_people_are_not_called_zero(campaign: Campaign, browser: Client) -> None:
    made = personas.make_contribution(campaign, footprint=False)
    made.participant = None
    made.save()
    from mapping.aggregation import footprint

    footprint.write(made)
    shown = browser.get(page(campaign)).context
    assert shown["has_nobody"]
    assert not shown["has_few"]


def test_timeline_keeps_the_whole_period_in_view(campaign: Campaign, browser: Client) -> None:
    for number in (1, 2, 3):
        personas.make_contribution(campaign, created_at=day(number))
    shown = browser.get(page(campaign), {"start": "2026-05-02", "end": "2026-05-02"}).context["timeline"]
    assert [bar.is_inside for bar, _address in shown["bars"]] == [False, True, False]


def test_an_empty_campaign_has_an_empty_map(campaign: Campaign, browser: Client) -> None:
    shown = browser.get(page(campaign))
    assert shown.status_code == 200
    assert shown.context["cell_number"] == 0
    assert not shown.context["timeline"]


@pytest.mark.parametrize(
    "query",
    [
        "size=7&category=nope&start=2026-13-40&end=x&status=withdrawn&count=cows&view=globe&cell=here",
        "size=%00&start=0000-00-00&category=%00",
        "start=2026-05-09&end=2026-05-01",
        "status=pending&status=rejected&cell=CRS3035RES200mN2928200E4159200",
    ],
)
def test_nonsense_in_the_address_falls_back(campaign: Campaign, browser: Client, query: str) -> None:
    assert browser.get(f"{page(campaign)}?{query}").status_code == 200


def test_the_address_holds_the_whole_filter(campaign: Campaign) -> None:
    known = list(campaign.categories.all())
    chosen = HeatmapFilter(
        size=1000,
        categories=("spot", "idea"),
        start=date(2026, 5, 1),
        end=date(2026, 5, 9),
        statuses=("published", "rejected"),
        count="participants",
        view="table",
    )
    address = chosen.address(campaign)
    assert HeatmapFilter.of(QueryDict(address.split("?")[1]), known) == chosen
    assert HeatmapFilter().address(campaign) == page(campaign)


def test_dates_the_wrong_way_round_are_turned(campaign: Campaign) -> None:
    chosen = HeatmapFilter.of(QueryDict("start=2026-05-09&end=2026-05-01"), [])
    assert (chosen.start, chosen.end) == (date(2026, 5, 1), date(2026, 5, 9))


def test_clicking_categories(campaign: Campaign) -> None:
    known = list(campaign.categories.all())
    alone = HeatmapFilter().toggled("spot", known)
    assert alone == ("spot",)
    both = HeatmapFilter(categories=alone).toggled("idea", known)
    assert both == ("spot", "idea")
    assert HeatmapFilter(categories=alone).toggled("spot", known) == ()


def test_number_of_queries_does_not_grow(
    campaign: Campaign, browser: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        personas.make_contribution(campaign, created_at=day(1) + timedelta(days=number))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        browser.get(page(campaign), {"view": "table"})
