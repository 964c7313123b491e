"""The public results of a survey."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.models import CampaignStatus, Comparison
from mapping.reports.opinions import address_of
from mapping.reports.representation import shown_comparisons
from mapping.reports.survey_charts import shown_result
from mapping.services.surveys.responses import questions_of
from mapping.services.surveys.results import offers_results, public_results, questions_shown
from mapping.web.languages import reading_of, switch_of
from mapping.web.lookup import campaign_or_404
from mapping.web.opinions import public_standing


@require_safe
@never_cache
def results_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What people answered, as bars and tables; without JavaScript. 404 where nothing is or will be public."""
    reading = reading_of(request, campaign_or_404(request, slug))
    campaign = reading.campaign
    questions = reading.all(questions_of(campaign))
    standing = public_standing(request, campaign)
    if standing is None and not offers_results(questions):
        raise Http404
    now = timezone.now()
    results = public_results(campaign, now, questions)
    return render(
        request,
        "mapping/results.html",
        {
            "campaign": campaign,
            "languages": switch_of(request, reading),
            "results": results,
            "has_survey": offers_results(questions),
            "standing": standing,
            "csv_url": address_of(reverse("opinions-csv", args=(campaign.slug,)), standing),
            "shown": [shown_result(one) for one in results.questions],
            "comparisons": shown_comparisons(Comparison.objects.of(campaign.pk).public(), results),
            "has_hidden": any(one.is_suppressed for one in results.questions),
            "is_over": campaign.status_at(now) == CampaignStatus.CLOSED,
            "waits_for_people": results.made_at is None and any(questions_shown(campaign, questions, now)),
            "may_read_responses": rules.may_read_responses(request.user, campaign),
        },
    )
