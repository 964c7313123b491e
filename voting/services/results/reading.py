"""Results as pages and the API read them: stored once the vote has ended, counted from the ballots before."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.cache import cache

from voting.models import Vote
from voting.services.results import tally
from voting.services.results.closing import close
from voting.services.results.counting import count, is_out, public_options
from voting.services.results.shapes import Result

_MANY: Final = 2_000
"""Above so many ballots a count is shown for `_REST` seconds, although ballots came since: it takes long."""
_REST: Final = 30
_KEPT: Final = 600
"""Seconds for which a count is kept at most."""


def result_of(vote: Vote, at: datetime) -> Result:
    """The stored result once the vote has ended, else what the ballots say now; of many ballots, those of 30 s ago.

    Callers must check `rules.may_see_results` first.
    """
    stored = close(vote, at)
    return _recent(vote, at) if stored is None else stored


@dataclass(frozen=True, slots=True)
class _Kept:
    state: tuple[object, ...]
    result: Result
    is_good_until: float


def _recent(vote: Vote, at: datetime) -> Result:
    key = f"voting-result-{vote.pk}"
    options = public_options(vote)
    rule = (vote.rule, vote.winners, vote.method, vote.budget)
    state = (*tally.state_of(vote), rule, *((one.pk, one.cost, is_out(one)) for one in options))
    kept: _Kept | None = cache.get(key)
    if kept is not None and (kept.state == state or time.time() < kept.is_good_until):
        return kept.result
    result = count(vote, at, options=options)
    is_good_until = time.time() + _REST if result.ballots > _MANY else 0
    cache.set(key, _Kept(state, result, is_good_until), _KEPT)
    return result
