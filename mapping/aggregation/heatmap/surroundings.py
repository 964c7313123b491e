"""Reverse geocoding of a place: its district and the nearest known address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connections, router

from mapping.models import Address

_NEAR: Final = 400
"""Metres within which an address still describes a place."""

# Nearest by degrees first, using the index; among those the nearest in metres.
_NAMES: Final = """
    SELECT coalesce(district.name, ''), coalesce(address.name, '')
    FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS place (lon, lat, number)
    CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(place.lon, place.lat), 4326) AS geom OFFSET 0) AS point
    LEFT JOIN LATERAL (
        SELECT d.name FROM mapping_district d
        WHERE d.layer_id = %(layer)s AND ST_Covers(d.geom, point.geom)
        ORDER BY d.code LIMIT 1
    ) AS district ON TRUE
    LEFT JOIN LATERAL (
        SELECT near.name
        FROM (SELECT a.name, a.geom FROM mapping_address a ORDER BY a.geom <-> point.geom LIMIT 8) AS near
        WHERE ST_DistanceSphere(near.geom, point.geom) <= %(near)s
        ORDER BY ST_DistanceSphere(near.geom, point.geom), near.name LIMIT 1
    ) AS address ON TRUE
    ORDER BY place.number
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Names around a place; empty where none is known."""

    district: str
    address: str


def surroundings_of(places: Sequence[tuple[float, float]], district_layer: int | None) -> list[Surroundings]:
    """Return the names around each place (lon, lat in degrees), in the order given. Meant for a page of a table."""
    if not places:
        return []
    params = {
        "lons": [lon for lon, _lat in places],
        "lats": [lat for _lon, lat in places],
        "layer": district_layer,
        "near": _NEAR,
    }
    with connections[router.db_for_read(Address)].cursor() as cursor:
        cursor.execute(_NAMES, params)
        return [Surroundings(*row) for row in cursor.fetchall()]
