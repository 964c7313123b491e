"""The parameters of `mapping.http.heatmap_parameters` for the OpenAPI document."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiParameter

from mapping.aggregation.heatmap.query import GRIDS, MEASURES, SOURCES
from mapping.api import openapi
from mapping.geo.grid import SIZES
from mapping.http.heatmap_parameters import DEFAULT_SIZE

_QUERY: Final = OpenApiParameter.QUERY

DESCRIBED: Final = (
    OpenApiParameter("grid", str, _QUERY, enum=GRIDS, default="square"),
    OpenApiParameter(
        "size",
        int,
        _QUERY,
        enum=SIZES,
        default=DEFAULT_SIZE,
        description="Metres: the edge of a square or of a hexagon (EPSG:3035). Districts have none.",
    ),
    OpenApiParameter(
        "measure",
        str,
        _QUERY,
        enum=MEASURES,
        default="contributions",
        description="`participants` are the people who contributed. `support`, `opposition`, `balance` (support less"
        " opposition) and `mean` (of the answers to `question`) add a `value`.",
    ),
    OpenApiParameter(
        "question", str, _QUERY, description="Short name of a scale or number, for `measure=mean`."
    ),
    openapi.CATEGORY,
    openapi.DATETIME,
    OpenApiParameter(
        "weekday", str, _QUERY, description="Days of the week, 1 (Monday) to 7: `6,7`. Local time."
    ),
    OpenApiParameter(
        "hours",
        str,
        _QUERY,
        description="Hours of the day, the last one excluded: `20-6` is 20:00 to 05:59. Local time.",
    ),
    OpenApiParameter(
        "source", str, _QUERY, description=f"How contributions came in, a comma list of {', '.join(SOURCES)}."
    ),
    OpenApiParameter("district", str, _QUERY, description="Codes of districts, as a comma list or repeated."),
    OpenApiParameter(
        "answers",
        {"type": "object", "additionalProperties": {"type": "string"}},
        _QUERY,
        style="deepObject",
        explode=True,
        description="`answers[slug]=a,b`: the answer to a question with choices, a scale, or yes or no (`true`,"
        " `false`) is one of these. Several questions must all match.",
    ),
    openapi.STATUS,
)
