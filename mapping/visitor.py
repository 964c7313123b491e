"""The person behind a request: read from the signed cookie, remembered by answers to writes only.

Merely reading sets no cookie, so a visitor who contributes nothing leaves nothing behind and needs no banner.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from doors import guesses, proofs
from doors.levels import Full
from doors.models import LogInDoor
from doors.networks import network_of
from doors.visitors import Door, pass_through
from mapping.models import Campaign, Participant
from mapping.services import identity
from mapping.services.errors import ProofNeeded, TooMany

CAN_PROVE: Final = "Can-Prove"
"""The header of scripts that solve challenges: what they send need not wait for a review."""


@dataclass(frozen=True)
class Visitor:
    """A person by the secret of their browser; `is_new` where the browser brought none (or a forged one)."""

    secret: str
    is_new: bool


def visitor_of(request: HttpRequest) -> Visitor:
    """The person behind a request that writes."""
    secret = _secret_of(request)
    return Visitor(identity.new_secret(), is_new=True) if secret is None else Visitor(secret, is_new=False)


def remember(response: HttpResponseBase, visitor: Visitor) -> None:
    """Let the browser keep the person's secret; every write prolongs it."""
    response.set_cookie(
        settings.PARTICIPANT_COOKIE_NAME,
        identity.sign(visitor.secret),
        max_age=timedelta(days=settings.PARTICIPANT_COOKIE_DAYS),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def known_participant(request: HttpRequest, campaign: Campaign) -> Participant | None:
    """The person's row in a campaign if they wrote something there before; makes nothing."""
    return identity.existing_participant(campaign, _secret_of(request))


def admit(
    request: HttpRequest, door: Door, campaign: Campaign | None = None, *, may_wait: bool = False
) -> bool:
    """Count what somebody sends, before anything costly is done; returns whether it has to wait for a review.

    That is how a form without JavaScript passes while a network or the campaign is under pressure (`may_wait`). Others
    send a proof of work: raises ProofNeeded without one, TooMany where even a proof does not help.
    """
    at = timezone.now()
    try:
        passage = pass_through(door, network_of(request), None if campaign is None else campaign.pk, at)
    except Full as full:
        raise TooMany(full.retry_after) from full
    if not passage.wait:
        return False
    proof = request.headers.get(proofs.HEADER) or request.POST.get(proofs.FIELD, "")
    if proof and proofs.is_valid(proof, at):
        return False
    if may_wait and CAN_PROVE not in request.headers:
        return True
    passage.undo()
    raise ProofNeeded(passage.wait)


def note_wrong_key(request: HttpRequest, door: LogInDoor) -> None:
    """Record a wrong token or private link; raises TooMany where its network has shown too many."""
    try:
        guesses.note_wrong(network_of(request), door)
    except Full as full:
        raise TooMany(full.retry_after) from full


def _secret_of(request: HttpRequest) -> str | None:
    value = request.COOKIES.get(settings.PARTICIPANT_COOKIE_NAME)
    return None if value is None else identity.unsign(value)
