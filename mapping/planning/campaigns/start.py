"""The start page of planners: their campaigns and pending reviews."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.models import Role, User
from mapping import rules
from mapping.models import Campaign, CampaignStatus, Comment, Contribution, ContributionStatus, Flag
from mapping.models.setup.profile import current_city
from mapping.planning.access import log_exact_access, member
from mapping.planning.ways import sections_for
from mapping.services.messages import sentence
from mapping.services.retained.spans import days_coming
from mapping.services.setup.city.missing import missing_of

_ORDER = {CampaignStatus.OPEN: 0, CampaignStatus.UPCOMING: 1, CampaignStatus.CLOSED: 2}


@dataclass(frozen=True, slots=True)
class CampaignCard:
    """A campaign with its member's permissions and pending reviews."""

    campaign: Campaign
    status: CampaignStatus
    pending: int
    published: int
    rejected: int
    pending_comments: int
    reports: int
    deletes_on: date | None
    """The next day within a month on which data are deleted as promised."""
    may_moderate: bool
    may_analyse: bool
    may_import: bool
    may_manage: bool

    @property
    def waiting(self) -> int:
        """The number of all pending reviews."""
        return self.pending + self.pending_comments


@login_required
@never_cache
def campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns of the member: running ones first, those with waiting contributions before the others."""
    cards = campaign_cards(member(request))
    for card in cards:
        # Not a place, but its number is not public either.
        log_exact_access(request, card.campaign, "campaigns")
    return render(
        request,
        "planning/campaigns.html",
        {
            "cards": cards,
            "may_make": rules.may_make_campaigns(member(request)),
            "sections": sections_for(member(request), "campaigns"),
            "waiting": sum(card.waiting for card in cards if card.may_moderate),
            "waiting_for_others": sum(card.waiting for card in cards if not card.may_moderate),
            "missing": _missing(member(request)),
        },
    )


def _missing(user: User) -> list[str]:
    """What the city's page lacks, in words, for those who may mend it."""
    return [sentence(code) for code in missing_of(current_city())] if rules.may_edit_city(user) else []


def campaign_cards(user: User) -> list[CampaignCard]:
    """A card per campaign of a user, in a fixed number of queries."""
    found = list(Campaign.objects.for_member(user).defer("area", "description", "outcome"))
    moderated = set(_campaigns_as(user, Role.MODERATOR))
    analysed = set(_campaigns_as(user, Role.ANALYST))
    managed = set(_campaigns_as(user, Role.MANAGER))
    counts = _contributions_by_status(found)
    comments = _pending_comments(found)
    reports = Flag.objects.undecided().numbers_of(found)
    days = days_coming(found)
    now = timezone.now()
    cards = [
        CampaignCard(
            campaign=campaign,
            status=campaign.status_at(now),
            pending=counts[campaign.pk][ContributionStatus.PENDING],
            published=counts[campaign.pk][ContributionStatus.PUBLISHED],
            rejected=counts[campaign.pk][ContributionStatus.REJECTED],
            pending_comments=comments.get(campaign.pk, 0),
            reports=reports.get(campaign.pk, 0),
            deletes_on=days.get(campaign.pk),
            may_moderate=campaign.pk in moderated,
            may_analyse=campaign.pk in analysed,
            may_import=campaign.pk in managed,
            may_manage=campaign.pk in managed,
        )
        for campaign in found
    ]
    return sorted(cards, key=lambda card: (_ORDER[card.status], not card.waiting, card.campaign.title))


def _campaigns_as(user: User, role: Role) -> list[int]:
    """Campaigns in which a user has a role, or is manager: the set form of `rules.has_role`."""
    return list(Campaign.objects.for_member(user, Role.MANAGER, role).values_list("pk", flat=True))


def _contributions_by_status(found: list[Campaign]) -> dict[int, dict[str, int]]:
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = (
        Contribution.objects.filter(campaign__in=found)
        .order_by()
        .values_list("campaign_id", "status")
        .annotate(number=Count("pk"))
    )
    for campaign, status, number in rows:
        counts[campaign][status] = number
    return counts


def _pending_comments(found: list[Campaign]) -> dict[int, int]:
    rows = (
        Comment.objects.pending()
        .filter(contribution__campaign__in=found)
        .order_by()
        .values_list("contribution__campaign_id")
        .annotate(number=Count("pk"))
    )
    return dict(rows)
