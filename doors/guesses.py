"""Invalid tokens, private links and voting codes: counted by network to prevent guessing.

Valid tokens and links are accepted whatever was counted: they have at least 128 random bits and cost a hash of a
microsecond, and an old link in one program of an office must not lock out the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from doors.levels import Counter, Full, Limit
from doors.models import LogInDoor, Outcome
from doors.networks import Network
from doors.records import record

LIMITS: Final = {
    LogInDoor.TOKEN: Limit("guess-token", 120, 5),
    LogInDoor.PRIVATE_LINK: Limit("guess-link", 120, 5),
}


def note_wrong(network: Network, door: LogInDoor, at: datetime | None = None) -> None:
    """Count and record an invalid token or link; raises Full if a network has sent too many."""
    at = at or timezone.now()
    try:
        Counter(LIMITS[door], (network.prefix,)).take(at)
    except Full:
        record(door, Outcome.THROTTLED, network, None, at)
        raise
    record(door, Outcome.FAILED, network, None, at)


CODE_OF_NETWORK: Final = Limit("guess-code-network", 30, 60)
CODE_OF_CAMPAIGN: Final = Limit("guess-code-campaign", 300, 10)
CODE_WHILE_GUESSED: Final = Limit("guess-code-guessed", 3, 300)
"""Limit of one network, while that of the campaign is reached."""


@dataclass(frozen=True)
class CodeGuess:
    """A voting code that somebody typed, counted before it is looked up: a right one has 49 random bits only.

    Wrong ones are counted by network and by campaign. The limit of a campaign, against guesses from everywhere, locks
    nobody out: once it is reached, each network has a few attempts left.
    """

    counters: tuple[Counter, ...]
    at: datetime

    def was_right(self) -> None:
        """Uncount the attempt."""
        for counter in self.counters:
            counter.give_back(self.at)


def begin_code(network: Network, campaign: int, at: datetime) -> CodeGuess:
    """Count an attempt at a voting code of a campaign; raises Full, counting nothing, if a limit is reached."""
    of_network = Counter(CODE_OF_NETWORK, (network.prefix,))
    of_campaign = Counter(CODE_OF_CAMPAIGN, (str(campaign),))
    of_network.take(at)
    try:
        try:
            of_campaign.take(at)
        except Full:
            of_campaign = Counter(CODE_WHILE_GUESSED, (str(campaign), network.prefix))
            of_campaign.take(at)
    except Full:
        of_network.give_back(at)
        raise
    return CodeGuess((of_network, of_campaign), at)
