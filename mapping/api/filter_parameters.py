"""The dimensions of the filter as parameters of the OpenAPI document."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter

from mapping.filters.contribution_filter import STATUSES
from mapping.filters.dimension import Dimension
from mapping.filters.dimensions import DIMENSIONS

_STATUS: Final = OpenApiParameter(
    "status",
    str,
    OpenApiParameter.QUERY,
    description=f"For analysts of the campaign: a comma list of {', '.join(STATUSES)}. Without it: published.",
)


def _described(dimension: Dimension[Any]) -> OpenApiParameter:
    is_object = dimension.schema["type"] == "object"
    return OpenApiParameter(
        dimension.name,
        dict(dimension.schema),
        OpenApiParameter.QUERY,
        description=dimension.description,
        style="deepObject" if is_object else None,
        explode=True if is_object else None,
    )


FILTERS: Final = (*(_described(one) for one in DIMENSIONS if not one.is_for_staff), _STATUS)
FOR_STAFF: Final = tuple(_described(one) for one in DIMENSIONS if one.is_for_staff)
"""Those for staff who may read responses and answers for staff, on the heat map and its statistics."""
