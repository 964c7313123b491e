"""Generates positions, walks and areas around the places of the demo, inside its outline."""

import math
from random import Random

import shapely
from shapely.geometry.base import BaseGeometry

from mapping.demo.content import Place, Street

METRES_PER_DEGREE = (72_400, 111_200)
"""Metres per degree of longitude and latitude, near Kaiserslautern."""
SCATTER = 130
"""Metres (standard deviation) between a place and what people mark there."""

_Position = tuple[float, float]


class Surroundings:
    """Places, streets and the outline, with queries by proximity."""

    def __init__(self, places: list[Place], streets: list[Street], area: shapely.MultiPolygon) -> None:
        self._places, self._area = places, area
        self._streets = [(street["name"], shapely.LineString(street["line"])) for street in streets]
        # Lines and areas stay clear of the outline.
        self._inside = shapely.buffer(area, -0.001)

    def geometry(self, random: Random, kind: str, around: list[str] | None = None) -> BaseGeometry | None:
        """A point, line or polygon near some place (of some kinds), or None for a contribution without a place."""
        if kind == "none":
            return None
        make = {"point": _point, "line": _walk, "polygon": _patch}[kind]
        places = [place for place in self._places if not around or place["kind"] in around]
        while True:
            made = make(random, _start(random, places))
            if self._inside.contains(made):
                return made

    def near(self, geometry: BaseGeometry | None) -> str:
        """The phrase for the location of a geometry."""
        if geometry is None:
            return ""
        lon, lat = geometry.centroid.coords[0]
        return min(self._places, key=lambda place: _metres((place["lon"], place["lat"]), (lon, lat)))["near"]

    def street(self, geometry: BaseGeometry | None) -> str:
        """The street nearest to a geometry."""
        if geometry is None:
            return ""
        return min(self._streets, key=lambda street: float(street[1].distance(geometry)))[0]


def _start(random: Random, places: list[Place]) -> _Position:
    place = random.choices(places, [place["weight"] for place in places])[0]
    return _moved((place["lon"], place["lat"]), random.gauss(0, SCATTER), random.gauss(0, SCATTER))


def _point(_random: Random, start: _Position) -> BaseGeometry:
    return shapely.Point(start)


def _walk(random: Random, start: _Position) -> BaseGeometry:
    heading, positions = random.uniform(0, 2 * math.pi), [start]
    for _ in range(random.randint(3, 7)):
        length = random.uniform(60, 190)
        positions.append(_moved(positions[-1], length * math.cos(heading), length * math.sin(heading)))
        heading += random.gauss(0, 0.35)
    return shapely.LineString(positions)


def _patch(random: Random, start: _Position) -> BaseGeometry:
    radius, corners = random.uniform(35, 90), random.randint(5, 8)
    ring = []
    for corner in range(corners):
        angle = 2 * math.pi * (corner + random.uniform(-0.3, 0.3)) / corners
        reach = radius * random.uniform(0.75, 1.2)
        ring.append(_moved(start, reach * math.cos(angle), reach * math.sin(angle)))
    return shapely.Polygon(ring)


def _moved(position: _Position, east: float, north: float) -> _Position:
    lon, lat = position
    return round(lon + east / METRES_PER_DEGREE[0], 6), round(lat + north / METRES_PER_DEGREE[1], 6)


def _metres(one: _Position, other: _Position) -> float:
    return math.hypot(*((a - b) * per for a, b, per in zip(one, other, METRES_PER_DEGREE, strict=True)))
