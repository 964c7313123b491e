"""The parameters of `mapping.http.parameters.heatmap` for the OpenAPI document."""

from __future__ import annotations

from typing import Final

from drf_spectacular.utils import OpenApiParameter

from mapping.aggregation.heatmap.query import GRIDS, MEASURES
from mapping.api.filter_parameters import FILTERS, FOR_STAFF
from mapping.geo.grid import SIZES
from mapping.http.parameters.heatmap import DEFAULT_SIZE

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
        "question",
        str,
        _QUERY,
        description="For `measure=mean`: the short name of a scale or number; `slug:choice` for the share of those who"
        " chose it (per cent; yes is `slug:true`) or its mean place in a ranking; of staff who may read responses also"
        " `responses[slug]`, `responses[slug:choice]`, `responses[slug:statement]` (mean step of a matrix).",
    ),
    *FILTERS,
    *FOR_STAFF,
)
