"""Wrong tokens and private links: counted by network, so that nobody tries out many.

A right one is looked up whatever was counted: it holds at least 128 random bits and costs a hash of a microsecond, and
an old link in one program of an office must not shut out the others.
"""

from __future__ import annotations

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
    """Count and record something wrong; raises Full where a network has shown too much of it."""
    at = at or timezone.now()
    try:
        Counter(LIMITS[door], (network.prefix,)).take(at)
    except Full:
        record(door, Outcome.THROTTLED, network, None, at)
        raise
    record(door, Outcome.FAILED, network, None, at)
