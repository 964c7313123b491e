"""Places in words: the nearest name, its street, the district."""

from typing import Any

import pytest
from django.db import connection
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from mapping.models import Address, Campaign, Contribution
from mapping.places import around
from mapping.places.names import PlaceKind, named, street_of
from mapping.places.words import PlaceWords, name_places, words_at
from tests import personas
from tests.ground.world import add_feature, add_street, map_line
from tests.personas import STATION, TOWN_HALL
from tests.places.making import NORTH, make_address, make_district

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "street"),
    [
        ("Fackelstraße 12", "Fackelstraße"),
        ("Fackelstraße 12 a", "Fackelstraße"),
        ("Straße des 13. Januar 5", "Straße des 13. Januar"),
        ("Am Altenhof 3-5", "Am Altenhof"),
        ("Fackelstraße", ""),
        ("Halle 4711 Nord", ""),
        ("12", ""),
    ],
)
def test_numbered_addresses_have_a_street(name: str, street: str) -> None:
    assert street_of(name) == street


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Fackelstraße 12", "", PlaceKind.ADDRESS),
        ("Fackelstraße", "street", PlaceKind.STREET),
        ("Fackelstraße", "Straße", PlaceKind.STREET),
        ("Innenstadt", "Stadtteil", PlaceKind.DISTRICT),
        ("Rathaus", "Öffentliches Gebäude", PlaceKind.PLACE),
        ("Rathaus", "", PlaceKind.PLACE),
    ],
)
def test_names_stand_for_something(name: str, kind: str, expected: PlaceKind) -> None:
    assert named(name, kind).kind is expected


def test_the_nearest_address_and_the_district_are_said_in_the_language_of_the_reader(
    campaign: Campaign,
) -> None:
    make_district(campaign)
    make_address("Fackelstraße 12", north=NORTH)
    make_address("Fackelstraße 14", north=2 * NORTH)
    with override("de"):
        words = words_at(TOWN_HALL, campaign.district_layer_id)
    assert words == PlaceWords(
        "Nähe Fackelstraße 12, Innenstadt", "Fackelstraße 12", "Fackelstraße", "Innenstadt"
    )
    with override("en"):
        assert str(words_at(TOWN_HALL, campaign.district_layer_id)) == "Near Fackelstraße 12, Innenstadt"


def test_the_nearest_in_metres_is_nearest_though_degrees_differ(campaign: Campaign) -> None:
    make_address("North", north=0.0015)  # 167 m
    make_address("East", east=0.0018)  # 130 m
    assert words_at(TOWN_HALL, None).address == "East"


def test_a_place_far_from_everything_has_no_words(campaign: Campaign) -> None:
    make_address("Fackelstraße 12", north=0.0024)  # 267 m
    assert words_at(TOWN_HALL, None) == PlaceWords()
    assert not words_at(STATION, None).words


def test_parts_of_the_city_are_nothing_one_is_near_to(campaign: Campaign) -> None:
    make_address("West", kind="Stadtteil")
    make_address("Logenstraße", kind="street", north=NORTH)
    words = words_at(TOWN_HALL, None)
    assert (words.address, words.street) == ("", "Logenstraße")


def test_many_contributions_take_one_query(
    campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_district(campaign)
    make_address("Fackelstraße 12")
    made = [personas.make_contribution(campaign, footprint=False) for _ in range(5)]
    made.append(personas.make_contribution(campaign, STATION, footprint=False))
    made.append(personas.make_contribution(campaign, None, category="idea", footprint=False))
    line = f"LINESTRING({TOWN_HALL[0]} {TOWN_HALL[1]}, {TOWN_HALL[0]} {TOWN_HALL[1] + NORTH})"
    made.append(personas.make_contribution(campaign, line, category="street", footprint=False))
    with django_assert_num_queries(1):
        name_places(made, campaign)
    said = [str(one.place_words) for one in made]  # type: ignore[attr-defined]
    assert all("Fackelstraße 12" in one for one in [*said[:5], said[7]])
    assert said[5:7] == ["Innenstadt", ""]


def test_contributions_of_several_campaigns_have_their_own_districts(
    campaign: Campaign, post_campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_district(campaign)
    made = [personas.make_contribution(one, footprint=False) for one in (campaign, post_campaign)]
    rows = list(Contribution.objects.filter(pk__in=[one.pk for one in made]).select_related("campaign"))
    with django_assert_num_queries(1):
        name_places(rows)
    said = {one.campaign.slug: str(one.place_words) for one in rows}  # type: ignore[attr-defined]
    assert said == {campaign.slug: "Innenstadt", post_campaign.slug: ""}


def test_nothing_to_name_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        name_places([])


def test_names_are_folded_by_the_database(db: None) -> None:
    make_address("Königstraße 5a")
    assert Address.objects.get().folded == "konigstr5a"


def test_the_street_of_the_ground_is_said_unless_a_house_is_at_hand(campaign: Campaign) -> None:
    lon, lat = TOWN_HALL
    add_street("Ringstraße", (lon - 0.005, lat), (lon + 0.005, lat))
    make_address("Rathaus", kind="Platz", north=NORTH)  # 111 m
    words = words_at(TOWN_HALL, None)
    assert (words.words, words.address, words.street) == ("Nähe Ringstraße", "", "Ringstraße")
    make_address("Ringstraße 3", north=NORTH / 4)
    words = words_at(TOWN_HALL, None)
    assert (words.words, words.address, words.street) == ("Nähe Ringstraße 3", "Ringstraße 3", "Ringstraße")


def test_a_street_of_the_ground_that_is_far_is_not_said(campaign: Campaign) -> None:
    lon, lat = TOWN_HALL
    add_street("Ringstraße", (lon - 0.005, lat + NORTH), (lon + 0.005, lat + NORTH))  # 111 m
    assert words_at(TOWN_HALL, None) == PlaceWords()


def test_rivers_railways_and_streets_without_a_name_are_no_streets(campaign: Campaign) -> None:
    lon, lat = TOWN_HALL
    ends = ((lon - 0.005, lat), (lon + 0.005, lat))
    add_feature("line", "river", map_line(*ends), name="Lauter")
    add_feature("line", "rail", map_line(*ends), name="Alsenztalbahn")
    add_street("", *ends)
    further = [(east, north + NORTH / 4) for east, north in ends]
    add_street("Philosophenweg", *further, kind="path")
    assert words_at(TOWN_HALL, None).street == "Philosophenweg"


def test_the_street_of_the_ground_is_found_by_its_index(campaign: Campaign) -> None:
    lon, lat = TOWN_HALL
    add_street("Ringstraße", (lon - 0.005, lat), (lon + 0.005, lat))
    sizes: dict[str, Any] = {"neighbours": 40, "reach": 250, "names": 3, "on_street": 100}
    values: dict[str, Any] = {"lons": [lon], "lats": [lat], "layers": [None], **sizes}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {around._AROUND}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "ground_named_streets" in plan
