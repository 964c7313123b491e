"""What waits for a review in all campaigns of a moderator, the oldest first."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts.models import Role
from mapping.filters.words import searched
from mapping.models import Campaign, Contribution
from mapping.places.words import name_places
from mapping.planning.access import log_exact_access, log_staff_answers, member
from mapping.planning.moderation.keyset import Cursor, page_of
from mapping.planning.moderation.queue_state import QueueState
from mapping.planning.ways import sections_for


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A contribution that waits, and its address in the queue of its campaign."""

    contribution: Contribution
    address: str


@login_required
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """Contributions that wait in any campaign that the member moderates, searched by words; one's own on request."""
    user = member(request)
    campaigns = Campaign.objects.for_member(user, Role.MANAGER, Role.MODERATOR)
    words, is_mine = searched(request.GET.get("q", "")), request.GET.get("mine") == "1"
    rows = Contribution.objects.pending().filter(campaign__in=campaigns)
    if words:
        rows = rows.containing(words)
    if is_mine:
        rows = rows.assigned_to(user)
    after, before = (Cursor.parse(request.GET.get(name, ""), Contribution) for name in ("after", "before"))
    shown = rows.select_related("campaign", "category").prefetch_related("photos", "category__questions")
    page = page_of(shown, newest_first=False, after=after, before=before)
    name_places(page.rows)
    # In the list answers stand for a text that is missing.
    answered = [row for row in page.rows if not row.text]
    for campaign in {row.campaign_id: row.campaign for row in page.rows}.values():
        log_exact_access(request, campaign, "waiting")
        theirs = (row for row in answered if row.campaign_id == campaign.pk)
        log_staff_answers(request, campaign, theirs, "waiting")
    return render(
        request,
        "planning/waiting.html",
        {
            "rows": [
                WaitingRow(row, QueueState(item=str(row.pk)).address(row.campaign)) for row in page.rows
            ],
            "page": page,
            "total": rows.order_by().count(),
            "words": words,
            "is_mine": is_mine,
            "sections": sections_for(user, "waiting"),
        },
    )
