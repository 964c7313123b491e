"""Identification of visitors by a signed cookie, which only responses to writes set.

Reading sets no cookie, so a visitor who contributes nothing leaves no trace and needs no cookie banner.
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
"""The header of scripts that solve challenges: their contributions need not wait for a review."""

VISITOR_FIELD: Final = "visitor"
"""The hidden field of forms that may be sent before there is a cookie."""


@dataclass(frozen=True)
class Visitor:
    """A person identified by their browser's secret; `is_new` if the cookie was missing or forged."""

    secret: str
    is_new: bool


def visitor_of(request: HttpRequest) -> Visitor:
    """The visitor of a writing request."""
    secret = known_secret(request)
    return Visitor(identity.new_secret(), is_new=True) if secret is None else Visitor(secret, is_new=False)


def promise(request: HttpRequest) -> str:
    """The field `VISITOR_FIELD` of a form: a signed new secret for a visitor without a cookie, else nothing.

    Reading sets no cookie; yet a form that is sent twice, because its first answer was lost, comes from one person.
    """
    return "" if known_secret(request) is not None else identity.sign(identity.new_secret())


def visitor_of_form(request: HttpRequest) -> Visitor:
    """The visitor of a form with `VISITOR_FIELD`: the cookie counts before the field."""
    secret = known_secret(request)
    if secret is not None:
        return Visitor(secret, is_new=False)
    promised = identity.unsign(request.POST.get(VISITOR_FIELD, ""))
    return Visitor(promised or identity.new_secret(), is_new=True)


def remember(response: HttpResponseBase, visitor: Visitor) -> None:
    """Set the cookie with the person's secret; every write extends its lifetime."""
    response.set_cookie(
        settings.PARTICIPANT_COOKIE_NAME,
        identity.sign(visitor.secret),
        max_age=timedelta(days=settings.PARTICIPANT_COOKIE_DAYS),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def known_secret(request: HttpRequest) -> str | None:
    """The secret in a browser's cookie; None for visitors who wrote nothing yet, and where it is forged."""
    value = request.COOKIES.get(settings.PARTICIPANT_COOKIE_NAME)
    return None if value is None else identity.unsign(value)


def known_participant(request: HttpRequest, campaign: Campaign) -> Participant | None:
    """The person's row in a campaign if they wrote something there before; creates none."""
    return identity.existing_participant(campaign, known_secret(request))


def admit(
    request: HttpRequest, door: Door, campaign: Campaign | None = None, *, may_wait: bool = False
) -> bool:
    """Count a submission before anything expensive is done; returns whether it has to wait for a review.

    Under load, forms without JavaScript are accepted with a review (`may_wait`). Others need a proof of work: raises
    ProofNeeded without one, TooMany beyond the limit.
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
