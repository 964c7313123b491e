"""Ballots that voters took back are erased once more after a backup was restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mapping.services.erasures.kinds import ERASABLES, Erasable
from mapping.services.identity import forget_if_idle
from voting.models import Ballot


def _ballots(keys: Sequence[int]) -> None:
    for ballot in Ballot.objects.filter(pk__in=keys).select_related("participant"):
        ballot.delete()
        if ballot.participant is not None:
            forget_if_idle(ballot.participant)


BALLOTS: Final = Erasable("ballot", "voting_ballot", ("id", "created_at"), _ballots)


def enter() -> None:
    """Fill the registry."""
    ERASABLES.register(BALLOTS)
