"""Streets of the city's own ground, for places in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from django.contrib.gis.geos import Point
from django.db import connections, router

from mapping.geo.crs import WGS84
from mapping.geo.ground import LINE, SRID, STREETS
from mapping.models import GroundFeature

NEAR: Final = 100.0
"""Metres within which a street is where somebody is."""

_PLACE: Final = f"ST_Transform(ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), {WGS84}), {SRID})"
# The condition is that of the index `ground_named_streets`, whose order by distance finds the row at once.
_NEAREST: Final = f"""
    SELECT name, ST_Distance(geom, {_PLACE}) FROM mapping_groundfeature
    WHERE layer = '{LINE}' AND kind IN ({", ".join(f"'{kind}'" for kind in STREETS)}) AND NOT (name = '')
    ORDER BY geom <-> {_PLACE} LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class NearStreet:
    """A street by name, and how many metres away it is."""

    name: str
    metres: float


def nearest_street(point: Point, within: float = NEAR) -> str | None:
    """The name of the street nearest to a point (EPSG:4326), at most `within` metres away; None without one."""
    found = street_near(point)
    return found.name if found is not None and found.metres <= within else None


def street_near(point: Point) -> NearStreet | None:
    """The named street nearest to a point (EPSG:4326), however far away; None where the ground has no streets."""
    with connections[router.db_for_read(GroundFeature)].cursor() as cursor:
        cursor.execute(_NEAREST, {"lon": point.x, "lat": point.y})
        row = cursor.fetchone()
    if row is None:
        return None
    # Web Mercator stretches distances by 1 / cos(latitude).
    return NearStreet(row[0], row[1] * math.cos(math.radians(point.y)))
