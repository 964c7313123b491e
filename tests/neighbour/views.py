"""Pages of the app, in the frames of `mapping`."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mapping import rules
from mapping.models import Campaign
from mapping.planning.access import frame, planners_only
from mapping.web.lookup import campaign_or_404
from tests.neighbour.models import Meeting


def meetings(request: HttpRequest, slug: str) -> HttpResponse:
    """The public meetings of a campaign."""
    campaign = campaign_or_404(request, slug)
    found = Meeting.objects.filter(campaign=campaign, is_public=True)
    return HttpResponse(", ".join(found.values_list("title", flat=True)))


@planners_only(rules.may_moderate)
def plan_meetings(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The meetings of a campaign for who prepares them."""
    return render(request, "neighbour/planning.html", frame(request, campaign, "meetings"))


@login_required
def all_meetings(request: HttpRequest) -> HttpResponse:
    """The meetings of the whole site."""
    return HttpResponse("All meetings")
