"""Open sessions: begun, seen, ended by their limits, by their owner or with the password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from doors.models import OpenSession
from doors.sessions.devices import device_of

SIGNED_IN_AT: Final = "signed_in_at"
_SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly it is stored when a session was last used."""


def begin(sender: object, request: HttpRequest, user: User, **_more: Any) -> None:  # noqa: ARG001 - a signal's
    """Enter a session that begins into the list; connected to Django's signal, which every way in sends."""
    now = timezone.now()
    request.session[SIGNED_IN_AT] = now.timestamp()
    _enter(request, user, now, now)


user_logged_in.connect(begin, dispatch_uid="doors.sessions.begin")


def is_over(request: HttpRequest) -> bool:
    """Whether a session of the staff is past one of its limits."""
    now = timezone.now()
    seen_at: datetime | None = getattr(request.session, "seen_at", None)
    if seen_at is not None and now - seen_at > timedelta(minutes=settings.SESSION_IDLE_MINUTES):
        return True
    signed_in_at = signed_in(request)
    return signed_in_at is not None and now - signed_in_at > timedelta(hours=settings.SESSION_HOURS)


def note_seen(request: HttpRequest, user: User) -> None:
    """Note that a session is in use: at most one statement a minute. Enters sessions from before there was a list."""
    now = timezone.now()
    seen_at: datetime | None = getattr(request.session, "seen_at", None)
    if seen_at is None:
        begun = signed_in(request)
        if begun is None:
            begun = now
            request.session[SIGNED_IN_AT] = now.timestamp()
        _enter(request, user, begun, now)
    elif now - seen_at >= _SEEN_EVERY:
        _mine(request).update(seen_at=now)


def signed_in(request: HttpRequest) -> datetime | None:
    """When a session began; None for those from before this was noted."""
    moment = request.session.get(SIGNED_IN_AT)
    return datetime.fromtimestamp(moment, UTC) if isinstance(moment, float) else None


def sessions_of(user: User) -> QuerySet[OpenSession]:
    """The sessions of a user that still open something, the last used first."""
    now = timezone.now()
    return OpenSession.objects.filter(
        user=user,
        seen_at__gte=now - timedelta(minutes=settings.SESSION_IDLE_MINUTES),
        signed_in_at__gte=now - timedelta(hours=settings.SESSION_HOURS),
    )


@dataclass(frozen=True)
class ShownSession:
    """A session in its owner's list."""

    pk: int
    device: str
    signed_in_at: datetime
    seen_at: datetime
    """The hour in which it was last used."""
    is_this: bool


def shown_sessions(request: HttpRequest, user: User) -> list[ShownSession]:
    """The sessions of a user as their page lists them."""
    return [
        ShownSession(
            one.pk,
            one.device,
            one.signed_in_at,
            one.seen_at.replace(minute=0, second=0, microsecond=0),
            one.session_key == request.session.session_key,
        )
        for one in sessions_of(user)
    ]


def end(sessions: QuerySet[OpenSession]) -> int:
    """End sessions; returns how many there were."""
    with transaction.atomic():
        keys = list(sessions.order_by().values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        OpenSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_others(request: HttpRequest, user: User) -> int:
    """End all sessions of a user but this one; returns how many still opened something."""
    others = OpenSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    still_open = sessions_of(user).exclude(session_key=request.session.session_key).count()
    end(others)
    return still_open


def end_what_is_over() -> None:
    """Remove sessions that no request will find again: of the staff past their limits, and expired ones of anybody."""
    now = timezone.now()
    idle = now - timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    old = now - timedelta(hours=settings.SESSION_HOURS)
    end(OpenSession.objects.filter(seen_at__lt=idle))
    end(OpenSession.objects.filter(signed_in_at__lt=old))
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _enter(request: HttpRequest, user: User, begun: datetime, now: datetime) -> None:
    if request.session.session_key is None:
        request.session.save()
    OpenSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "signed_in_at": begun, "seen_at": now, "device": device_of(request)},
    )
    request.session.seen_at = now  # type: ignore[attr-defined]


def _mine(request: HttpRequest) -> QuerySet[OpenSession]:
    return OpenSession.objects.filter(session_key=request.session.session_key)
