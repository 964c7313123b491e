"""From rows of files to features as they are stored: single lines, valid areas, labels at one point (EPSG:3857)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.geo.bbox import Box
from mapping.geo.crs import WGS84, transform_geometry
from mapping.geo.errors import GeometryProblem
from mapping.geo.ground import (
    AREA,
    EASTERNMOST,
    LABEL,
    LAST_ZOOM,
    LEAST_RANK,
    LINE,
    LONGEST_NAME,
    NORTHERNMOST,
    SRID,
    zoom_of_size,
)
from mapping.geo.unseen import undisguised
from mapping.imports.ground.kinds import LABEL_OF_AREA, Feature, Shape

SEEN: Final = 2
"""Pixels: an area is drawn from where it covers a square of so many."""
WRITTEN: Final = 40
"""Pixels: the name of an area is written from where it covers a square of so many."""
APART: Final = 3_000
"""Metres of the map: labels of one class and name that are nearer to each other are one."""
MOST_CORNERS: Final = 100_000
"""Most corners of one row: more is no shape but a whole land."""
_RANK_OF_FIRST_ZOOM: Final = (10, 4)
"""Areas that are labelled from this zoom on have this rank; each further zoom takes them one down."""
_SHAPES: Final = {
    "Point": Shape.POINT,
    "MultiPoint": Shape.POINT,
    "LineString": Shape.LINE,
    "MultiLineString": Shape.LINE,
    "LinearRing": Shape.LINE,
    "Polygon": Shape.AREA,
    "MultiPolygon": Shape.AREA,
}


@dataclass(frozen=True, slots=True)
class NewFeature:
    """A feature to store; `geometry` is in metres of Web Mercator (EPSG:3857), `rank` is that of labels."""

    layer: str
    kind: str
    name: str
    from_zoom: int
    geometry: BaseGeometry
    rank: int | None = None
    is_tunnel: bool = False


class NotDrawn(Exception):
    """A row whose shape cannot be drawn, in words."""


def shape_of(geometry: BaseGeometry) -> Shape:
    """The dimension of a geometry; raises NotDrawn for collections."""
    shape = _SHAPES.get(geometry.geom_type)
    if shape is None:
        raise NotDrawn("several kinds of shapes in one row")
    return shape


def is_within(geometry: BaseGeometry, box: Box | None) -> bool:
    """Whether some of the box around a geometry lies in a box (both in degrees, EPSG:4326); true without a box."""
    if box is None:
        return True
    west, south, east, north = geometry.bounds
    return west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]


def on_map(geometry: BaseGeometry) -> BaseGeometry:
    """Transform from degrees (EPSG:4326) to the map (EPSG:3857); raises NotDrawn beyond its edges."""
    west, south, east, north = geometry.bounds
    if min(west, -east) < -EASTERNMOST or min(south, -north) < -NORTHERNMOST:
        raise NotDrawn("beyond the edge of the map; name the CRS with --crs")
    if len(shapely.get_coordinates(geometry)) > MOST_CORNERS:
        raise NotDrawn(f"more than {MOST_CORNERS:,} corners")
    try:
        return transform_geometry(geometry, WGS84, SRID)
    except GeometryProblem as problem:
        raise NotDrawn(str(problem)) from problem


def shaped(feature: Feature, geometry: BaseGeometry) -> Iterator[NewFeature]:
    """The features of one row on the map, several where its lines have parts; raises NotDrawn.

    Areas that are never large enough to be seen are left out.
    """
    name = clean_name(feature.name)
    area = _area(geometry) if shape_of(geometry) is Shape.AREA else None
    whole = geometry if area is None else area
    if feature.drawn is not None and area is not None:
        seen = zoom_of_size(area.area, SEEN)
        if seen is None:
            return
        yield NewFeature(AREA, feature.drawn.kind, name, max(seen, feature.drawn.from_zoom), area)
    elif feature.drawn is not None:
        for line in _lines(geometry):
            drawn = feature.drawn
            yield NewFeature(LINE, drawn.kind, name, drawn.from_zoom, line, is_tunnel=feature.is_tunnel)
    if feature.label is not None and name:
        label = feature.label
        yield NewFeature(LABEL, label.kind, name, label.from_zoom, _inside(whole), label.rank)
    elif feature.is_labelled and name and feature.drawn is not None and area is not None:
        zoom, rank = label_by_size(area.area)
        yield NewFeature(LABEL, LABEL_OF_AREA[feature.drawn.kind], name, zoom, _inside(area), rank)


def label_by_size(square_metres: float) -> tuple[int, int]:
    """The first zoom of an area's label, and its rank, by the area's size on the map."""
    first, rank = _RANK_OF_FIRST_ZOOM
    zoom = zoom_of_size(square_metres, WRITTEN)
    if zoom is None:
        return LAST_ZOOM, LEAST_RANK
    zoom = max(zoom, first)
    return zoom, min(rank + zoom - first, LEAST_RANK)


def single_labels(labels: Iterable[tuple[int, NewFeature]]) -> list[tuple[int, NewFeature]]:
    """One label for each class and name where several are near: a station is a point, a building and a stop.

    Labels come with the number of their source, which they keep.
    """
    kept: list[tuple[int, NewFeature]] = []
    named: dict[tuple[str, str], list[NewFeature]] = defaultdict(list)
    for source, label in sorted(labels, key=lambda one: (one[1].rank or LEAST_RANK, one[1].from_zoom)):
        others = named[label.kind, label.name.casefold()]
        if all(one.geometry.distance(label.geometry) > APART for one in others):
            others.append(label)
            kept.append((source, label))
    return kept


def clean_name(text: str) -> str:
    """A name as one line without characters that disguise it, cut where it is too long for a map."""
    return " ".join(undisguised(text).split())[:LONGEST_NAME].strip()


def _lines(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(geometry).tolist():
        positions = shapely.get_coordinates(part)
        # A line of one place has no length and is not valid.
        if len(np.unique(positions, axis=0)) > 1:
            yield shapely.LineString(positions)


def _area(geometry: BaseGeometry) -> BaseGeometry:
    """The valid polygons of a geometry; raises NotDrawn where there are none."""
    sound = geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry)
    polygons = [
        part
        for part in shapely.get_parts(shapely.get_parts(sound)).tolist()
        if part.geom_type == "Polygon" and part.area > 0
    ]
    if not polygons:
        raise NotDrawn("an area without extent")
    found = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return found if shapely.is_valid(found) else shapely.union_all(polygons)


def _inside(geometry: BaseGeometry) -> BaseGeometry:
    """One point of a geometry; of an area, one within its largest part."""
    parts = shapely.get_parts(geometry).tolist()
    largest: BaseGeometry = max(parts, key=lambda part: (part.area, part.length))
    return shapely.point_on_surface(largest)
