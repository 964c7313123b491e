"""Rate limits of visitors by network, and when a proof of work is required.

Up to `calm` there is no effect. Above it, and while one campaign receives many requests from everywhere, a small proof
of work is required (`doors.proofs`); at the limit requests are refused. All levels are far above the use of a class of
thirty with their phones, or of an office behind one address.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from doors.levels import Counter, Full, Limit
from doors.networks import Network


@dataclass(frozen=True)
class Door:
    """One kind of action of visitors; `calm` is None if a proof is never required."""

    limit: Limit
    calm: int | None = None


CONTRIBUTE: Final = Door(Limit("contribute", 300, 5), 60)
CHANGE: Final = Door(Limit("change", 300, 5))
PHOTO: Final = Door(Limit("photo", 300, 2), 120)
COMMENT: Final = Door(Limit("comment", 300, 5), 60)
SUPPORT: Final = Door(Limit("support", 600, 2), 120)
VOTE: Final = Door(Limit("vote", 600, 2), 120)
FLAG: Final = Door(Limit("flag", 30, 60))
BARRIER: Final = Door(Limit("barrier", 30, 60))
SEARCH: Final = Door(Limit("search", 600, 0.25))
SIGN_IN: Final = Door(Limit("sign-in", 300, 5))
EXPORT: Final = Door(Limit("export", 30, 60))
DOORS: Final = (CONTRIBUTE, CHANGE, PHOTO, COMMENT, SUPPORT, FLAG, BARRIER, VOTE, SEARCH, SIGN_IN, EXPORT)

CAMPAIGN: Final = Door(Limit("campaign", 600, 1), 300)
"""All actions in one campaign by doors with `calm`, from all networks. It only ever requires proofs."""


@dataclass(frozen=True)
class Passage:
    """A counted action; `wait` is the number of seconds for which a proof is required, 0 for none."""

    counters: tuple[Counter, ...]
    wait: int
    at: datetime

    def undo(self) -> None:
        """Uncount an action without its proof."""
        for counter in self.counters:
            counter.give_back(self.at)


def pass_through(door: Door, network: Network, campaign: int | None, at: datetime) -> Passage:
    """Count an action; raises Full if the network has reached its limit."""
    counters = [Counter(door.limit, (network.prefix,))]
    wait = _wait(door, counters[0].take(at))
    if campaign is not None and door.calm is not None:
        of_campaign = Counter(CAMPAIGN.limit, (str(campaign),))
        try:
            wait = max(wait, _wait(CAMPAIGN, of_campaign.take(at)))
        except Full:
            wait = max(wait, _wait(CAMPAIGN, CAMPAIGN.limit.most * settings.NETWORK_LIMITS))
        else:
            counters.append(of_campaign)
    return Passage(tuple(counters), wait, at)


def _wait(door: Door, level: float) -> int:
    """Seconds until a level is below `calm` again."""
    if door.calm is None:
        return 0
    return max(0, math.ceil((level - door.calm * settings.NETWORK_LIMITS) * door.limit.every))
