"""The API of places: by name, in words, near what somebody marks; lists by distance and in words."""

from typing import Any

import pytest
from django.test import Client

from mapping.models import Campaign, ContributionStatus
from tests import personas
from tests.api.conftest import ROOT, campaign_url, code, contributions_url, reasons
from tests.personas import STATION, TOWN_HALL, Citizen
from tests.places.making import NORTH, make_address, make_district

SLUG = "fear-spaces"
HERE = f"lon={TOWN_HALL[0]}&lat={TOWN_HALL[1]}"
NEAR = f"{TOWN_HALL[0]},{TOWN_HALL[1]}"


def north_of_the_town_hall(steps: float) -> tuple[float, float]:
    return TOWN_HALL[0], TOWN_HALL[1] + steps * NORTH


# --- a position in words ----------------------------------------------------------------------------------------


def test_a_position_is_said_in_the_language_of_the_reader(campaign: Campaign, public: Client) -> None:
    make_district(campaign)
    make_address("Fackelstraße 12")
    response = public.get(campaign_url(SLUG, f"place-words?{HERE}"))
    assert response.json() == {
        "words": "Nähe Fackelstraße 12, Innenstadt",
        "address": "Fackelstraße 12",
        "street": "Fackelstraße",
        "district": "Innenstadt",
    }
    assert response.headers["Cache-Control"] == "no-store"
    public.cookies["django_language"] = "en"
    assert public.get(campaign_url(SLUG, f"place-words?{HERE}")).json()["words"].startswith("Near ")


def test_a_position_is_said_in_a_chosen_language(campaign: Campaign, public: Client) -> None:
    make_address("Fackelstraße 12")
    response = public.get(campaign_url(SLUG, f"place-words?{HERE}&language=en"))
    assert response.json()["words"] == "Near Fackelstraße 12"
    assert response.headers["Content-Language"] == "en"


def test_a_position_near_nothing_has_no_words(campaign: Campaign, public: Client) -> None:
    found = public.get(campaign_url(SLUG, f"place-words?{HERE}")).json()
    assert set(found.values()) == {""}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"lon": "required"}),
        ("lon=7.7", {"lat": "required"}),
        ("lon=x&lat=49", {"lon": "not_a_number"}),
        ("lon=700&lat=49", {"lon": "out_of_range"}),
        (f"{HERE}&language=xx", {"language": "unknown_choice"}),
        (f"{HERE}&near=1", {"near": "unknown_parameter"}),
    ],
)
def test_bad_positions_are_refused_by_name(
    campaign: Campaign, public: Client, query: str, expected: dict[str, str]
) -> None:
    response = public.get(campaign_url(SLUG, f"place-words?{query}"))
    assert response.status_code == 400
    assert reasons(response) == expected


@pytest.mark.parametrize("position", ["lon=0&lat=90", "lon=-180&lat=-90", "lon=-170&lat=-52"])
def test_positions_at_the_ends_of_the_world_are_near_nothing(
    campaign: Campaign, public: Client, position: str
) -> None:
    make_address("Fackelstraße 12")
    response = public.get(campaign_url(SLUG, f"place-words?{position}"))
    assert (response.status_code, response.json()["words"]) == (200, "")


def test_drafts_have_no_words_for_strangers(public: Client, db: None) -> None:
    personas.make_campaign("draft", is_draft=True)
    assert public.get(campaign_url("draft", f"place-words?{HERE}")).status_code == 404


# --- places by name ---------------------------------------------------------------------------------------------


def test_places_are_found_with_their_kind(campaign: Campaign, public: Client) -> None:
    district = make_district(campaign, "Fackelviertel")
    make_address("Fackelstraße", kind="street")
    public.cookies["django_language"] = "en"
    found = public.get(f"{ROOT}/addresses/?q=Fackel&campaign={SLUG}").json()["results"]
    assert [(one["name"], one["kind"], one["type"]) for one in found] == [
        ("Fackelstraße", "Street", "street"),
        ("Fackelviertel", "District", "district"),
    ]
    assert found[0]["bbox"] is None
    assert found[1]["bbox"] == pytest.approx(list(district.geom.extent))
    assert (found[0]["lon"], found[0]["lat"]) == TOWN_HALL


def test_places_of_no_campaign_are_not_found(public: Client, db: None) -> None:
    personas.make_campaign("draft", is_draft=True)
    for slug in ("draft", "nowhere"):
        assert public.get(f"{ROOT}/addresses/?q=Fackel&campaign={slug}").status_code == 404


# --- already reported nearby? -----------------------------------------------------------------------------------


def similar(client: Client, body: object, slug: str = SLUG) -> Any:
    return client.post(f"{contributions_url(slug)}similar/", body, "application/json")


def test_contributions_near_a_place_are_found_before_similar_ones(campaign: Campaign, public: Client) -> None:
    make_address("Fackelstraße 12", north=0.5 * NORTH)
    text = "Mehr Bänke im Stadtpark aufstellen, bitte."
    personas.make_contribution(campaign, STATION, text=text)
    near = personas.make_contribution(campaign, north_of_the_town_hall(0.5), text="Something else")
    personas.make_contribution(campaign, north_of_the_town_hall(2), text="Too far")
    public.cookies["django_language"] = "en"
    body = {"geometry": personas.point(), "category": "spot", "text": "Bitte Bänke im Stadtpark!"}
    found = similar(public, body).json()["similar"]
    assert [(one["excerpt"], one["distance"]) for one in found] == [("Something else", 56), (text, None)]
    assert found[0]["id"] == str(near.pk)
    assert found[0]["place_words"] == "Near Fackelstraße 12"
    assert found[0]["may_support"] is True


def test_answers_stand_for_a_missing_text(campaign: Campaign, public: Client) -> None:
    personas.make_contribution(
        campaign, category="survey", text="", answers={"single-choice": "night", "scale": 4}
    )
    public.cookies["django_language"] = "en"
    [found] = similar(public, {"geometry": personas.point()}).json()["similar"]
    assert found["excerpt"].startswith("At night · ")
    assert found["excerpt"].endswith(": 4 of 5")


def test_what_one_sent_oneself_is_no_hint(campaign: Campaign, citizen: Citizen) -> None:
    personas.make_contribution(campaign, by=citizen)
    assert similar(citizen.browser(), {"geometry": personas.point()}).json() == {"similar": []}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"geometry": {"type": "Point"}}, {"geometry": "missing"}),
        ({"geometry": 5}, {"geometry": "not_an_object"}),
        ({"geometry": personas.point(), "category": "nowhere"}, {"category": "unknown_category"}),
        ({"category": "spot"}, {"text": "required"}),
    ],
)
def test_bad_places_are_refused_at_their_fields(
    campaign: Campaign, public: Client, body: object, expected: dict[str, str]
) -> None:
    response = similar(public, body)
    assert response.status_code == 400
    assert reasons(response) == expected


def test_protected_campaigns_tell_nothing_of_a_place(public: Client, db: None) -> None:
    campaign = personas.make_campaign("cells", publication="cells")
    personas.make_contribution(campaign)
    response = similar(public, {"geometry": personas.point()}, "cells")
    assert (response.status_code, code(response)) == (403, "publishes_cells")


# --- lists by distance and in words -----------------------------------------------------------------------------


def pages(client: Client, query: str) -> list[dict[str, Any]]:
    """All features, page by page."""
    seen: list[dict[str, Any]] = []
    url: str | None = f"{contributions_url(SLUG)}?{query}"
    while url:
        body = client.get(url).json()
        seen += body["features"]
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
    return seen


def test_the_nearest_come_first_page_by_page_and_those_without_place_last(
    campaign: Campaign, public: Client
) -> None:
    personas.make_contribution(campaign, None, category="idea", text="nowhere", footprint=False)
    for steps in (3, 1, 2, 0):
        personas.make_contribution(campaign, north_of_the_town_hall(steps), text=str(steps), footprint=False)
    for _twin in range(2):
        personas.make_contribution(campaign, north_of_the_town_hall(2), text="2", footprint=False)
    personas.make_contribution(campaign, status=ContributionStatus.PENDING, text="hidden", footprint=False)
    found = pages(public, f"ordering=nearest&near={NEAR}&limit=2")
    assert [one["properties"]["text"] for one in found] == ["0", "1", "2", "2", "2", "3", "nowhere"]
    assert len({one["id"] for one in found}) == 7


def test_east_is_as_far_as_north_in_metres(campaign: Campaign, public: Client) -> None:
    lon, lat = TOWN_HALL
    personas.make_contribution(campaign, (lon, lat + 0.0015), text="167 m north", footprint=False)
    personas.make_contribution(campaign, (lon + 0.0018, lat), text="130 m east", footprint=False)
    found = pages(public, f"ordering=nearest&near={NEAR}")
    assert [one["properties"]["text"] for one in found] == ["130 m east", "167 m north"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ordering=nearest", {"near": "required"}),
        ("ordering=nearest&near=7.7", {"near": "not_two_dimensional"}),
        ("ordering=nearest&near=7.7,x", {"near": "not_a_number"}),
        ("ordering=nearest&near=-170,-52", {"near": "crs_transform_failed"}),
        ("in_words=perhaps", {"in_words": "unknown_choice"}),
    ],
)
def test_bad_lists_are_refused_by_name(
    campaign: Campaign, public: Client, query: str, expected: dict[str, str]
) -> None:
    response = public.get(f"{contributions_url(SLUG)}?{query}")
    assert response.status_code == 400
    assert reasons(response) == expected


def test_a_cursor_belongs_to_its_position(campaign: Campaign, public: Client) -> None:
    for _ in range(2):
        personas.make_contribution(campaign, footprint=False)
    body = public.get(f"{contributions_url(SLUG)}?limit=1&ordering=nearest&near={NEAR}").json()
    following = next(link["href"] for link in body["links"] if link["rel"] == "next")
    assert public.get(following).status_code == 200
    elsewhere = following.replace("7.7689", "7.7688")
    assert elsewhere != following
    assert public.get(elsewhere).status_code == 400


def test_features_are_said_in_words_on_request(campaign: Campaign, public: Client) -> None:
    make_address("Fackelstraße 12")
    personas.make_contribution(
        campaign, category="survey", text="", answers={"multiple-choice": ["day", "night"]}
    )
    public.cookies["django_language"] = "en"
    [feature] = pages(public, "in_words=true")
    assert feature["properties"]["heading"] == "By day, At night"
    assert feature["properties"]["place_words"] == "Near Fackelstraße 12"
    [plain] = pages(public, "in_words=false")
    assert not {"heading", "place_words"} & set(plain["properties"])


def test_protected_campaigns_have_no_place_in_words(public: Client, db: None) -> None:
    campaign = personas.make_campaign("cells", publication="cells")
    personas.make_contribution(campaign)
    response = public.get(f"{contributions_url('cells')}?in_words=true")
    assert (response.status_code, code(response)) == (403, "publishes_cells")
