"""Results of a survey for staff: exact numbers, and tables of two axes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.surveys.texts import writings_of
from mapping.models import Campaign
from mapping.planning.access import frame, log_reading, planners_only
from mapping.planning.surveys.cross import crossing_of
from mapping.reports.survey_charts import shown_result
from mapping.services.surveys.responses import questions_of
from mapping.services.surveys.results import exact_results, offers_results


@require_safe
@planners_only(rules.may_read_responses)
def survey(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The survey's page; its state is in the address. Each look is recorded, whatever the campaign publishes."""
    questions = questions_of(campaign)
    if not questions:
        raise Http404
    log_reading(request, campaign, "survey")
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
            "crossing": crossing_of(request, campaign, questions),
            "has_texts": any(True for _one in writings_of(questions)),
        },
    )
