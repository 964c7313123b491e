"""Pseudonymous identity of visitors without an account, and proof of authorship of contributions.

A browser keeps a random secret in a signed cookie. The database keeps, per campaign, an HMAC of campaign and secret
under the site's SECRET_KEY: equal for one person within a campaign, unrelated between two campaigns, and useless
without the key. Changing SECRET_KEY therefore makes everyone a new person and ends all private links (cookies and
links stay readable while the old key stands in SECRET_KEY_FALLBACKS; the keyed hashes do not). People who signed in
have another kind of key (`services.signing_in.pairwise`).
"""

import base64
import binascii
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import constant_time_compare, salted_hmac

from mapping import rules
from mapping.aggregation.tally import TOTALS
from mapping.models import (
    Campaign,
    Comment,
    CommentSupport,
    Contribution,
    ContributionStatus,
    Participant,
    Response,
    Support,
    Tally,
)
from mapping.models.footprint import EVERYWHERE
from mapping.registry import Registry
from mapping.services.checking.gates import require_sign_in
from mapping.services.signing_in.pairwise import digest_in


@dataclass(frozen=True, eq=False)
class Trace:
    """Something of an app above that belongs to a participant and is deleted with them; enter it in `TRACES`.

    `cut_off` is called before a person is erased, with their row locked: it takes from them what must stay, such as
    ballots of a vote that has ended.
    """

    name: str
    is_left_by: Callable[[Participant], bool]
    cut_off: Callable[[Participant], None] | None = None


TRACES: Final[Registry[Trace]] = Registry("trace of a participant")
"""What keeps a person from being deleted as one without data, besides contributions, reactions and responses."""

_COOKIE_SALT = "geoparticipation.participant-cookie"
_KEY_SALT = "geoparticipation.participant-key"
_SENDER_SALT = "geoparticipation.sender"
_IMPORT_SALT = "geoparticipation.imported-participant-key"
_IMPORTED_ID_SALT = "geoparticipation.imported-contribution-id"
_UNKEYED_NAMESPACE = uuid.UUID("0b7c1c3e-6f0e-5d0a-9a53-3f1a1f0b6a51")
_TOKEN_SALT = "geoparticipation.private-link"  # noqa: S105 - a salt, not a secret
_SHORTEST_SECRET = 22
_LONGEST_SECRET = 64
_TOKEN_BYTES = 16
_UUID_BYTES = 16


def new_secret() -> str:
    """A random secret of 256 bits for a browser that has none."""
    return secrets.token_urlsafe(32)


def secret_of_sender(sender: str) -> str:
    """The secret of a browser without one that names itself by a random value, the same for each repetition."""
    return _encode(salted_hmac(_SENDER_SALT, sender, algorithm="sha256").digest())


def sign(secret: str) -> str:
    """The cookie value for a secret."""
    return _signer().sign(secret)


def unsign(value: str) -> str | None:
    """The secret in a cookie value, or None where it is forged or damaged."""
    if not value.isascii():  # half a character pair could not even be hashed
        return None
    try:
        secret = _signer().unsign(value)
    except BadSignature:
        return None
    return secret if _SHORTEST_SECRET <= len(secret) <= _LONGEST_SECRET else None


def participant_key(campaign: Campaign, secret: str) -> bytes:
    """The key of a person in one campaign, as stored in the database; that of signed-in people is in their secret."""
    digest = digest_in(secret)
    if digest is not None:
        return digest
    return salted_hmac(_KEY_SALT, f"{campaign.pk}:{secret}", algorithm="sha256").digest()


def imported_participant_key(campaign: Campaign, text: str) -> bytes:
    """The key of a person identified in an imported file by some text (a number, a pseudonym), which is not stored."""
    return salted_hmac(_IMPORT_SALT, f"{campaign.pk}:{text}", algorithm="sha256").digest()


def imported_ids(campaign: Campaign, external_id: str) -> list[uuid.UUID]:
    """The id of a contribution identified in an imported file, and ids that it may have from earlier imports.

    Keyed with the server's secret: from a plain hash, the questionnaire number of a public id could be guessed.
    """
    text = f"{campaign.pk}/{external_id}"
    keyed = (salted_hmac(_IMPORTED_ID_SALT, text, secret=key, algorithm="sha256").digest() for key in _keys())
    # The last one: the id that imports made before the key was included.
    return [*(_uuid_of(digest) for digest in keyed), uuid.uuid5(_UNKEYED_NAMESPACE, text)]


def _uuid_of(digest: bytes) -> uuid.UUID:
    """A UUID of version 8 (RFC 9562 section 5.8: vendor-specific)."""
    number = int.from_bytes(digest[:_UUID_BYTES])
    versioned = number & ~(0xF << 76) | 8 << 76
    return uuid.UUID(int=versioned & ~(0x3 << 62) | 0x2 << 62)


def participant_for(campaign: Campaign, secret: str) -> Participant:
    """The person's row in a campaign, made when needed; two requests at once get the same row.

    Everything that people do in a campaign passes here: raises SignInNeeded where they had to sign in and did not.
    """
    require_sign_in(campaign, secret)
    participant, _ = Participant.objects.get_or_create(
        campaign=campaign, key=participant_key(campaign, secret)
    )
    return participant


def existing_participant(campaign: Campaign, secret: str | None) -> Participant | None:
    """The person's row in a campaign, None if they have not written anything there."""
    if secret is None:
        return None
    return Participant.objects.filter(campaign=campaign, key=participant_key(campaign, secret)).first()


def participants_with(secret: str | None, signed_in: Mapping[int, str] | None = None) -> list[Participant]:
    """A person's rows, each with its campaign, in all campaigns where they wrote something, in the order of ids.

    The key of each campaign is computed: nothing stored links them. `signed_in` has the secrets of campaigns, by their
    ids, in which the person is signed in.
    """
    secrets_of = dict(signed_in or {})
    keys = {
        one.pk: participant_key(one, known)
        for one in Campaign.objects.only("pk").order_by("pk")
        if (known := secrets_of.get(one.pk, secret)) is not None
    }
    if not keys:
        return []
    own = reduce(or_, (Q(campaign=pk, key=key) for pk, key in keys.items()))
    found = Participant.objects.filter(own).select_related("campaign").defer("campaign__area")
    return list(found.order_by("campaign_id"))


def locked_participant(campaign: Campaign, secret: str) -> Participant:
    """`participant_for`, locked until the transaction ends: serialises one person's writes in a campaign.

    Rate limits per minute and the deletion of people without data both rely on it.
    """
    with transaction.atomic():
        while True:
            participant = participant_for(campaign, secret)
            # Between the two statements an erasure may have deleted the row; then it is made anew.
            locked = lock_participant(participant)
            if locked is not None:
                return locked


def lock_participant(participant: Participant) -> Participant | None:
    """A person's row, locked until the transaction ends; None where they were forgotten meanwhile."""
    return Participant.objects.select_for_update(no_key=True).filter(pk=participant.pk).first()


def number_who_took_part(campaign: Campaign, *, is_public: bool) -> int:
    """How many people contributed, commented, supported or opposed; in public those only of whom any of it is public.

    Whoever answers a survey is counted by its results: an exact number that changed with a response, read again and
    again, would reveal it (`docs/privacy/surveys.md`). So it depends on no response. Nor does the public one depend on
    what waits for a review or was rejected.
    """
    if not is_public:
        every = (Contribution.objects, Comment.objects, Support.objects, CommentSupport.objects)
        contributed, *reacted = (Exists(some.filter(participant=OuterRef("pk"))) for some in every)
        return campaign.participants.filter(reduce(or_, reacted, contributed)).count()
    if not rules.may_see_public_contributions(campaign):
        return 0
    # Those who contributed are kept as a number; those who only reacted are few, whatever the others are.
    found = [
        Comment.objects.published().filter(contribution__campaign=campaign),
        Support.objects.published().filter(contribution__campaign=campaign),
        CommentSupport.objects.published().filter(comment__contribution__campaign=campaign),
    ]
    first, *others = (some.order_by().values_list("participant", flat=True) for some in found)
    contributed = Exists(Contribution.objects.published().filter(participant=OuterRef("pk")))
    reacting = campaign.participants.filter(~contributed, pk__in=first.union(*others))
    total = Tally.objects.with_status([ContributionStatus.PUBLISHED])
    total = total.filter(campaign_id=campaign.pk, level=TOTALS, cell=EVERYWHERE)
    return sum(total.values_list("participants", flat=True)) + reacting.count()


def forget_if_idle(participant: Participant) -> None:
    """Delete a person who has no data left in a campaign."""
    with transaction.atomic():
        locked = lock_participant(participant)
        if locked is None:
            return
        traces = (locked.contributions, locked.comments, locked.supports, locked.comment_supports)
        answered = Response.objects.filter(participant=locked)
        if answered.exists() or any(trace.exists() for trace in traces):
            return
        if not any(trace.is_left_by(locked) for trace in TRACES):
            locked.delete()


def is_author(contribution: Contribution, secret: str | None) -> bool:
    """Whether the secret is that of the contribution's author."""
    if secret is None or contribution.participant is None:
        return False
    key = participant_key(contribution.campaign, secret)
    return constant_time_compare(bytes(contribution.participant.key).hex(), key.hex())


def edit_token(pk: uuid.UUID, kind: str = "") -> str:
    """The private part of the link to what somebody sent in: its random id and a 128-bit MAC; deterministic.

    Ids of contributions are chosen by those who send them, perhaps as copies of public ids: other kinds of things need
    a `kind` of their own, or the author of such a contribution would hold their links.
    """
    return _encode(pk.bytes + _mac(pk, kind, settings.SECRET_KEY))


def contribution_of_token(token: str) -> Contribution | None:
    """The contribution that a private link opens, or None where the link is forged or the author withdrew."""
    pk = id_of_token(token)
    related = Contribution.objects.select_related("campaign", "category", "participant")
    return None if pk is None else related.filter(pk=pk).first()


def response_of_token(token: str) -> Response | None:
    """The response to a survey that a private link opens, or None where the link is forged or the author withdrew."""
    pk = id_of_token(token)
    related = Response.objects.select_related("campaign", "participant")
    return None if pk is None else related.filter(pk=pk).first()


def id_of_token(token: str, kind: str = "") -> uuid.UUID | None:
    """The id in a private link (`edit_token`), or None where the link is forged or that of another kind."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (UnicodeEncodeError, binascii.Error):
        return None
    # Base64 can encode the same bytes in several ways; only the canonical one is accepted.
    if len(raw) != _UUID_BYTES + _TOKEN_BYTES or _encode(raw) != token:
        return None
    pk = uuid.UUID(bytes=raw[:_UUID_BYTES])
    for key in _keys():
        if constant_time_compare(raw[_UUID_BYTES:], _mac(pk, kind, key)):
            return pk
    return None


def _mac(pk: uuid.UUID, kind: str, key: str) -> bytes:
    mac = salted_hmac(f"{_TOKEN_SALT}{kind}", pk.bytes, secret=key, algorithm="sha256")
    return mac.digest()[:_TOKEN_BYTES]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _signer() -> Signer:
    return Signer(salt=_COOKIE_SALT)


def _keys() -> Iterator[str]:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield str(key)
