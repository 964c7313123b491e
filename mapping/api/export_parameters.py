"""The parameters of `mapping.rest.export_parameters` for the OpenAPI document."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiParameter

from mapping.api import openapi
from mapping.api.heatmap_parameters import DESCRIBED as OF_HEATMAPS
from mapping.api.views.release import RELEASE
from mapping.exports.registry import EXTRAS
from mapping.rest.export_parameters import KNOWN, crs_choices

_QUERY: Final = OpenApiParameter.QUERY

CRS: Final = OpenApiParameter(
    "crs",
    str,
    _QUERY,
    enum=crs_choices(),
    default=crs_choices()[0],
    description="EPSG code of coordinates; x is always to the east. KML and GPX know degrees only.",
)
INCLUDE: Final = OpenApiParameter(
    "include",
    str,
    _QUERY,
    description=f"What comes along, a comma list of {', '.join(EXTRAS)}: published comments, all replies of the city, "
    "opinions counted by day. Tables of their own where a format has several, else lists of objects; not in `kml`,"
    " `gpx`, `fgb`, `parquet`.",
)
_SHARED: Final = frozenset({name.removesuffix("[slug]") for name in KNOWN})

DESCRIBED: Final = (
    openapi.BBOX,
    *(one for one in OF_HEATMAPS if one.name in _SHARED),
    CRS,
    INCLUDE,
    RELEASE,
)
