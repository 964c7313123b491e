"""Rate limits of password attempts: beyond a limit, attempts are refused before anything is hashed.

There are three limits. One account from one network: enough for typing errors. One network, all accounts: enough for
an office. One account from everywhere: against distributed attacks. The last one locks nobody out: once it is reached,
each further network has two attempts in ten minutes left, enough for a colleague who knows the password, and a network
from which the account has logged in today is not counted there at all. An attempt is counted before the password is
checked, so that a hundred concurrent ones do not all pass, and uncounted when it succeeds.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import User
from doors.factors.rules import with_factor
from doors.levels import Counter, Full, Limit
from doors.models import LogInDoor, Outcome
from doors.networks import Network, network_of
from doors.records import record

ACCOUNT_AND_NETWORK: Final = Limit("password-account-network", 5, 60)
NETWORK: Final = Limit("password-network", 30, 10)
ACCOUNT: Final = Limit("password-account", 40, 30)
WHILE_ATTACKED: Final = Limit("password-attacked", 2, 300)
"""Limit of one account from one network, while the account's own limit is reached."""
KNOWN_NETWORK: Final = Limit("password-known", 1, 60 * 60 * 24)
"""Marks until the end of the day from which networks an account has logged in; never full."""

# One attempt costs most of a second of a processor: each process hashes one at a time, to keep serving visitors.
_hashing = threading.BoundedSemaphore(1)
_LONGEST_WAIT: Final = 5.0
_WHEN_BUSY: Final = 5


class Throttled(Exception):
    """Too many attempts; the next one is possible after `retry_after` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Attempt:
    """One attempt at a password."""

    door: LogInDoor
    network: Network
    account: str
    at: datetime

    def begin(self) -> None:
        """Count the attempt; raises Throttled (recorded) if one of the limits is reached."""
        taken: list[Counter] = []
        try:
            for counter in (self._of_both(ACCOUNT_AND_NETWORK), self._of_network):
                counter.take(self.at)
                taken.append(counter)
            if not self._of_both(KNOWN_NETWORK).level(self.at):
                self._guard_account()
        except Full as full:
            for counter in taken:
                counter.give_back(self.at)
            self._record(Outcome.THROTTLED)
            raise Throttled(full.retry_after) from full

    def fail(self) -> None:
        """Record a failure: wrong password, unknown account, or one that may not log in."""
        self._record(Outcome.FAILED)

    def succeed(self) -> None:
        """Record a success and uncount the attempt."""
        self._of_network.give_back(self.at)
        for limit in (ACCOUNT_AND_NETWORK, WHILE_ATTACKED):
            self._of_both(limit).clear(self.at)
        known = self._of_both(KNOWN_NETWORK)
        if not known.level(self.at):
            known.take(self.at)
        self._record(Outcome.SUCCEEDED)

    def _guard_account(self) -> None:
        try:
            Counter(ACCOUNT, (self.door.value, self.account)).take(self.at)
        except Full:
            self._of_both(WHILE_ATTACKED).take(self.at)

    @property
    def _of_network(self) -> Counter:
        return Counter(NETWORK, (self.door.value, self.network.prefix))

    def _of_both(self, limit: Limit) -> Counter:
        return Counter(limit, (self.door.value, self.account, self.network.prefix))

    def _record(self, outcome: Outcome) -> None:
        user = User.objects.filter(email=self.account).values_list("pk", flat=True).first()
        record(self.door, outcome, self.network, user, self.at)


class ThrottledBackend(ModelBackend):
    """Django's check of e-mail address and password with rate limits, for all log-in forms."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **credentials: Any,
    ) -> User | None:
        """Return the user, or None; raises PermissionDenied, which ends the attempt, beyond a limit."""
        name = credentials.pop(User.USERNAME_FIELD, username)
        if request is None:  # a command or a test, without a request
            return super().authenticate(request, name, password, **credentials)
        attempt = Attempt(
            LogInDoor.PASSWORD, network_of(request), str(name or "").strip().lower(), timezone.now()
        )
        try:
            attempt.begin()
            with one_at_a_time():
                user = super().authenticate(request, name, password, **credentials)
        except Throttled as error:
            throttled(request, error)
            raise PermissionDenied from error
        if user is None:
            attempt.fail()
        else:
            attempt.succeed()
        return user

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, with what the check of each request needs to know."""
        user = with_factor(User.objects.filter(pk=user_id)).first()
        return user if user is not None and self.user_can_authenticate(user) else None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Serialise password hashing in this process; raises Throttled if others take too long."""
    if not _hashing.acquire(timeout=_LONGEST_WAIT):
        raise Throttled(_WHEN_BUSY)
    try:
        yield
    finally:
        _hashing.release()


def throttled(request: HttpRequest, error: Throttled) -> None:
    """Mark a request as refused, for form and view."""
    request.throttled = error.retry_after  # type: ignore[attr-defined]


def retry_after(request: HttpRequest | None) -> int | None:
    """Seconds until the next attempt, if this one was refused."""
    return getattr(request, "throttled", None)


def sentence(seconds: int) -> str:
    """The message for a refused attempt."""
    if seconds < 90:
        return ngettext(
            "Too many attempts. Please wait %(number)s second and try again.",
            "Too many attempts. Please wait %(number)s seconds and try again.",
            seconds,
        ) % {"number": seconds}
    minutes = -(-seconds // 60)
    return gettext("Too many attempts. Please wait %(number)s minutes and try again.") % {"number": minutes}
