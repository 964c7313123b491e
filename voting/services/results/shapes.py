"""What a result is. Money in whole euros, payments of single people in cents.

Options are named by keys, which are numbers within one result; elsewhere they are known by `OptionResult.id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from voting.models import Method


@dataclass(frozen=True, slots=True)
class OptionResult:
    """The votes of one option; `id` is its contribution's UUID.

    `votes` are ballots that chose it (in rankings: that ranked it), `against` those against it, `points` its points
    (in rankings those of Borda). `place` is its place by `score`, from 1, shared where the score is the same; None for
    what cannot win any more.
    """

    key: int
    id: str
    votes: int
    against: int
    points: int
    score: int
    place: int | None
    is_winner: bool
    is_withdrawn: bool
    cost: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """How an option was paid for: from shares, or (`is_filled`) by the most votes that fit what was left.

    `in_full` supporters paid `payment` cents each, `rest` paid what they had left.
    """

    key: int
    is_filled: bool
    payment: int = 0
    in_full: int = 0
    rest: int = 0


@dataclass(frozen=True, slots=True)
class DistrictShare:
    """Of a district's counted ballots, those with at least one winner; only districts with enough ballots."""

    code: str
    name: str
    ballots: int
    with_a_win: int


@dataclass(frozen=True, slots=True)
class Spending:
    """Who wins a sum of money by one method, in order, and why; ties change who wins.

    `share` (cents) is the part of each ballot, `raised` by how many euros it was raised; both 0 for the most votes.
    """

    winners: tuple[int, ...]
    spent: int
    people_with_a_win: int
    ties: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]
    districts: tuple[DistrictShare, ...]
    share: int = 0
    raised: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """A ranking: places from the best, each with what is tied there; `duels` are (a, b, ballots that prefer a to b)."""

    places: tuple[tuple[int, ...], ...]
    condorcet_winner: int | None
    duels: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class SetAsideCount:
    """Ballots that do not count, with the reason."""

    reason: str
    ballots: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What changed about an option while people voted."""

    key: int
    kind: str
    before: str
    after: str
    reason: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a vote. `options` are in order: places first, what cannot win last.

    `ballots` counts those that count: `online` and `paper`; `empty` of them chose nothing (None: not counted).
    `set_aside` do not count. `ties` are those that change who wins. `people_with_a_win` chose at least one winner
    (None: the vote has no winners). `is_final`: stored, nothing changes any more.
    """

    rule: str
    ballots: int
    online: int
    paper: int
    empty: int | None
    set_aside: int
    options: tuple[OptionResult, ...]
    winners: tuple[int, ...]
    ties: tuple[tuple[int, ...], ...]
    people_with_a_win: int | None
    budget: int | None
    method: Method | None
    spending: Mapping[str, Spending]
    """By the name of a `Method`; empty without a sum of money."""
    order: Order | None
    set_asides: tuple[SetAsideCount, ...]
    changes: tuple[Change, ...]
    lot: str
    counted_at: datetime
    is_final: bool = False
    digest: str = ""

    @property
    def spent(self) -> int | None:
        """What the winners cost."""
        return None if self.method is None else self.spending[self.method].spent

    def option(self, key: int) -> OptionResult:
        """One option; raises KeyError."""
        for one in self.options:
            if one.key == key:
                return one
        raise KeyError(key)
