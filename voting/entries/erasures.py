"""Ballots that voters took back are erased once more after a backup was restored; void codes are void again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from mapping.services.erasures.kinds import ERASABLES, Erasable
from mapping.services.identity import forget_if_idle
from voting.models import Ballot, VotingCode


def _ballots(keys: Sequence[int]) -> None:
    for ballot in Ballot.objects.filter(pk__in=keys).select_related("participant"):
        ballot.delete()
        if ballot.participant is not None:
            forget_if_idle(ballot.participant)


def _codes(keys: Sequence[int]) -> None:
    """They were replaced; the ballots that went with them are noted themselves (`services.codes.replace_code`)."""
    VotingCode.objects.filter(pk__in=keys).update(voided_at=timezone.now())


def _series(keys: Sequence[int]) -> None:
    """Void the codes of deleted series. A ballot stays: a series is deleted once no ballot belongs to its codes."""
    unused = VotingCode.objects.filter(series__in=keys, voided_at=None, ballots=None)
    unused.update(voided_at=timezone.now())


BALLOTS: Final = Erasable("ballot", "voting_ballot", ("id", "created_at"), _ballots)
CODES: Final = Erasable("code", "voting_votingcode", ("digest",), _codes, is_there="one.voided_at IS NULL")
SERIES: Final = Erasable(
    *("code_series", "voting_codeseries", ("id", "created_at"), _series),
    is_there=(
        "EXISTS (SELECT FROM voting_votingcode AS code WHERE code.series_id = one.id AND code.voided_at IS NULL"
        " AND NOT EXISTS (SELECT FROM voting_ballot WHERE code_id = code.id))"
    ),
)


def enter() -> None:
    """Fill the registry."""
    for entry in (BALLOTS, CODES, SERIES):
        ERASABLES.register(entry)
