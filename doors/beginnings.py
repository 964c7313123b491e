"""Log-ins that begin: each costs a session's row or a question to a provider before anything is proved."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from doors.levels import Counter, Limit
from doors.networks import network_of

BEGUN: Final = Limit("log-in-begun", 120, 2)
"""Of one network: a town hall logs in at eight o'clock behind one address."""


def count_begun(request: HttpRequest) -> None:
    """Count a log-in that begins; raises Full, where a network has begun too many."""
    Counter(BEGUN, (network_of(request).prefix,)).take(timezone.now())
