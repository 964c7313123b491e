"""Addresses, streets, districts and places are found as people type them."""

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from mapping.models import Campaign, District, DistrictLayer
from mapping.places.finding import MOST_PLACES, find_places
from mapping.places.names import PlaceKind
from tests.ground.world import add_label, add_street
from tests.personas import TOWN_HALL
from tests.places.making import NORTH, make_address, make_district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(db: None) -> None:
    """A few streets, houses and places."""
    for number in ("2", "12", "12 a", "112"):
        make_address(f"Fackelstraße {number}", north=NORTH)
    for house in ("Parkstraße 7", "Ring 5", "Straße des 17. Juni 135"):
        make_address(house, north=NORTH)
    make_address("Königstraße", kind="street")
    make_address("Pariser Straße", kind="street")
    make_address("Nagelstraße", kind="street")
    make_address("Marktplatz", kind="Platz")
    make_address("Rathaus", kind="Öffentliches Gebäude")
    make_address("Sankt-Martins-Platz", kind="Platz")


def names(words: str, campaign: Campaign | None = None) -> list[str]:
    return [place.name for place in find_places(words, campaign)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Fackelstraße", "Fackelstraße"),
        ("fackelstrasse", "Fackelstraße"),
        ("Fackelstr.", "Fackelstraße"),
        ("Fackel Str", "Fackelstraße"),
        ("fackelstra", "Fackelstraße"),
        ("fack", "Fackelstraße"),
        ("Fakelstraße", "Fackelstraße"),
        ("Fackelstrase", "Fackelstraße"),
        ("Koenigstr", "Königstraße"),
        ("königstraße", "Königstraße"),
        ("Konigstrasse", "Königstraße"),
        ("pariserstr", "Pariser Straße"),
        ("Pariser S", "Pariser Straße"),
        ("Straße Pariser", "Pariser Straße"),
        ("Marktplaz", "Marktplatz"),
        ("Rathuas", "Rathaus"),
        ("martins platz", "Sankt-Martins-Platz"),
        ("Fackelstraße 12", "Fackelstraße 12"),
        ("fackelstr. 12a", "Fackelstraße 12 a"),
        ("12 Fackelstraße", "Fackelstraße 12"),
        ("Fakelstr. 12", "Fackelstraße 12"),
        ("Fackelstraße 999", "Fackelstraße"),
        ("Königstraße 7", "Königstraße"),
        ("Fakelstr 12a", "Fackelstraße 12 a"),
        ("Fakelstr 12 A", "Fackelstraße 12 a"),
        ("12a Fakelstr", "Fackelstraße 12 a"),
        ("Parkstr. 7, 67655 Kaiserslautern", "Parkstraße 7"),
        ("Ring 5, 67655 Kaiserslautern", "Ring 5"),
        ("Ring 5 67655", "Ring 5"),
        ("Fackelstr. 12 a,D-67655 Kaiserslautern", "Fackelstraße 12 a"),
        ("Marktplatz, 67655 Kaiserslautern", "Marktplatz"),
        ("Str. des 17. Juni 135", "Straße des 17. Juni 135"),
        ("Str. des 17. Juni 999", "Straße des 17. Juni"),
        ("Straße des 17. Juni", "Straße des 17. Juni"),
    ],
)
def test_places_are_found_first(typed: str, first: str) -> None:
    assert names(typed)[0] == first


@pytest.mark.parametrize(
    "typed", ["D 67655 Kaiserslautern", "PLZ 67655 Kaiserslautern", "12, 67655 Kaiserslautern"]
)
def test_a_town_without_a_street_is_searched_for(typed: str) -> None:
    make_address(typed, kind="Ort")
    assert names(typed) == [typed]


def test_a_postal_code_alone_is_searched_for() -> None:
    make_address("67655 Kaiserslautern", kind="Ort")
    assert names("67655 Kaiserslautern") == ["67655 Kaiserslautern"]


def test_houses_of_a_street_are_one_street_unless_a_number_is_typed() -> None:
    assert names("fackelstr") == ["Fackelstraße"]
    found = names("Fackelstraße 12")
    assert found[0] == "Fackelstraße 12"
    assert "Fackelstraße 12 a" in found


def test_a_likeness_of_endings_is_none() -> None:
    assert "Nagelstraße" not in names("Fakelstraße")


@pytest.mark.parametrize("typed", ["", "x", "!!", "🌳🌳", "%", "_", "'); --", "zzzzqqqq", "\\", "*" * 300])
def test_anything_may_be_typed(typed: str) -> None:
    assert names(typed) == []


def test_kinds_are_said_in_the_language_of_the_reader(campaign: Campaign) -> None:
    make_district(campaign, "Fackelviertel")
    with override("de"):
        found = {place.name: (place.kind, place.title) for place in find_places("fackel", campaign)}
        [hall] = find_places("Rathaus")
    assert found == {
        "Fackelstraße": (PlaceKind.STREET, "Straße"),
        "Fackelviertel": (PlaceKind.DISTRICT, "Stadtteil"),
    }
    assert (hall.kind, hall.title) == (PlaceKind.PLACE, "Öffentliches Gebäude")


def test_districts_have_a_box_and_are_those_of_the_campaign(campaign: Campaign) -> None:
    district = make_district(campaign, "Lämmchesberg")
    other = DistrictLayer.objects.create(slug="other", title="Other")
    square = MultiPolygon(Polygon.from_bbox((9, 50, 9.1, 50.1)), srid=4326)
    District.objects.create(layer=other, code="1", name="Lämmerweide", geom=square)
    [found] = find_places("laemm", campaign)
    assert found.box == district.geom.extent
    assert names("laemm") == ["Lämmerweide", "Lämmchesberg"]


def test_only_few_are_found(db: None) -> None:
    for number in range(MOST_PLACES + 5):
        make_address(f"Kiosk {chr(65 + number)}", kind="Kiosk")
    assert len(names("kiosk")) == MOST_PLACES


@pytest.mark.parametrize(("typed", "most"), [("fackelstr 12", 3), ("fackelstr", 3), ("fackelstr 999", 6)])
def test_searches_take_few_queries(
    typed: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(most):
        find_places(typed)


def test_streets_and_labels_of_the_ground_are_found_once() -> None:
    lon, lat = TOWN_HALL
    for east in (0, 0.01):
        add_street("Burgstraße", (lon + east, lat), (lon + east + 0.01, lat))
    add_street("Königstraße")
    add_label("Burgruine")
    found = {place.name: place.kind for place in find_places("burg")}
    assert found == {"Burgstraße": PlaceKind.STREET, "Burgruine": PlaceKind.PLACE}
    assert names("Königstraße").count("Königstraße") == 1
    street = next(place for place in find_places("Burgstr.") if place.name == "Burgstraße")
    assert (street.lon, street.lat) == pytest.approx((lon + 0.01, lat), abs=0.011)


def test_districts_of_drafts_are_found_for_the_draft_alone(draft_campaign: Campaign) -> None:
    make_district(draft_campaign, "Sanierung Nord")
    assert names("sanierung") == []
    assert names("sanierung", draft_campaign) == ["Sanierung Nord"]
    Campaign.objects.update(is_draft=False)
    assert names("sanierung") == ["Sanierung Nord"]
