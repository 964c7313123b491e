"""Places that people marked as an answer to the survey, as a layer over the cells of the heat map."""

from collections.abc import Sequence

import numpy as np
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.surveys.placed import squares_of_answers
from mapping.filters.choices import Choices
from mapping.geo.crs import laea_to_lonlat
from mapping.geo.grid import Cell
from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.services.record import record_access

_DIGITS = 6
"""Decimals of degrees: a tenth of a metre."""


@require_safe
@planners_only(rules.may_read_responses)
def places(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The squares of 100 m with answers to `question`, as GeoJSON points in their middle with the number of people.

    Each use is recorded, whatever the campaign publishes. A question that does not ask for a place has no answers.
    """
    slug = request.GET.get("question", "")
    question = next((one for one in Choices(campaign, for_staff=True).places if one.slug == slug), None)
    squares = [] if question is None else squares_of_answers(campaign, question)
    record_access(member(request).pk, campaign, "heatmap-places")
    return JsonResponse(
        {"type": "FeatureCollection", "features": _features(squares)}, content_type="application/geo+json"
    )


def _features(squares: Sequence[tuple[Cell, int]]) -> list[dict[str, object]]:
    if not squares:
        return []
    centres = laea_to_lonlat(np.array([cell.centre_laea() for cell, _people in squares]))
    return [
        {
            "type": "Feature",
            "id": cell.id,
            "geometry": {"type": "Point", "coordinates": position},
            "properties": {"participants": people},
        }
        for (cell, people), position in zip(squares, centres.round(_DIGITS).tolist(), strict=True)
    ]
