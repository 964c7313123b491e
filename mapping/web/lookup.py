"""Lookup of the objects of an address through the gate: 404 for everything that the visitor may not see."""

import uuid

from django.http import Http404, HttpRequest

from mapping import rules
from mapping.models import Campaign, Comment, Contribution
from mapping.visitor import known_participant


def campaign_or_404(request: HttpRequest, slug: str) -> Campaign:
    """The campaign with its categories and questions; drafts are visible to members only."""
    campaigns = Campaign.objects.select_related("district_layer", "picture").prefetch_related(
        "categories__questions"
    )
    campaign = campaigns.filter(slug=slug).first()
    if campaign is None or not rules.may_see_campaign(request.user, campaign):
        raise Http404
    return campaign


def contribution_or_404(request: HttpRequest, slug: str, pk: uuid.UUID) -> tuple[Contribution, bool]:
    """A public contribution, or the visitor's own in any status; and whether it is their own."""
    campaign = campaign_or_404(request, slug)
    participant = known_participant(request, campaign)
    shown = Contribution.objects.filter(campaign=campaign, pk=pk).select_related("category", "participant")
    if participant is not None and (own := shown.by(participant).first()):
        own.campaign = campaign
        return own, True
    found = shown.published().first()
    if found is None:
        raise Http404
    found.campaign = campaign
    return found, False


def comment_or_404(contribution: Contribution, public_id: uuid.UUID) -> Comment:
    """A published comment on a contribution that everyone may see."""
    found = Comment.objects.published().filter(contribution=contribution, public_id=public_id).first()
    if found is None:
        raise Http404
    found.contribution = contribution
    return found
