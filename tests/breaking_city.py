"""The same for the city's page, for `tests.breaking`."""

from collections.abc import Callable
from typing import Any

from django.contrib.gis.geos import LinearRing, MultiPolygon, Polygon

from mapping.models import City, CityChange, CityLogo, Contribution, SearchText
from tests import personas

Break = Callable[[Contribution], object]

BOW_TIE = Polygon(
    LinearRing((7.76, 49.44), (7.77, 49.45), (7.77, 49.44), (7.76, 49.45), (7.76, 49.44)), srid=4326
)
FAR = Polygon(LinearRing((181, 49), (182, 49), (182, 50), (181, 49)), srid=4326)


def city_with(**fields: Any) -> Break:
    return lambda _: City.objects.create(**fields)


def change_of_city_with(**fields: Any) -> Break:
    def make(_: Contribution) -> CityChange:
        return CityChange.objects.create(actor=personas.make_user("a@example.org"), step="page", **fields)

    return make


def logo_with(data: bytes) -> CityLogo:
    return CityLogo.objects.create(data=data, width=1, height=1, digest=b"1")


def indexed_twice(stored: Contribution) -> None:
    """The trigger has indexed it once."""
    SearchText.objects.create(kind="contribution", key=str(stored.pk), at=stored.created_at, vector="")


OF_CITY: list[tuple[str, Break]] = [
    ("searchtext_once_per_row", indexed_twice),
    ("city_is_one", city_with(id=2)),
    ("city_accent", city_with(accent="red")),
    ("city_accent", city_with(accent="#C8102E")),
    ("city_logo_in_words", lambda _: City.objects.create(logo=logo_with(b"x"))),
    ("city_boundary_in_world", city_with(boundary=MultiPolygon(FAR, srid=4326))),
    ("city_boundary_well_formed", city_with(boundary=MultiPolygon(BOW_TIE, srid=4326))),
    ("city_boundary_well_formed", city_with(boundary=MultiPolygon(srid=4326))),
    ("citylogo_is_small", lambda _: logo_with(b"x" * (2 * 2**20 + 1))),
    ("city_change_before_object", change_of_city_with(before=[])),
    ("city_change_after_object", change_of_city_with(after=[])),
]
