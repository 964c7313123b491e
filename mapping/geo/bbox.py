"""Bounding boxes in the query of a URL."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from mapping.geo.errors import GeometryProblem

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_LONGEST_TEXT: Final = 400
_SIDES: Final = 4
_LARGEST_LON: Final = 180.0
_LARGEST_LAT: Final = 90.0


Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """West, south, east and north in degrees of longitude and latitude (WGS 84).

    `west` greater than `east` means a box that crosses the antimeridian (RFC 7946 section 5.2).
    """

    west: float
    south: float
    east: float
    north: float

    def boxes(self) -> tuple[Box, ...]:
        """Return one (west, south, east, north), or two where the box crosses the antimeridian."""
        if self.west <= self.east:
            return ((self.west, self.south, self.east, self.north),)
        return (
            (self.west, self.south, _LARGEST_LON, self.north),
            (-_LARGEST_LON, self.south, self.east, self.north),
        )


def parse_bbox(text: str) -> BoundingBox:
    """Read "west,south,east,north" in degrees (OGC API - Features Part 1, section 7.15.3; two dimensions only).

    Raises GeometryProblem "bbox_malformed", "bbox_not_finite", "bbox_out_of_range" or "bbox_inverted".
    """
    parts = [part.strip(" ") for part in text.split(",")] if len(text) <= _LONGEST_TEXT else []
    if len(parts) != _SIDES:
        raise GeometryProblem("bbox_malformed")
    west, south, east, north = (_number(part) for part in parts)
    if max(abs(west), abs(east)) > _LARGEST_LON or max(abs(south), abs(north)) > _LARGEST_LAT:
        raise GeometryProblem("bbox_out_of_range", west=west, south=south, east=east, north=north)
    if south > north:
        raise GeometryProblem("bbox_inverted", south=south, north=north)
    return BoundingBox(west, south, east, north)


def boxes_of(text: str) -> tuple[Box, ...]:
    """Read a box as one, or as two where it crosses the antimeridian; raises GeometryProblem as `parse_bbox` does."""
    return parse_bbox(text).boxes()


def _number(part: str) -> float:
    if _NOT_FINITE.fullmatch(part):
        raise GeometryProblem("bbox_not_finite")
    if not _NUMBER.fullmatch(part):
        raise GeometryProblem("bbox_malformed")
    number = float(part)
    if not math.isfinite(number):
        raise GeometryProblem("bbox_not_finite")
    return number
