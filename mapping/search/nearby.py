"""Public contributions near a place that somebody marks: what may have been reported already."""

from __future__ import annotations

import math
from typing import Final

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, FloatField, Func, Value
from shapely.geometry.base import BaseGeometry

from mapping.geo.bbox import Box
from mapping.geo.crs import to_laea
from mapping.models import Campaign, Category, Contribution, Participant

REACH: Final = 100
"""Metres around a place in which a contribution may be about the same; lines and areas count from their nearest
point."""
MOST_NEARBY: Final = 5
_METRES_PER_DEGREE: Final = 111_000
_SMALLEST_COSINE: Final = 0.01


class _Metres(Func):
    """The distance of a geometry in EPSG:3035 from one in EPSG:4326 (EWKB in hexadecimal digits), in metres."""

    template = "ST_Distance(%(expressions)s)"
    output_field = FloatField()


class _InMetres(Func):
    template = "ST_Transform(%(expressions)s::text::geometry, 3035)"


def nearby(
    campaign: Campaign,
    geometry: GEOSGeometry,
    *,
    category: Category | None = None,
    without: Participant | None = None,
    limit: int = MOST_NEARBY,
) -> list[Contribution]:
    """Public contributions of a campaign within `REACH` of a place (EPSG:4326), the nearest first, with `metres`.

    Of one category where it is given, `without` those of one person. One query, and one for the questions.
    """
    found = Contribution.objects.published().filter(campaign=campaign).within_any([_box_around(geometry)])
    if category is not None:
        found = found.filter(category=category)
    if without is not None:
        found = found.exclude(participant=without)
    metres = _Metres(F("geom_laea"), _InMetres(Value(geometry.hexewkb.decode())))
    return list(
        found.annotate(metres=metres)
        .filter(metres__lte=REACH)
        .select_related("campaign", "category")
        .prefetch_related("category__questions")
        .defer("staff_answers")
        .order_by("metres", "-created_at", "-pk")[:limit]
    )


def stored_as(geometry: BaseGeometry) -> GEOSGeometry:
    """A parsed geometry (longitude, latitude) as the database has it.

    Raises GeometryProblem "crs_transform_failed" where no distance in EPSG:3035 can be measured from.
    """
    to_laea(geometry)
    return GEOSGeometry(memoryview(shapely.to_wkb(geometry)), srid=4326)


def _box_around(geometry: GEOSGeometry) -> Box:
    """A box that holds everything within `REACH`, in degrees: the index finds what meets it."""
    west, south, east, north = geometry.extent
    up = REACH / _METRES_PER_DEGREE
    cosine = max(_SMALLEST_COSINE, math.cos(math.radians(max(abs(south), abs(north)))))
    return west - up / cosine, south - up, east + up / cosine, north + up
