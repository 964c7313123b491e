"""Who took part: districts and groups of people beside their shares of the inhabitants, exact, for staff."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.statistics.representation import FEWEST_EXPECTED
from mapping.aggregation.statistics.residents import contributors_by_district
from mapping.aggregation.statistics.significance import FEWEST_VOICES
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign, ComparedAbout, Comparison, PopulationGrid
from mapping.models.survey.comparison import COMPARABLE
from mapping.planning.access import frame, log_exact_access, planners_only
from mapping.reports.representation import (
    ShownRepresentation,
    shown_comparisons,
    shown_representation,
)
from mapping.services.messages import sentence
from mapping.services.surveys.responses import questions_of
from mapping.services.surveys.results import exact_results


@dataclass(frozen=True, slots=True)
class ShownDistricts:
    """Contributors by district in words, or why there is no comparison."""

    shown: ShownRepresentation | None = None
    grid: PopulationGrid | None = None
    problem: str = ""


@require_safe
@planners_only(rules.may_read_responses)
def representation(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Compare everybody who took part with the inhabitants; access to protected campaigns is logged."""
    log_exact_access(request, campaign, "representation")
    questions = questions_of(campaign)
    stored = list(Comparison.objects.of(campaign.pk))
    comparisons = shown_comparisons(stored, exact_results(campaign, questions)) if stored else []
    with_comparison = {one.compared.comparison.question_id for one in comparisons}
    return render(
        request,
        "planning/representation.html",
        {
            **frame(request, campaign, "representation"),
            "comparisons": comparisons,
            "districts": _districts(campaign),
            "has_residence": any(
                one.compared.comparison.about == ComparedAbout.RESIDENCE for one in comparisons
            ),
            "others": [one for one in questions if one.kind in COMPARABLE and one.pk not in with_comparison],
            "has_survey": bool(questions),
            "may_manage": rules.may_manage(request.user, campaign),
            "fewest": FEWEST_VOICES,
            "fewest_expected": FEWEST_EXPECTED,
        },
    )


def _districts(campaign: Campaign) -> ShownDistricts:
    try:
        known, found = contributors_by_district(campaign.pk)
    except QueryProblem as problem:
        return ShownDistricts(problem=sentence(problem.code, problem.params))
    return ShownDistricts(shown_representation(found, "places"), known.grid)
