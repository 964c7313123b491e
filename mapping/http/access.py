"""The requesting user, the requested campaign, and which contributions of it the user may read."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from accounts.models import User
from doors.models import LogInDoor
from mapping import rules
from mapping.models import Campaign, Contribution, ContributionStatus, Question
from mapping.models import Response as SurveyResponse
from mapping.services import identity
from mapping.services.errors import Missing, NotAllowed
from mapping.services.record import record_reading
from mapping.services.surveys.responses import own_response as response_by
from mapping.visitor import known_participant, note_wrong_key

AuthoredT = TypeVar("AuthoredT", Contribution, SurveyResponse)

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

    Every access to a campaign that publishes cells is logged; the audit log has all of them.
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
    record_reading(user, campaign, view)
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
    opened = _opened(request, campaign, contribution_id, identity.contribution_of_token)
    if opened is not None:
        return opened
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


def survey_for(request: Request, slug: str) -> Campaign:
    """As `campaign_for`, of a campaign with a survey; raises Missing "no_survey" for others."""
    campaign = campaign_for(request, slug)
    if not Question.objects.filter(campaign=campaign).exists():
        raise Missing("no_survey")
    return campaign


def required_own_response(request: Request, campaign: Campaign, response_id: uuid.UUID) -> SurveyResponse:
    """The response that cookie or private link prove to be the requesting person's; for all others there is none."""
    own = _opened(request, campaign, response_id, identity.response_of_token)
    if own is None:
        participant = known_participant(request._request, campaign)  # noqa: SLF001 - DRF's way to the plain request
        own = response_by(campaign, participant, response_id)
    if own is None:
        raise Http404
    return own


def _opened(
    request: Request, campaign: Campaign, pk: uuid.UUID, of_token: Callable[[str], AuthoredT | None]
) -> AuthoredT | None:
    """What the private link in the header opens, where it is the one that the address names."""
    token = request.headers.get(EDIT_TOKEN_HEADER)
    if token is None:
        return None
    opened = of_token(token)
    if opened is None:
        note_wrong_key(request._request, LogInDoor.PRIVATE_LINK)  # noqa: SLF001 - DRF's way to the plain request
        return None
    return opened if opened.pk == pk and opened.campaign_id == campaign.pk else None
