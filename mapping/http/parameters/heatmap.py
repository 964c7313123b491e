"""Query parameters shared by heat maps, hot spots, clusters and statistics: those of `HeatmapQuery`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

from rest_framework.request import Request

from mapping import rules
from mapping.aggregation.heatmap.query import GRIDS, MEASURES, HeatmapQuery
from mapping.filters.answers import asked_questions, parameters_for_staff
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import STATUSES, ContributionFilter
from mapping.filters.dimension import Dimension
from mapping.filters.dimensions import DIMENSIONS
from mapping.geo.grid import SIZES
from mapping.http.access import readable_statuses, user_of
from mapping.http.parameters.reading import Parameters
from mapping.models import Campaign
from mapping.services.record import record_access

FILTERS: Final = (
    *(name for one in DIMENSIONS if not one.is_for_staff for name in one.parameters),
    "status",
)
"""Names of all filter parameters; `answers[slug]` (one per question) comes in addition.

`staff_answers[slug]` and `responses[slug]` are none of them: only `query_with_responses` accepts these, from those who
may read responses.
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
    for_staff: bool = False,
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
    wanted = ContributionFilter.read(parameters, Choices(campaign, for_staff), without)
    statuses = readable_statuses(request, campaign, asked, view)
    parameters.done()
    query = HeatmapQuery(
        campaign_id=campaign.pk,
        size=int(size),
        filter=wanted.with_statuses(statuses),
        grid=grid,
        measure=measure,
        question=question,
        for_staff=for_staff,
    )
    query.check()
    return query


def query_with_responses(
    request: Request, campaign: Campaign, parameters: Parameters, *, view: str = "heatmap"
) -> HeatmapQuery:
    """As `heatmap_query`; those who may read responses can filter by them and by answers for staff, and measure both.

    Each such use is logged, whatever the campaign publishes.
    """
    user = user_of(request)
    for_staff = rules.may_read_responses(user, campaign)
    if for_staff:
        parameters.accept(*parameters_for_staff(parameters.names))
    query = heatmap_query(request, campaign, parameters, view=view, for_staff=for_staff)
    for source in sorted(query.staff_sources):
        record_access(user.pk, campaign, f"{view}-{source.replace('_', '-')}")
    return query
