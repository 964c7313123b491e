"""Results of a survey for staff: exact numbers, tables of two questions, free texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.surveys.crosstab import FEW_PEOPLE, Axis, Only, axes_of, choices_of, cross_table
from mapping.aggregation.surveys.texts import Place, Texts, Writing, texts_of, writings_of
from mapping.models import Campaign
from mapping.planning.access import frame, log_exact_access, planners_only
from mapping.reports.survey_charts import shown_result
from mapping.services.surveys.responses import questions_of
from mapping.services.surveys.results import exact_results, offers_results

LONGEST_SEARCH: Final = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list to unfold; those of one `group` stand together."""

    value: str
    title: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Options under one heading."""

    title: str
    choices: Sequence[Choice]


@require_safe
@planners_only(rules.may_read_responses)
def survey(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The survey's page; its state is in the address. Access to protected campaigns is logged."""
    questions = questions_of(campaign)
    if not questions:
        raise Http404
    log_exact_access(request, campaign, "survey")
    axes = axes_of(campaign, questions)
    first, second = _axis(request, axes, "first"), _axis(request, axes, "second")
    only = next((one for one in choices_of(axes) if one.name == request.GET.get("only")), None)
    writings = list(writings_of(questions))
    writing = next(
        (one for one in writings if one.name == request.GET.get("text")), next(iter(writings), None)
    )
    search = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    after = Place.parse(request.GET.get("after", ""))
    texts = texts_of(campaign, writing, search, after) if writing is not None else None
    results = exact_results(campaign, questions)
    return render(
        request,
        "planning/survey.html",
        {
            **frame(request, campaign, "survey"),
            "results": results,
            "shown": [shown_result(one, is_exact=True) for one in results.questions],
            "has_public_results": offers_results(questions),
            "may_enter_paper": rules.may_enter_paper(request.user, campaign),
            "firsts": _choices(axes, first),
            "seconds": _choices(axes, second),
            "onlies": _groups(axes, only),
            "table": cross_table(campaign, first, second, only) if first and second else None,
            "first": first,
            "second": second,
            "only": only,
            "few": FEW_PEOPLE,
            "writings": [Choice(one.name, one.title, one == writing) for one in writings],
            "writing": writing,
            "search": search,
            "texts": texts,
            "is_first_page": after is None,
            "next_texts": _next(writing, search, texts),
        },
    )


def _axis(request: HttpRequest, axes: Iterable[Axis], name: str) -> Axis | None:
    return next((axis for axis in axes if axis.name == request.GET.get(name)), None)


def _choices(axes: Iterable[Axis], current: Axis | None) -> list[Choice]:
    return [Choice(axis.name, axis.title, axis == current) for axis in axes]


def _groups(axes: Iterable[Axis], current: Only | None) -> list[Group]:
    return [
        Group(
            axis.title,
            [
                Choice(f"{axis.name}={value}", title, current == Only(axis, value))
                for value, title in axis.values
            ],
        )
        for axis in axes
    ]


def _next(writing: Writing | None, search: str, texts: Texts | None) -> str:
    """The address of the next page of texts."""
    if writing is None or texts is None or texts.next is None:
        return ""
    values = {"text": writing.name, "q": search, "after": str(texts.next)}
    return "?" + urlencode({name: value for name, value in values.items() if value}) + "#texts"
