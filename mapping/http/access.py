"""The requesting user, the requested campaign, and which contributions of it the user may read."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import User
from doors.models import LogInDoor
from mapping import rules
from mapping.models import Campaign, Contribution, ContributionStatus
from mapping.services import identity
from mapping.services.errors import NotAllowed
from mapping.services.record import record_look
from mapping.visitor import known_participant, note_wrong_key

EDIT_TOKEN_HEADER: Final = "X-Edit-Token"  # noqa: S105 - a header's name

_HEAVY: Final = ("area", "description", "outcome")


def user_of(request: Request) -> User | AnonymousUser:
    """Return the requesting user as `rules` expects it."""
    return request.user


def campaign_for(request: Request, slug: str) -> Campaign:
    """Return a campaign that the user may see (without its area and long texts); for others it does not exist."""
    campaign = Campaign.objects.defer(*_HEAVY).filter(slug=slug).first()
    if campaign is None or not rules.may_see_campaign(user_of(request), campaign):
        raise Http404
    return campaign


def readable_statuses(
    request: Request, campaign: Campaign, asked: tuple[str, ...] | None, view: str
) -> tuple[str, ...] | None:
    """Return None where the public gate decides, or the statuses that an analyst reads; raises where access is denied.

    Every access to a campaign that publishes cells is logged.
    """
    return statuses_of(user_of(request), campaign, asked, view)


def statuses_of(
    user: User | AnonymousUser, campaign: Campaign, asked: tuple[str, ...] | None, view: str
) -> tuple[str, ...] | None:
    """As `readable_statuses`, for a given user and without a request: background jobs read on behalf of a user."""
    if asked is None and rules.may_see_public_contributions(campaign):
        return None
    if not rules.may_analyse(user, campaign):
        if asked is None:
            raise NotAllowed("analysts_only" if campaign.publishes_points else "publishes_cells")
        if not user.is_authenticated:
            raise NotAuthenticated
        raise NotAllowed("analysts_only")
    record_look(user, campaign, view)
    return asked or (ContributionStatus.PUBLISHED.value,)


def public_contribution(campaign: Campaign, contribution_id: uuid.UUID) -> Contribution:
    """A contribution that everyone may see."""
    if not campaign.publishes_points:
        raise NotAllowed("publishes_cells")
    found = (
        Contribution.objects.all()
        .published()
        .filter(campaign=campaign, pk=contribution_id)
        .select_related("campaign", "category", "participant")
        .first()
    )
    if found is None:
        raise Http404
    return found


def own_contribution(request: Request, campaign: Campaign, contribution_id: uuid.UUID) -> Contribution | None:
    """Return the contribution if cookie or private link prove that it belongs to the requesting person."""
    token = request.headers.get(EDIT_TOKEN_HEADER)
    if token is not None:
        opened = identity.contribution_of_token(token)
        if opened is not None and opened.pk == contribution_id and opened.campaign_id == campaign.pk:
            return opened
        if opened is None:
            note_wrong_key(request._request, LogInDoor.PRIVATE_LINK)  # noqa: SLF001 - DRF's way to the plain request
    participant = known_participant(request._request, campaign)  # noqa: SLF001 - DRF's way to the plain request
    if participant is None:
        return None
    return (
        Contribution.objects.all()
        .by(participant)
        .filter(pk=contribution_id)
        .select_related("campaign", "category", "participant")
        .first()
    )


def required_own_contribution(
    request: Request, campaign: Campaign, contribution_id: uuid.UUID
) -> Contribution:
    """As `own_contribution`, or raise: 403 for public contributions, 404 for those hidden from everybody else."""
    own = own_contribution(request, campaign, contribution_id)
    if own is None:
        public_contribution(campaign, contribution_id)
        raise NotAllowed("not_author")
    return own
