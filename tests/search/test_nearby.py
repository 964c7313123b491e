"""Public contributions near a place: of the campaign and category alone, the nearest first."""

import pytest
from django.contrib.gis.geos import GEOSGeometry
from pytest_django import DjangoAssertNumQueries

from mapping.models import Campaign, ContributionStatus
from mapping.search.nearby import MOST_NEARBY, nearby
from tests import personas
from tests.personas import TOWN_HALL, Citizen, wkt

pytestmark = pytest.mark.django_db

NORTH = 0.0004
"""Degrees of latitude: 44 m."""


def beside(steps: float) -> tuple[float, float]:
    return TOWN_HALL[0], TOWN_HALL[1] + steps * NORTH


def texts(campaign: Campaign, place: str | tuple[float, float] | GEOSGeometry = TOWN_HALL) -> list[str]:
    return [one.text for one in nearby(campaign, wkt(place))]


def test_what_is_near_is_found_and_the_nearest_comes_first(campaign: Campaign) -> None:
    for steps in (2, 0, 1, 3):
        personas.make_contribution(campaign, beside(steps), text=f"{steps}")
    assert texts(campaign) == ["0", "1", "2"]
    metres = [one.metres for one in nearby(campaign, wkt(TOWN_HALL))]  # type: ignore[attr-defined]
    assert metres == pytest.approx([0, 44.5, 89], abs=0.5)


def test_lines_and_areas_count_from_their_nearest_point(campaign: Campaign) -> None:
    lon, lat = TOWN_HALL
    far = f"LINESTRING({lon} {lat}, {lon + 0.02} {lat})"
    personas.make_contribution(campaign, far, category="street", text="A long line")
    personas.make_contribution(campaign, personas.area()[0], category="meadow", text="All around")
    assert sorted(texts(campaign, beside(1))) == ["A long line", "All around"]
    assert texts(campaign, far.replace(str(lat), str(lat + NORTH))) == ["All around", "A long line"]


def test_only_one_category_and_nothing_of_oneself(campaign: Campaign, citizen: Citizen) -> None:
    personas.make_contribution(campaign, text="Mine", by=citizen)
    personas.make_contribution(campaign, category="survey", text="Another topic")
    personas.make_contribution(campaign, text="Another spot")
    category = personas.category_of(campaign, "spot")
    found = nearby(campaign, wkt(TOWN_HALL), category=category, without=citizen.participant(campaign))
    assert [one.text for one in found] == ["Another spot"]


@pytest.mark.parametrize("status", [ContributionStatus.PENDING, ContributionStatus.REJECTED])
def test_what_is_not_public_is_never_found(campaign: Campaign, status: ContributionStatus) -> None:
    personas.make_contribution(campaign, status=status)
    assert texts(campaign) == []


def test_nothing_of_drafts_and_protected_campaigns_is_found(campaign: Campaign) -> None:
    for other in (
        personas.make_campaign("draft", is_draft=True),
        personas.make_campaign("cells", publication="cells"),
    ):
        personas.make_contribution(other)
        assert texts(other) == []
    assert texts(campaign) == []


def test_many_take_few_queries(campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _time in range(MOST_NEARBY + 2):
        personas.make_contribution(campaign, footprint=False)
    with django_assert_num_queries(2):
        assert len(nearby(campaign, wkt(TOWN_HALL))) == MOST_NEARBY
