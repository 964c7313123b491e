"""Files of responses from the planners' page of a survey."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from doors.signin.again import fresh_to_send
from mapping import rules
from mapping.exports.responses.formats import responses_format
from mapping.http.export_jobs import start_responses
from mapping.http.exporting import responses_need_job
from mapping.http.messages import sentence
from mapping.http.parameters.responses import read_responses
from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.services.errors import TooMany


@require_POST
@planners_only(rules.may_read_responses)
@fresh_to_send
def order_file(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Send a file of responses, or have a large one written in the background."""
    wanted = responses_format(request.POST.get("format", ""))
    if wanted is None:
        raise Http404
    query = QueryDict(mutable=True)
    if request.POST.get("labels") in wanted.labels:
        query["labels"] = request.POST["labels"]
    address = reverse("api:responses-download", args=(campaign.slug, wanted.name))
    if not responses_need_job(wanted, campaign):
        return HttpResponseRedirect(f"{address}?{query.urlencode()}" if query else address)
    user = member(request)
    try:
        read_responses(query, user, campaign, wanted, "survey-page")
        job = start_responses(user, campaign, wanted, query, request.build_absolute_uri(address))
    except TooMany as error:
        messages.error(request, sentence("exports_busy", error.params))
        return HttpResponseRedirect(reverse("planning:survey", args=(campaign.slug,)) + "#files")
    return HttpResponseRedirect(reverse("export-job", args=(campaign.slug, job.pk)))
