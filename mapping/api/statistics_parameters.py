"""Parameters of the statistics: which of the heat map's they accept, and their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.api.heatmap_parameters import DESCRIBED
from mapping.filters.problems import QueryProblem
from mapping.http.parameters import heatmap as heatmap_parameters

CELLS: Final = frozenset({"grid", "size"})
MEASURE: Final = frozenset({"measure"})
_OF_HEATMAPS: Final = CELLS | MEASURE | {"question"}

DEFAULT_ALPHA: Final = 0.05
ALPHA: Final = OpenApiParameter(
    "alpha",
    {"type": "number", "minimum": 0.001, "maximum": 0.2, "default": DEFAULT_ALPHA},
    OpenApiParameter.QUERY,
    description="The share of false finds that is taken into account: the level for `p_adjusted`.",
)
_ALPHAS: Final = (0.001, 0.2)


def known(request: Request, *more: str, of_heatmaps: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """All parameters of a view: the filters of heat maps, the given ones of their other parameters, and its own."""
    left_out = _OF_HEATMAPS - of_heatmaps
    return tuple(name for name in heatmap_parameters.known(request, *more) if name not in left_out)


def described(
    *more: OpenApiParameter, of_heatmaps: frozenset[str] = frozenset(), without: frozenset[str] = frozenset()
) -> list[OpenApiParameter]:
    """Describe the parameters of a view for the OpenAPI document."""
    left_out = (_OF_HEATMAPS - of_heatmaps) | without
    return [*more, *(one for one in DESCRIBED if one.name not in left_out)]


def sized(request: Request, query: HeatmapQuery, default: int) -> HeatmapQuery:
    """Set the view's default size if the request has none; heat maps have another default."""
    return query if "size" in request.query_params else replace(query, size=default)


def alpha_of(text: str) -> float:
    """Parse a level of significance; raises QueryProblem "not_a_level"."""
    lowest, highest = _ALPHAS
    try:
        alpha = float(text)
    except ValueError:
        alpha = -1.0
    if not lowest <= alpha <= highest:
        raise QueryProblem("not_a_level", minimum=lowest, maximum=highest)
    return alpha
