"""What became of it: of one campaign as a timeline, of all campaigns in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from engagement import rules
from engagement.models import Plan
from engagement.services.outcomes import (
    FEWEST_FOR_A_SHARE,
    Outcome,
    outcomes_of,
    timeline_of,
    totals_of,
)
from mapping.models import Campaign, CampaignStatus
from mapping.web.languages import reading_of, readings_of, switch_of
from mapping.web.lookup import campaign_or_404

_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One campaign in the list, as it is read."""

    campaign: Campaign
    outcome: Outcome


@require_safe
def campaign_outcome(request: HttpRequest, slug: str) -> HttpResponse:
    """The timeline of a campaign with its public numbers; nothing is counted before it begins."""
    reading = reading_of(request, campaign_or_404(request, slug))
    now = timezone.now()
    is_upcoming = reading.original.status_at(now) == CampaignStatus.UPCOMING
    return render(
        request,
        "engagement/outcomes/campaign.html",
        {
            "campaign": reading.campaign,
            "languages": switch_of(request, reading),
            "timeline": timeline_of(reading, now),
            "outcome": None if is_upcoming else outcomes_of([reading.original]).get(reading.original.pk),
            "plans": Plan.objects.public().filter(campaign=reading.original).defer("place"),
            "may_edit": rules.may_edit_of_campaign(request.user, reading.original),
        },
    )


@require_safe
def all_outcomes(request: HttpRequest) -> HttpResponse:
    """All campaigns that have begun, the newest first: asked, contributed, answered, realised."""
    begun = Campaign.objects.visible().exclude(pk__in=Campaign.objects.upcoming(timezone.now()))
    campaigns = list(begun.only("pk", "is_draft", "publication").order_by("-opens_at", "-pk"))
    outcomes = outcomes_of(campaigns)
    page = Paginator(campaigns, _PAGE).get_page(request.GET.get("page"))
    shown = Campaign.objects.defer("area").in_bulk([one.pk for one in page])
    readings = readings_of([shown[one.pk] for one in page if one.pk in shown])
    return render(
        request,
        "engagement/outcomes/all.html",
        {
            "totals": totals_of(outcomes.values()),
            "rows": [Row(one.campaign, outcomes[one.original.pk]) for one in readings],
            "page": page,
            "fewest": FEWEST_FOR_A_SHARE,
        },
    )
