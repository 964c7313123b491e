"""Limits of guesses at second factors.

Whoever guesses here knows the password already. Unlike guesses at passwords these may therefore lock an account's door:
ten at once, then one in five minutes, from all networks together. With six digits and three codes that count at a time
somebody who never stops has a chance of one in a thousand a day; a right code opens the door for its owner again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.models import User
from doors.levels import Counter, Full, Limit
from doors.models import LogInDoor, Outcome
from doors.networks import Network
from doors.passwords import Throttled
from doors.records import record

ACCOUNT: Final = Limit("factor-account", 10, 300)
NETWORK: Final = Limit("factor-network", 30, 10)


@dataclass(frozen=True)
class FactorGuess:
    """One attempt at a second factor, counted before it is checked."""

    user: User
    network: Network
    at: datetime

    def begin(self) -> None:
        """Count the attempt; raises Throttled (recorded) if a limit is reached."""
        try:
            self._of_network.take(self.at)
            try:
                self._of_account.take(self.at)
            except Full:
                self._of_network.give_back(self.at)
                raise
        except Full as full:
            self._record(Outcome.THROTTLED)
            raise Throttled(full.retry_after) from full

    def fail(self) -> None:
        """Record a wrong code, or a passkey that does not fit."""
        self._record(Outcome.FAILED)

    def succeed(self) -> None:
        """Record a success and uncount the attempts."""
        self._of_network.give_back(self.at)
        self._of_account.clear(self.at)
        self._record(Outcome.SUCCEEDED)

    @property
    def _of_network(self) -> Counter:
        return Counter(NETWORK, (self.network.prefix,))

    @property
    def _of_account(self) -> Counter:
        return Counter(ACCOUNT, (str(self.user.pk),))

    def _record(self, outcome: Outcome) -> None:
        record(LogInDoor.SECOND_FACTOR, outcome, self.network, self.user.pk, self.at)
