"""Lines that follow the streets of the city's own ground, from here to there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import shapely
from django.contrib.gis.geos import MultiPolygon
from django.db import connections, router

from mapping.geo.crs import WGS84, transform_positions
from mapping.geo.ground import LINE, NORTHERNMOST, SRID, STREETS
from mapping.ground.network import Network, Street
from mapping.models import GroundFeature

FARTHEST: Final = 5_000
"""Metres between two places from which on no way is looked for."""
REACH: Final = 50
"""Metres within which a place is on a street."""
MOST_STREETS: Final = 8_000
"""Most rows that are read for a way."""
MOST_CORNERS: Final = 100_000
"""Most corners that these have."""
MOST_POINTS: Final = 250
"""Most points of a way: a contribution may have a thousand."""
_CLASSES: Final = tuple(kind for kind in STREETS if kind != "motorway")
_AROUND: Final = 300.0
_AROUND_SHARE: Final = 0.25
"""A way may leave the box around both places by so many metres, and so much of their distance."""
_EXACTNESS: Final = 1.0
_JOINT: Final = 20.0
_EARTH: Final = 6_371_008.8

_STREETS_IN: Final = f"""
    SELECT source_id, name, ST_AsBinary(geom) FROM mapping_groundfeature
    WHERE layer = '{LINE}' AND kind = ANY (%(kinds)s)
        AND geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, {SRID})
    LIMIT %(most)s
"""
_ANY_STREET: Final = f"""
    SELECT EXISTS (
        SELECT 1 FROM mapping_groundfeature WHERE layer = '{LINE}' AND kind = ANY (%(kinds)s)
            AND (%(area)s::bytea IS NULL OR geom && ST_Transform(ST_GeomFromWKB(%(area)s, {WGS84}), {SRID}))
    )
"""

Position = tuple[float, float]
"""Longitude and latitude in degrees (EPSG:4326)."""


class NotFollowed(StrEnum):
    """Why a line is straight."""

    SAME_PLACE = "same_place"
    TOO_FAR = "too_far"
    NO_STREET = "no_street"
    NO_WAY = "no_way"
    TOO_MANY_STREETS = "too_many_streets"


@dataclass(frozen=True, slots=True)
class Followed:
    """A way along streets: positions in degrees with seven decimals, metres, names of streets in their order."""

    positions: Sequence[Position]
    metres: float
    streets: Sequence[str]


def has_streets(area: MultiPolygon | None) -> bool:
    """Whether the ground has streets in the box around an area (EPSG:4326), or anywhere without one."""
    with connections[router.db_for_read(GroundFeature)].cursor() as cursor:
        values = {"kinds": list(_CLASSES), "area": None if area is None else bytes(area.envelope.wkb)}
        cursor.execute(_ANY_STREET, values)
        return bool(cursor.fetchone()[0])


def follow(start: Position, end: Position) -> Followed | NotFollowed:
    """The shortest way along streets between the places on them that are nearest to two positions.

    Reads at most `MOST_STREETS` rows in a box around both; ways that leave it are not found.
    """
    if start == end:
        return NotFollowed.SAME_PLACE
    straight = _distance(start, end)
    if straight > FARTHEST:
        return NotFollowed.TOO_FAR
    if max(abs(start[1]), abs(end[1])) > NORTHERNMOST:
        return NotFollowed.NO_STREET
    # Web Mercator stretches distances by 1 / cos(latitude).
    stretch = 1 / math.cos(math.radians((start[1] + end[1]) / 2))
    flat = transform_positions(np.array([start, end]), WGS84, SRID)
    streets = _streets_around(flat, (_AROUND + straight * _AROUND_SHARE) * stretch)
    if streets is None:
        return NotFollowed.TOO_MANY_STREETS
    network = Network(streets, joint=_JOINT * stretch)
    (x, y), (to_x, to_y) = flat.tolist()
    way = network.way((x, y), (to_x, to_y), REACH * stretch)
    if way is None:
        reach = REACH * stretch
        on_streets = network.has_street((x, y), reach) and network.has_street((to_x, to_y), reach)
        return NotFollowed.NO_WAY if on_streets else NotFollowed.NO_STREET
    return Followed(_positions(way.line, stretch), round(way.length / stretch, 1), tuple(way.names))


def _streets_around(flat: np.ndarray, margin: float) -> list[Street] | None:
    """Streets in the box around positions (EPSG:3857); None where they are too many."""
    (west, south), (east, north) = flat.min(axis=0) - margin, flat.max(axis=0) + margin
    box = {"west": float(west), "south": float(south), "east": float(east), "north": float(north)}
    with connections[router.db_for_read(GroundFeature)].cursor() as cursor:
        cursor.execute(_STREETS_IN, {**box, "kinds": list(_CLASSES), "most": MOST_STREETS + 1})
        rows = cursor.fetchall()
    lines = shapely.from_wkb([bytes(row[2]) for row in rows])
    if len(rows) > MOST_STREETS or shapely.get_num_coordinates(lines).sum() > MOST_CORNERS:
        return None
    return [Street(line, name, source) for (source, name, _wkb), line in zip(rows, lines, strict=True)]


def _positions(line: shapely.LineString, stretch: float) -> Sequence[Position]:
    """A line (EPSG:3857) in degrees, within a metre of the streets, or as exact as `MOST_POINTS` allow."""
    exactness = _EXACTNESS
    simple = line.simplify(exactness * stretch, preserve_topology=False)
    while len(simple.coords) > MOST_POINTS:
        exactness *= 2
        simple = line.simplify(exactness * stretch, preserve_topology=False)
    degrees = transform_positions(shapely.get_coordinates(simple), SRID, WGS84).round(7)
    return tuple((lon, lat) for lon, lat in degrees.tolist())


def _distance(start: Position, end: Position) -> float:
    """Metres on a sphere."""
    lon, lat, to_lon, to_lat = map(math.radians, (*start, *end))
    half = math.sin((to_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))
