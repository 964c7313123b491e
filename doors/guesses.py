"""Invalid tokens and private links: counted by network to prevent guessing.

Valid ones are accepted whatever was counted: they have at least 128 random bits and cost a hash of a microsecond, and
an old link in one program of an office must not lock out the others.
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
    """Count and record an invalid token or link; raises Full if a network has sent too many."""
    at = at or timezone.now()
    try:
        Counter(LIMITS[door], (network.prefix,)).take(at)
    except Full:
        record(door, Outcome.THROTTLED, network, None, at)
        raise
    record(door, Outcome.FAILED, network, None, at)
