"""Multipart geometries: rejected, split into single parts, or merged where parts connect.

A contribution is one point, line or area. Maps and GPS devices hold more in one row: tracks with pauses, areas with
islands, collections.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

import shapely
from shapely.geometry.base import BaseGeometry

from mapping.imports.reading.rows import Row


class Parts(StrEnum):
    """Treatment of multipart geometries."""

    WHOLE = "whole"
    SPLIT = "split"
    JOIN = "join"


def has_parts(geometry: BaseGeometry | None) -> bool:
    """Whether a place is a multipart geometry."""
    return geometry is not None and len(shapely.get_parts(geometry)) > 1


def parted(rows: Iterable[Row], parts: Parts) -> Iterator[Row]:
    """Yield rows, one for each part of a place if parts are to be split; `Row.part` numbers them from 1.

    With JOIN, the lines of a place become one in their order, across pauses between them, and areas that touch become
    one; what stays apart is split.
    """
    for row in rows:
        if parts is Parts.WHOLE or not has_parts(row.geometry):
            yield row
            continue
        assert row.geometry is not None  # noqa: S101 - for the type checker
        found = _flat(row.geometry)
        if parts is Parts.JOIN:
            found = _joined(found)
        if len(found) == 1:
            yield replace(row, geometry=found[0])
        else:
            for number, part in enumerate(found, start=1):
                yield replace(row, geometry=part, part=number)


def _flat(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The single parts of a collection, recursively."""
    found: list[BaseGeometry] = []
    for part in shapely.get_parts(geometry).tolist():
        found += _flat(part) if part.geom_type.startswith(("Multi", "GeometryCollection")) else [part]
    return [one for one in found if not one.is_empty]


def _joined(found: list[BaseGeometry]) -> list[BaseGeometry]:
    lines = [one for one in found if one.geom_type == "LineString"]
    areas = [one for one in found if one.geom_type == "Polygon"]
    others = [one for one in found if one.geom_type not in {"LineString", "Polygon"}]
    if len(lines) > 1:
        merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))).tolist()
        # Merging may reverse lines; its result is used only if no gap remains.
        lines = merged if len(merged) == 1 else [_bridged(lines)]
    if len(areas) > 1:
        areas = _flat(shapely.union_all(areas))
    return [*lines, *areas, *others]


def _bridged(lines: list[BaseGeometry]) -> BaseGeometry:
    """Connect all positions in order to one line."""
    positions = [tuple(position) for line in lines for position in shapely.get_coordinates(line).tolist()]
    kept = [one for index, one in enumerate(positions) if index == 0 or one != positions[index - 1]]
    return shapely.LineString(kept)
