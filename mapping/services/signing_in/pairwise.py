"""Digests of people who signed in at the citizens' provider: one per campaign, unrelated between two campaigns.

The digest is an HMAC of issuer and subject (OpenID Connect Core 1.0, section 2) and takes the place of a browser's
secret: it is the key of the person's row (`mapping.models.Participant`), whatever device they use. Its key has two
halves, a random one of the campaign in the database and the site's SECRET_KEY, so that neither a copy of the database
nor the key alone reveals who took part. Issuer and subject are stored nowhere.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from functools import reduce
from operator import or_
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import constant_time_compare, salted_hmac

from mapping.models import (
    Campaign,
    Comment,
    CommentSupport,
    Contribution,
    PairwiseKey,
    Participant,
    Response,
    Source,
    Support,
)
from mapping.services.errors import NotAllowed

_DIGEST_SALT: Final = "geoparticipation.pairwise-digest"
_MARK_SALT: Final = "geoparticipation.pairwise-mark"
_PREFIX: Final = "signed-in."
_BYTES: Final = 32


def secret_of_person(campaign: Campaign, issuer: str, subject: str) -> str:
    """What stands for a signed-in person in one campaign, in place of a browser's random secret.

    Raises NotAllowed "sign_in_key_lost" where people signed in before at another issuer, where the SECRET_KEY of then
    is neither the site's nor among its SECRET_KEY_FALLBACKS, or where the campaign's key was deleted: everybody would
    be a new person, and could count twice.
    """
    stored = _key_of(campaign, issuer)
    for site_key in _site_keys():
        if constant_time_compare(bytes(stored.mark).hex(), _mark(bytes(stored.key), site_key, issuer).hex()):
            # The length comes first, so that no other pair makes the same text.
            text = f"{len(issuer)}:{issuer}{subject}"
            key = f"{site_key}:{bytes(stored.key).hex()}"
            digest = salted_hmac(_DIGEST_SALT, text, secret=key, algorithm="sha256").digest()
            return _PREFIX + base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
    raise NotAllowed("sign_in_key_lost")


def digest_in(secret: str | None) -> bytes | None:
    """The digest of a signed-in person in their secret; None for the random secret of a browser, and for None."""
    if secret is None or not secret.startswith(_PREFIX):
        return None
    try:
        digest = base64.urlsafe_b64decode(secret.removeprefix(_PREFIX) + "=")
    except ValueError:
        return None
    return digest if len(digest) == _BYTES else None


def _key_of(campaign: Campaign, issuer: str) -> PairwiseKey:
    """The campaign's key, made by the first who signs in; two at once get the same one."""
    stored = PairwiseKey.objects.filter(campaign=campaign).first()
    if stored is not None:
        return stored
    if _had_key(campaign):
        raise NotAllowed("sign_in_key_lost")
    key = secrets.token_bytes(_BYTES)
    stored, _ = PairwiseKey.objects.get_or_create(
        campaign=campaign, defaults={"key": key, "mark": _mark(key, settings.SECRET_KEY, issuer)}
    )
    return stored


def _had_key(campaign: Campaign) -> bool:
    """Whether somebody had signed in, so that there was a key, which was deleted by hand.

    People of sheets of paper and imported files never sign in: what they gave tells them from others (imported
    contributions have an `external_id`, whatever source the file says). Of who only
    supported something nobody can tell.
    """
    own = Q(source=Source.ONLINE, external_id=None)
    given = Contribution.objects.filter(participant=OuterRef("pk"))
    answered = Response.objects.filter(participant=OuterRef("pk"))
    others = (Comment.objects, CommentSupport.objects)
    online = (
        Exists(given.filter(own)),
        Exists(answered.filter(source=Source.ONLINE)),
        *(Exists(some.filter(participant=OuterRef("pk"))) for some in others),
        ~Exists(Support.objects.filter(participant=OuterRef("pk"))),
    )
    people = Participant.objects.filter(campaign=campaign)
    came_otherwise = Exists(given.exclude(own)) | Exists(answered.exclude(source=Source.ONLINE))
    return people.filter(~came_otherwise).filter(reduce(or_, map(Q, online))).exists()


def _mark(key: bytes, site_key: str, issuer: str) -> bytes:
    return salted_hmac(_MARK_SALT, key.hex() + issuer, secret=site_key, algorithm="sha256").digest()


def _site_keys() -> Iterator[str]:
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield str(key)
