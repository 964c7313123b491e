"""Query parameters shared by heat maps, hot spots, clusters and statistics: those of `HeatmapQuery`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from rest_framework.request import Request

from mapping import rules
from mapping.aggregation.heatmap.query import GRIDS, MEASURES, HeatmapQuery
from mapping.filters.answers import asked_questions
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import PUBLISHED_ONLY, STATUSES, ContributionFilter
from mapping.filters.dimension import Dimension
from mapping.filters.dimensions import DIMENSIONS
from mapping.geo.grid import SIZES
from mapping.http.access import readable_statuses, user_of
from mapping.http.parameters.reading import Parameters
from mapping.models import Campaign
from mapping.services.record import record_access

FILTERS: Final = (
    *(name for one in DIMENSIONS if not one.is_of_responses for name in one.parameters),
    "status",
)
"""Names of all filter parameters; `answers[slug]` (one per question) comes in addition.

`responses[slug]` is none of them: only `query_with_responses` accepts it, from those who may read responses.
"""

KNOWN: Final = ("grid", "size", "measure", "question", *FILTERS)
DEFAULT_SIZE: Final = 500


def known_names(names: Iterable[str], *more: str) -> tuple[str, ...]:
    """Return all names of filter parameters, the given others, and the `answers[slug]` that a request contains."""
    return (*FILTERS, *more, *(f"answers[{slug}]" for slug in asked_questions(names)))


def known(request: Request, *more: str) -> tuple[str, ...]:
    """Return all parameters that a heat map view accepts: `KNOWN`, its own, and the questions named in the request."""
    return known_names(request.query_params, "grid", "size", "measure", "question", *more)


def heatmap_query(
    request: Request,
    campaign: Campaign,
    parameters: Parameters,
    *,
    view: str = "heatmap",
    without: Collection[Dimension[Any]] = (),
    reads_responses: bool = False,
) -> HeatmapQuery:
    """Parse the query of a request after checking access (`access.readable_statuses`, which logs `view`).

    Raises Invalid for wrong parameters, including those that the view has read before; NotAllowed, NotAuthenticated.
    Questions are looked up later, by the functions that count (QueryProblem).
    """
    grid = parameters.choice("grid", GRIDS, "square")
    size = parameters.choice("size", [str(size) for size in SIZES], str(DEFAULT_SIZE))
    measure = parameters.choice("measure", MEASURES, "contributions")
    question = parameters.text("question")
    asked = parameters.choices("status", STATUSES)
    wanted = ContributionFilter.read(parameters, Choices(campaign, reads_responses), without)
    statuses = readable_statuses(request, campaign, asked, view)
    parameters.done()
    query = HeatmapQuery(
        campaign_id=campaign.pk,
        size=int(size),
        filter=wanted.with_statuses(statuses or PUBLISHED_ONLY),
        grid=grid,
        measure=measure,
        question=question,
        reads_responses=reads_responses,
    )
    query.check()
    return query


def query_with_responses(
    request: Request, campaign: Campaign, parameters: Parameters, *, view: str = "heatmap"
) -> HeatmapQuery:
    """As `heatmap_query`; those who may read responses can filter by `responses[slug]` and measure these answers.

    Each such use is logged, whatever the campaign publishes.
    """
    user = user_of(request)
    reads_responses = rules.may_read_responses(user, campaign)
    if reads_responses:
        parameters.accept(*(f"responses[{slug}]" for slug in asked_questions(parameters.names, "responses")))
    query = heatmap_query(request, campaign, parameters, view=view, reads_responses=reads_responses)
    if query.uses_responses:
        record_access(user.pk, campaign, f"{view}-responses")
    return query
