"""Private links for GIS programs: creation, authentication, usage counts, revocation."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from audit.recording import Action, record
from mapping import rules
from mapping.geo.errors import TextProblem
from mapping.geo.text import clean_text
from mapping.models import AccessLink, Campaign
from mapping.models.access_link import LONGEST_NAME
from mapping.services.checking.gates import require_role
from mapping.services.errors import Invalid, NotAllowed, Problem, invalid

_LONGEST_SECRET: Final = 100
_BETWEEN_COUNTS: Final = 60.0
"""Seconds between two UPDATEs per link: a map of a hundred tiles causes only one."""


def make(
    campaign: Campaign, name: str, *, actor: User, expires_at: datetime | None = None
) -> tuple[AccessLink, str]:
    """Make a link and return it with its secret, which cannot be read again later.

    Raises NotAllowed "not_member", Invalid for `name` and `expires_at`.
    """
    require_role(rules.may_make_access_links, actor, campaign)
    try:
        cleaned = clean_text(name, max_length=LONGEST_NAME, multiline=False)
    except TextProblem as problem:
        raise Invalid({"name": [Problem(problem.code, problem.params)]}) from problem
    if not cleaned:
        raise invalid("name", "required")
    if expires_at is not None and expires_at <= timezone.now():
        raise invalid("expires_at", "not_in_future")
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        link = AccessLink.objects.create(
            campaign=campaign,
            user=actor,
            name=cleaned,
            digest=AccessLink.digest_of(secret),
            expires_at=expires_at,
        )
        record(actor, Action.LINK_MADE, campaign=campaign, target=link, name=cleaned)
    return link, secret


def revoke(link: AccessLink, *, actor: User) -> None:
    """Revoke a link immediately; idempotent. Raises NotAllowed "not_your_link"."""
    if not rules.may_revoke_access_link(actor, link):
        raise NotAllowed("not_your_link")
    with transaction.atomic():
        if AccessLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record(actor, Action.LINK_REVOKED, campaign=link.campaign_id, target=link, name=link.name)


def opened_by(secret: str) -> AccessLink | None:
    """Return the link of a secret, as long as it is valid and its creator may still analyse the campaign."""
    if not 0 < len(secret) <= _LONGEST_SECRET or not secret.isascii():
        return None
    found = AccessLink.objects.valid(timezone.now()).opened_by(secret)
    link = found.select_related("user", "campaign").defer(*_HEAVY).first()
    return link if link is not None and rules.may_analyse(link.user, link.campaign) else None


_HEAVY: Final = ("campaign__area", "campaign__description", "campaign__outcome")


class _Uses:
    """Usage counts of links, buffered in this process and written at most once a minute per link."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, int] = {}
        self._written: dict[int, float] = {}

    def add(self, link: int) -> int:
        """Count one use; returns the number to write now (0: none)."""
        now = time.monotonic()
        with self._lock:
            self._waiting[link] = self._waiting.get(link, 0) + 1
            if now - self._written.get(link, -_BETWEEN_COUNTS) < _BETWEEN_COUNTS:
                return 0
            self._written[link] = now
            return self._waiting.pop(link)

    def take(self) -> dict[int, int]:
        """Return and clear all buffered counts."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
            return waiting


_uses = _Uses()


def note_use(link: AccessLink) -> None:
    """Count one use; written to the row within a minute of further uses, or by `settle_uses`."""
    _write(link.pk, _uses.add(link.pk))


def settle_uses() -> None:
    """Write the buffered counts of this process, so that a page shows them."""
    for link, number in _uses.take().items():
        _write(link, number)


def _write(link: int, number: int) -> None:
    if number:
        AccessLink.objects.filter(pk=link).update(uses=F("uses") + number, last_used_at=timezone.now())
