"""Areas, of a campaign or of the city, from what planners have: districts, a drawing, a file."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

import shapely
from django.contrib.gis.geos import MultiPolygon
from django.core.files.uploadedfile import UploadedFile
from shapely.errors import ShapelyError

from accounts.models import User
from mapping.imports.outlines import is_area, is_on_earth, read_outline, united
from mapping.imports.reading import uploads
from mapping.imports.reading.tables import Reading
from mapping.imports.rejections import ImportReport, drained
from mapping.models import Campaign, District, DistrictLayer
from mapping.services.errors import invalid

LONGEST_DRAWING: Final = 2_000_000
"""Characters of GeoJSON."""


def city_of(layer: DistrictLayer) -> MultiPolygon:
    """The union of all districts of a layer; raises Invalid "layer_needed" for `layer` where it has none."""
    found = list(District.objects.filter(layer=layer).values_list("geom", flat=True))
    outline = united(shapely.from_wkb([bytes(one.wkb) for one in found])) if found else None
    if outline is None:
        raise invalid("layer", "layer_needed")
    return outline


def districts_of(ids: Collection[int]) -> MultiPolygon:
    """The union of some districts; raises Invalid "districts_needed" for `districts` where none of them exists."""
    found = list(District.objects.filter(pk__in=ids).values_list("geom", flat=True))
    outline = united(shapely.from_wkb([bytes(one.wkb) for one in found])) if found else None
    if outline is None:
        raise invalid("districts", "districts_needed")
    return outline


def drawn(text: str) -> MultiPolygon:
    """A GeoJSON polygon, or several; raises Invalid "not_an_outline" for `drawn`."""
    refused = invalid("drawn", "not_an_outline")
    if len(text) > LONGEST_DRAWING:
        raise refused
    try:
        geometry = shapely.from_geojson(json.dumps(json.loads(text)))
    except (ShapelyError, ValueError, RecursionError):
        raise refused from None
    if not is_area(geometry):
        raise refused
    outline = united([geometry])
    if outline is None or not is_on_earth(outline):
        raise refused
    return outline


def area_of_file(file: UploadedFile[bytes], actor: User, campaign: Campaign | None) -> MultiPolygon:
    """The union of the polygons in an uploaded file, which is not kept; raises TableProblem, NotStored."""
    upload = uploads.keep(file, "area", actor, campaign)
    try:
        with upload.opened(Reading()) as table:
            return drained(read_outline(table, None, ImportReport()))
    finally:
        uploads.forget(upload)
