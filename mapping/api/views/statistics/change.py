"""Change between two periods."""

from __future__ import annotations

from typing import Final

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.aggregation.statistics.change import Period, change
from mapping.aggregation.statistics.significance import FEWEST_PEOPLE
from mapping.api import openapi, shapes
from mapping.api.statistics_parameters import ALPHA, CELLS, DEFAULT_ALPHA, alpha_of, described, known
from mapping.exports.cells.statistics import change_compact, change_geojson
from mapping.filters.interval import Interval
from mapping.http.access import campaign_for
from mapping.http.parameters.heatmap import query_with_responses
from mapping.http.parameters.reading import Parameters
from mapping.http.views import GEOJSON, ApiView, text_response
from mapping.services.errors import invalid

_FORMS: Final = ("geojson", "compact")
_DATES: Final = frozenset({"datetime"})

_PROPERTIES = {
    "before": shapes.INTEGER,
    "after": shapes.INTEGER,
    "difference": shapes.integer("`after` less `before`, whatever the lengths of the periods."),
    "p": shapes.maybe(shapes.number("Exact and two-sided, against equal rates per day; null: not tested.")),
    "p_adjusted": shapes.maybe(shapes.number("Corrected for the number of cells (Benjamini and Hochberg).")),
    "class": {"type": "string", "enum": ["more", "fewer", "none"]},
}
_METHOD = shapes.members(
    statistic={"type": "string", "enum": ["conditional_poisson"]},
    correction={"type": "string", "enum": ["benjamini_hochberg"]},
    grid=shapes.TEXT,
    size=shapes.INTEGER,
    days_before=shapes.INTEGER,
    days_after=shapes.INTEGER,
    alpha=shapes.number(),
    fewest_people=shapes.integer(
        "So many different people a cell needs in its busier period to be `more` or `fewer`."
    ),
    tested={"type": "boolean", "description": "False where neither period has 30 people."},
)
_TOTALS = shapes.members(before=shapes.TOTALS, after=shapes.TOTALS)


class ChangeView(ApiView):
    """The heat map of one period against that of another."""

    @extend_schema(
        operation_id="read_change",
        tags=["statistics"],
        summary="Change between two periods",
        parameters=described(
            OpenApiParameter(
                "before", str, required=True, description="`2025-01-01/2025-12-31`; both days count."
            ),
            OpenApiParameter("after", str, required=True, description="The same for the second period."),
            ALPHA,
            OpenApiParameter("f", str, enum=_FORMS, default="geojson", description="`compact` is for maps."),
            of_heatmaps=CELLS,
            without=_DATES,
        ),
        responses={
            (200, GEOJSON): OpenApiResponse(
                shapes.collection(_PROPERTIES, totals=_TOTALS, method=_METHOD),
                description="Cells that hold something in either period.",
            ),
            (200, "application/json"): OpenApiResponse(
                shapes.compact(
                    "The cell (as in the heat map), before, after, difference, p, p_adjusted, class.",
                    totals=_TOTALS,
                    method=_METHOD,
                ),
                description="With f=compact.",
            ),
            **openapi.problems(400, 403, 404),
        },
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Contributions per cell in both periods, and whether their rates differ significantly."""
        campaign = campaign_for(request, slug)
        names = known(request, "before", "after", "alpha", "f", of_heatmaps=CELLS)
        parameters = Parameters(request.query_params, [name for name in names if name not in _DATES])
        intervals = {name: parameters.interval(name) for name in ("before", "after")}
        alpha = parameters.read("alpha", alpha_of) or DEFAULT_ALPHA
        form = parameters.choice("f", _FORMS, "geojson")
        query = query_with_responses(request, campaign, parameters, view="change")
        before, after = (_period(name, interval) for name, interval in intervals.items())
        found = change(query, before, after, alpha)
        size = 0 if query.grid == "district" else query.size
        method = {
            "statistic": "conditional_poisson",
            "correction": "benjamini_hochberg",
            "grid": query.grid,
            "size": size,
            "days_before": before.days,
            "days_after": after.days,
            "alpha": alpha,
            "fewest_people": FEWEST_PEOPLE,
            "tested": found.is_tested,
        }
        is_compact = form == "compact"
        write = change_compact if is_compact else change_geojson
        text = write(found, query.grid, size, method)
        return text_response(
            request, text.encode(), content_type="application/json" if is_compact else GEOJSON
        )


def _period(name: str, interval: Interval) -> Period:
    first, last = interval.first_day, interval.last_day
    if first is None or last is None:
        raise invalid(name, "period_open")
    return Period(first, last)
