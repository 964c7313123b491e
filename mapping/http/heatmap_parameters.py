"""What heat maps, hot spots, clusters and statistics are asked in common: the parameters of `HeatmapQuery`."""

from __future__ import annotations

import re
from typing import Final

from django.http import QueryDict
from rest_framework.request import Request

from mapping.aggregation.heatmap.query import (
    GRIDS,
    MEASURES,
    SOURCES,
    AnswerFilter,
    HeatmapQuery,
    hours_of,
    weekdays_of,
)
from mapping.geo.grid import SIZES
from mapping.http.access import readable_statuses
from mapping.http.parameters import STATUSES, Parameters
from mapping.models import Campaign, ContributionStatus, District

KNOWN: Final = (
    "grid",
    "size",
    "measure",
    "question",
    "category",
    "datetime",
    "weekday",
    "hours",
    "source",
    "district",
    "answers[slug]",
    "status",
)
"""Names of parameters; `answers[slug]` stands for one per question: see `known`."""

DEFAULT_SIZE: Final = 500
_ANSWER: Final = re.compile(r"answers\[([-\w]{1,80})\]")


def known(request: Request, *more: str) -> tuple[str, ...]:
    """All names that a view understands: `KNOWN`, its own, and the questions that this request asks about."""
    return (*KNOWN, *more, *(f"answers[{slug}]" for slug in asked_questions(request.query_params)))


def heatmap_query(
    request: Request, campaign: Campaign, parameters: Parameters, *, view: str = "heatmap"
) -> HeatmapQuery:
    """Read the query of a request, its access checked (`access.readable_statuses`, which logs `view`).

    Raises Invalid for wrong parameters, also those that the view has read before; NotAllowed, NotAuthenticated.
    Questions are looked up by whoever counts (HeatmapProblem).
    """
    grid = parameters.choice("grid", GRIDS, "square")
    size = parameters.choice("size", [str(size) for size in SIZES], str(DEFAULT_SIZE))
    measure = parameters.choice("measure", MEASURES, "contributions")
    question = parameters.text("question")
    interval = parameters.interval()
    weekdays = parameters.read("weekday", weekdays_of)
    hours = parameters.read("hours", hours_of)
    sources = parameters.choices("source", SOURCES)
    asked = parameters.choices("status", STATUSES)
    categories = (
        dict(campaign.categories.values_list("slug", "pk")) if "category" in request.query_params else {}
    )
    chosen = parameters.choices("category", categories, "unknown_category")
    districts = district_ids(request.query_params, campaign, parameters)
    answers = answer_filters(request.query_params, parameters)
    statuses = readable_statuses(request, campaign, asked, view)
    parameters.done()
    query = HeatmapQuery(
        campaign_id=campaign.pk,
        size=int(size),
        category_ids=None if chosen is None else tuple(categories[slug] for slug in chosen),
        start=interval.first_day(),
        end=interval.last_day(),
        statuses=statuses or (ContributionStatus.PUBLISHED.value,),
        grid=grid,
        weekdays=weekdays,
        hours=hours,
        sources=sources,
        district_ids=districts,
        answers=answers,
        measure=measure,
        question=question,
    )
    query.check()
    return query


def district_ids(query: QueryDict, campaign: Campaign, parameters: Parameters) -> tuple[int, ...] | None:
    """The districts that `district` names by code."""
    if "district" not in query:
        return None
    codes = dict(District.objects.filter(layer=campaign.district_layer_id).values_list("code", "pk"))
    chosen = parameters.choices("district", codes, "unknown_district" if codes else "no_districts")
    return None if chosen is None else tuple(codes[code] for code in chosen)


def answer_filters(query: QueryDict, parameters: Parameters) -> tuple[AnswerFilter, ...]:
    """The answers that `answers[slug]` asks for."""
    return tuple(
        AnswerFilter(slug, values)
        for slug in asked_questions(query)
        if (values := parameters.words(f"answers[{slug}]"))
    )


def asked_questions(query: QueryDict) -> tuple[str, ...]:
    """The questions that `answers[slug]` names."""
    return tuple(match[1] for name in query if (match := _ANSWER.fullmatch(name)))
