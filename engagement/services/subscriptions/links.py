"""Links in mails. As those of authors they are computed, not stored: an id and a 128-bit HMAC under the server's key.

Hexadecimal, because programs that make links of plain text cut off signs at their end.
"""

from __future__ import annotations

import uuid
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from engagement.models import Subscriber, Subscription

_CONFIRM: Final = "confirm"
_END: Final = "end"
_MINE: Final = "mine"
_ID_LENGTH: Final = 32
_MAC_LENGTH: Final = 32


def confirm_link(subscription: Subscription) -> str:
    """The address at which a subscription is confirmed."""
    return _absolute("subscription-confirm", _token(_CONFIRM, subscription.pk))


def end_link(subscription: Subscription) -> str:
    """The address at which a subscription ends; programs end it with one POST (RFC 8058)."""
    return _absolute("subscription-end", _token(_END, subscription.pk))


def mine_token(subscriber: Subscriber) -> str:
    """The secret part of the address of somebody's own page."""
    return _token(_MINE, subscriber.pk)


def mine_link(subscriber: Subscriber) -> str:
    """The address of somebody's own page: everything that they hear of."""
    return _absolute("subscriptions-mine", mine_token(subscriber))


def id_to_confirm(token: str) -> uuid.UUID | None:
    """The id in a link to confirm; None where it is forged."""
    return _id_of(_CONFIRM, token)


def id_to_end(token: str) -> uuid.UUID | None:
    """The id in a link to end; None where it is forged."""
    return _id_of(_END, token)


def subscriber_of(token: str) -> Subscriber | None:
    """Whose page a link opens; None where it is forged or the address is deleted."""
    pk = _id_of(_MINE, token)
    return None if pk is None else Subscriber.objects.filter(pk=pk).first()


def _absolute(name: str, token: str) -> str:
    # Not by the request's Host, which whoever sends it may choose.
    return settings.SITE_URL + reverse(name, args=(token,))


def _token(purpose: str, pk: uuid.UUID) -> str:
    return pk.hex + _mac(purpose, pk, settings.SECRET_KEY)


def _id_of(purpose: str, token: str) -> uuid.UUID | None:
    if len(token) != _ID_LENGTH + _MAC_LENGTH or not token.isascii():
        return None
    try:
        pk = uuid.UUID(token[:_ID_LENGTH])
    except ValueError:
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    given = token[_ID_LENGTH:]
    return pk if any(constant_time_compare(given, _mac(purpose, pk, str(key))) for key in keys) else None


def _mac(purpose: str, pk: uuid.UUID, key: str) -> str:
    salt = f"geoparticipation.subscription.{purpose}"
    return salted_hmac(salt, pk.bytes, secret=key, algorithm="sha256").hexdigest()[:_MAC_LENGTH]
