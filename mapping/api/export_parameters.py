"""The parameters of `mapping.http.parameters.export` for the OpenAPI document."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiParameter

from mapping.api.filter_parameters import FILTERS
from mapping.api.views.release import RELEASE
from mapping.exports import labels
from mapping.exports.registry import EXTRAS, formats
from mapping.http.parameters.export import crs_choices

_QUERY: Final = OpenApiParameter.QUERY

CRS: Final = OpenApiParameter(
    "crs",
    str,
    _QUERY,
    enum=crs_choices(),
    default=crs_choices()[0],
    description="EPSG code of coordinates; x is always to the east. KML and GPX know degrees only.",
)
_without: Final = ", ".join(f"`{one.name}`" for one in formats() if not (one.extras or one.has_all_extras))
_whole: Final = ", ".join(f"`{one.name}`" for one in formats() if one.has_all_extras)
_labelled: Final = ", ".join(f"`{one.name}`" for one in formats() if len(one.labels) > 1)
INCLUDE: Final = OpenApiParameter(
    "include",
    str,
    _QUERY,
    description=f"What comes along, a comma list of {', '.join(EXTRAS)}: published comments, all replies of the city, "
    "opinions counted by day. Tables of their own where a format has several, else lists of objects;"
    f" not in {_without}. All of it is always in {_whole}.",
)
LABELS: Final = OpenApiParameter(
    "labels",
    str,
    _QUERY,
    enum=labels.LABELS,
    default=labels.LABELS[0],
    description="What stands for choices: codes, their titles in the language of the request, or both"
    f" (`<name>_title` beside the code). In {_labelled}.",
)
DESCRIBED: Final = (*FILTERS, CRS, INCLUDE, LABELS, RELEASE)
