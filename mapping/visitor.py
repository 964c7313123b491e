"""Identification of visitors by a signed cookie, which only responses to writes set.

Reading sets no cookie, so a visitor who contributes nothing leaves no trace and needs no cookie banner. Where people
sign in for a campaign, a cookie of that campaign alone holds who they are there (`services.signing_in.pairwise`).
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from doors import guesses, proofs
from doors.levels import Full
from doors.models import LogInDoor
from doors.networks import network_of
from doors.visitors import Door, pass_through
from mapping import rules
from mapping.models import Campaign, Participant
from mapping.services import identity
from mapping.services.errors import ProofNeeded, TooMany
from mapping.services.signing_in.pairwise import digest_in

CAN_PROVE: Final = "Can-Prove"
"""The header of scripts that solve challenges: their contributions need not wait for a review."""

VISITOR_FIELD: Final = "visitor"
"""The hidden field of forms that may be sent before there is a cookie."""

SENDER: Final = "Sender"
"""The header of scripts that may send the same twice: a random value of 256 bits that only they know."""

_SENDER: Final = re.compile(r"[0-9a-f]{64}")
_SIGN_IN_COOKIE: Final = "signed-in-"
_SIGN_IN_NAME: Final = re.compile(rf"{_SIGN_IN_COOKIE}([1-9][0-9]{{0,17}})")


@dataclass(frozen=True)
class Visitor:
    """A person identified by their browser's secret; `is_new` if the cookie was missing or forged."""

    secret: str
    is_new: bool
    sender: str = ""
    """The secret of what this browser sent before it had a cookie; empty where it names no sender."""


def visitor_of(request: HttpRequest, campaign: Campaign) -> Visitor:
    """The visitor who writes in a campaign; where they had to sign in and did not, services refuse them."""
    secret = known_secret(request, campaign)
    return Visitor(identity.new_secret(), is_new=True) if secret is None else Visitor(secret, is_new=False)


def visitor_of_sender(request: HttpRequest, campaign: Campaign) -> Visitor:
    """As `visitor_of`; a browser without a cookie that names its sender (`SENDER`) is one person, however often.

    A request that was cut off may arrive after its repetition: the person of either would take what the other sent. Or
    its answer is lost, and the repetition comes with the cookie of something that was sent meanwhile.
    """
    visitor = visitor_of(request, campaign)
    sender = request.headers.get(SENDER, "")
    if not _SENDER.fullmatch(sender):
        return visitor
    secret = identity.secret_of_sender(sender)
    return Visitor(secret if visitor.is_new else visitor.secret, visitor.is_new, secret)


def promise(request: HttpRequest) -> str:
    """The field `VISITOR_FIELD` of a form: a signed new secret for a visitor without a cookie, else nothing.

    Reading sets no cookie; yet a form that is sent twice, because its first answer was lost, comes from one person.
    """
    return "" if known_secret(request) is not None else identity.sign(identity.new_secret())


def visitor_of_form(request: HttpRequest, campaign: Campaign | None = None) -> Visitor:
    """The visitor of a form with `VISITOR_FIELD`: the cookie counts before the field; `campaign` as in `visitor_of`."""
    secret = known_secret(request, campaign)
    if secret is not None:
        return Visitor(secret, is_new=False)
    promised = identity.unsign(request.POST.get(VISITOR_FIELD, ""))
    return Visitor(promised or identity.new_secret(), is_new=True)


def remember(response: HttpResponseBase, visitor: Visitor) -> None:
    """Set the cookie with the person's secret; every write extends its lifetime, but not that of a sign-in."""
    if digest_in(visitor.secret) is not None:
        return
    response.set_cookie(
        settings.PARTICIPANT_COOKIE_NAME,
        identity.sign(visitor.secret),
        max_age=timedelta(days=settings.PARTICIPANT_COOKIE_DAYS),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def known_secret(request: HttpRequest, campaign: Campaign | None = None) -> str | None:
    """The secret in a browser's cookie; None for visitors who wrote nothing yet, and where it is forged.

    In a campaign that needs it, that of the sign-in; None for those who did not sign in, or too long ago.
    """
    if campaign is not None and campaign.needs_sign_in:
        return _signed_in_secret(request, campaign.pk)
    value = request.COOKIES.get(settings.PARTICIPANT_COOKIE_NAME)
    return None if value is None else identity.unsign(value)


def known_participant(request: HttpRequest, campaign: Campaign) -> Participant | None:
    """The person's row in a campaign if they wrote something there before; creates none."""
    return identity.existing_participant(campaign, known_secret(request, campaign))


def lacks_sign_in(request: HttpRequest, campaign: Campaign) -> bool:
    """Whether this browser has to sign in before anything can be done in a campaign."""
    is_signed_in = campaign.needs_sign_in and known_secret(request, campaign) is not None
    return not rules.may_take_part(campaign, is_signed_in=is_signed_in)


def sign_in(response: HttpResponseBase, campaign: Campaign, secret: str) -> None:
    """Set the cookie of somebody who signed in for a campaign (`services.signing_in.pairwise`), for some hours."""
    response.set_cookie(
        _sign_in_cookie(campaign.pk),
        _sign_in_signer(campaign.pk).sign(secret),
        max_age=_signed_in_for(),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def sign_out(request: HttpRequest, response: HttpResponseBase, campaign: Campaign | None = None) -> None:
    """Delete the cookie of a sign-in; without a campaign, those of all."""
    names = _sign_ins(request) if campaign is None else {campaign.pk: _sign_in_cookie(campaign.pk)}
    for name in names.values():
        response.delete_cookie(name, samesite="Lax")


def signed_in_secrets(request: HttpRequest) -> dict[int, str]:
    """The secrets of the campaigns in which this browser is signed in, by their ids."""
    found = {pk: _signed_in_secret(request, pk) for pk in _sign_ins(request)}
    return {pk: secret for pk, secret in found.items() if secret is not None}


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


def _signed_in_secret(request: HttpRequest, campaign_id: int) -> str | None:
    value = request.COOKIES.get(_sign_in_cookie(campaign_id), "")
    if not value.isascii():  # half a character pair could not even be hashed
        return None
    try:
        secret = _sign_in_signer(campaign_id).unsign(value, max_age=_signed_in_for())
    except BadSignature:
        return None
    return secret if digest_in(secret) is not None else None


def _sign_in_cookie(campaign_id: int) -> str:
    return f"{_SIGN_IN_COOKIE}{campaign_id}"


def _sign_in_signer(campaign_id: int) -> TimestampSigner:
    """Signs for one campaign: the cookie of another one proves nothing here."""
    return TimestampSigner(salt=f"geoparticipation.sign-in:{campaign_id}")


def _signed_in_for() -> timedelta:
    return timedelta(hours=settings.CITIZEN_SIGN_IN_HOURS)


def _sign_ins(request: HttpRequest) -> dict[int, str]:
    """The names of the cookies of sign-ins by the ids of their campaigns."""
    found = (_SIGN_IN_NAME.fullmatch(name) for name in request.COOKIES)
    return {int(match[1]): match[0] for match in found if match is not None}
