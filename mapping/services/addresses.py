"""The names that the address search knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.contrib.gis.geos import Point
from django.db import transaction

from mapping.models import Address

_BATCH = 5_000


@dataclass(frozen=True)
class NewAddress:
    """A name with one position (longitude and latitude in degrees, EPSG:4326)."""

    name: str
    kind: str
    lon: float
    lat: float


def import_addresses(addresses: Iterable[NewAddress], *, replace: bool = False) -> int:
    """Add those addresses that are not known yet by name, kind and position; return how many were new.

    With `replace` all others are forgotten first. All at once or not at all.
    """
    with transaction.atomic():
        if replace:
            Address.objects.all().delete()
        known = {
            _key(name, kind, geom.x, geom.y)
            for name, kind, geom in Address.objects.values_list("name", "kind", "geom").iterator()
        }
        fresh = _unknown(addresses, known)
        stored = 0
        while batch := list(islice(fresh, _BATCH)):
            Address.objects.bulk_create(batch)
            stored += len(batch)
    return stored


def _unknown(addresses: Iterable[NewAddress], known: set[tuple[str, str, float, float]]) -> Iterator[Address]:
    for address in addresses:
        key = _key(address.name, address.kind, address.lon, address.lat)
        if key not in known:
            known.add(key)
            yield Address(name=address.name, kind=address.kind, geom=Point(key[2], key[3], srid=4326))


def _key(name: str, kind: str, lon: float, lat: float) -> tuple[str, str, float, float]:
    """What makes an address the same one: five decimals of a degree are about a metre."""
    return name, kind, round(lon, 5), round(lat, 5)
