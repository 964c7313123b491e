"""The API of lines that follow streets: ways of the public ground, and nothing else."""

import pytest
from django.test import Client

from mapping.models import Campaign
from tests import personas
from tests.api.conftest import campaign_url, code, reasons
from tests.ground.test_following import at
from tests.ground.world import add_street

SLUG = "fear-spaces"


def text_of(place: tuple[float, float]) -> str:
    return f"{place[0]:.7f},{place[1]:.7f}"


def way_url(slug: str, start: tuple[float, float], end: tuple[float, float]) -> str:
    return campaign_url(slug, f"follow?from={text_of(start)}&to={text_of(end)}")


@pytest.fixture
def corner(db: None) -> None:
    add_street("Eisenbahnstraße", at(0, 0), at(400, 0))
    add_street("Fruchthallstraße", at(0, 0), at(0, 300))


def test_a_way_is_a_line_with_its_streets(campaign: Campaign, public: Client, corner: None) -> None:
    response = public.get(way_url(SLUG, at(300, 10), at(-10, 200)))
    found = response.json()
    assert (found["followed"], found["reason"]) == (True, "")
    assert found["geometry"]["type"] == "LineString"
    assert len(found["geometry"]["coordinates"]) == 3
    assert found["length"] == pytest.approx(500, rel=0.01)
    assert found["streets"] == ["Eisenbahnstraße", "Fruchthallstraße"]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_way_back_is_as_long(campaign: Campaign, public: Client, corner: None) -> None:
    there = public.get(way_url(SLUG, at(300, 0), at(0, 200))).json()
    back = public.get(way_url(SLUG, at(0, 200), at(300, 0))).json()
    assert there["geometry"]["coordinates"] == back["geometry"]["coordinates"][::-1]
    assert there["length"] == back["length"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (at(300, 0), "same_place"),
        (at(300, 80), "no_street"),
        (at(300, -1), "no_way"),
        ((8.9, 49.44), "outside_area"),
    ],
)
def test_without_a_way_the_reason_is_said(
    campaign: Campaign, public: Client, corner: None, end: tuple[float, float], reason: str
) -> None:
    response = public.get(way_url(SLUG, at(300, 0), end))
    assert response.status_code == 200
    assert response.json() == {
        "followed": False,
        "reason": reason,
        "geometry": None,
        "length": None,
        "streets": [],
    }


def test_places_too_far_apart_have_no_way(campaign: Campaign, public: Client, corner: None) -> None:
    Campaign.objects.update(area=None)
    assert public.get(way_url(SLUG, at(0, 0), at(0, 5_300))).json()["reason"] == "too_far"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"from": "required"}),
        ("from=7.7,49.4", {"to": "required"}),
        ("to=7.7,49.4", {"from": "required"}),
        ("from=7.7&to=7.7,49.4", {"from": "not_two_dimensional"}),
        ("from=7.7,x&to=7.7,49.4", {"from": "not_a_number"}),
        ("from=7.7,49.4&to=NaN,49.4", {"to": "not_finite"}),
        ("from=inf,49.4&to=7.7,49.4", {"from": "not_finite"}),
        ("from=700,49.4&to=7.7,49.4", {"from": "out_of_range"}),
        ("from=7.7,49.4&from=7.8,49.4&to=7.7,49.4", {"from": "repeated"}),
        ("from=7.7,49.4&to=7.7,49.4&mode=car", {"mode": "unknown_parameter"}),
    ],
)
def test_bad_places_are_refused_by_name(
    campaign: Campaign, public: Client, query: str, expected: dict[str, str]
) -> None:
    response = public.get(campaign_url(SLUG, f"follow?{query}"))
    assert response.status_code == 400
    assert reasons(response) == expected
    assert response.headers["Content-Type"].startswith("application/problem+json")


def test_drafts_have_no_ways_for_strangers(public: Client, db: None) -> None:
    personas.make_campaign("draft", is_draft=True)
    response = public.get(way_url("draft", at(0, 0), at(100, 0)))
    assert (response.status_code, code(response)) == (404, "not_found")


def test_ways_are_read_only(campaign: Campaign, public: Client) -> None:
    assert public.post(way_url(SLUG, at(0, 0), at(100, 0))).status_code == 405
