"""The Method of Equal Shares with its completion: everybody has the same part of the sum to spend.

Completion: the share rises by one euro for each ballot until the winners would cost more than the sum; the last
result that fits counts. What is left goes to the options with the most votes that still fit. Where everything can be
paid, one run is enough. Sources: `shares_run`; completion and ties as in docs/methods.md.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from voting.counting.greedy import in_order, taken
from voting.counting.profile import Group, Project, Tie, joined
from voting.counting.shares_run import Electorate, Purchase, Run

MOST_LOTS: Final = 32
"""With so many other lots at most is compared whether they would change who wins."""


@dataclass(frozen=True, slots=True)
class SharesResult:
    """Who won in order, and how: `purchases` paid from the shares, then `filled` by the most votes that fit.

    `share` is the part of the sum of each ballot in euros, before it was raised by `raised` euros; `spent` in euros.
    """

    winners: tuple[int, ...]
    purchases: tuple[Purchase, ...]
    filled: tuple[int, ...]
    share: Fraction
    raised: int
    spent: int
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    run: Run | None
    raised: int
    filled: tuple[int, ...]
    lots: frozenset[tuple[int, int]]
    """Pairs of keys (winner, passed over) that only the lot ordered."""

    @property
    def winners(self) -> tuple[int, ...]:
        bought = (
            [] if self.run is None else [self.run.electorate.projects[one].key for one in self.run.options]
        )
        return (*bought, *self.filled)


def equal_shares(projects: Sequence[Project], groups: Sequence[Group], budget: int) -> SharesResult:
    """Who wins with a budget in whole euros; ties are those whose other lot changes who wins.

    What costs more than the whole budget cannot win and takes no part.
    """
    electorate = Electorate([one for one in projects if one.cost <= budget], groups)
    lots = tuple(one.key for one in sorted(electorate.projects, key=lambda one: one.lot))
    count = _count(electorate, budget, lots)
    costs = {one.key: one.cost for one in projects}
    return SharesResult(
        winners=count.winners,
        purchases=() if count.run is None else count.run.purchases(),
        filled=count.filled,
        share=Fraction(budget, electorate.ballots) if electorate.ballots else Fraction(0),
        raised=count.raised,
        spent=sum(costs[key] for key in count.winners),
        ties=_ties(electorate, budget, lots, count),
    )


def _count(electorate: Electorate, budget: int, lots: Sequence[int]) -> _Count:
    """The count with the options' keys in the order of their lots."""
    if not electorate.projects:
        return _Count(None, 0, (), frozenset())
    place = {key: number for number, key in enumerate(lots)}
    ranks = [place[one.key] for one in electorate.projects]
    run, raised, met = _completed(electorate, budget, ranks)
    bought = set(run.options)
    votes = {one.key: number for one, number in zip(electorate.projects, electorate.votes, strict=True)}
    rest = [
        Project(one.key, one.cost, f"{rank:09}")
        for option, (one, rank) in enumerate(zip(electorate.projects, ranks, strict=True))
        if option not in bought
    ]
    filled, _, pairs = taken(in_order(rest, votes), votes, budget - run.spent)
    keys = [one.key for one in electorate.projects]
    decided = {(keys[first], keys[other]) for first, other in met}
    return _Count(run, raised, tuple(filled), frozenset(decided.union(pairs)))


def _completed(
    electorate: Electorate, budget: int, ranks: Sequence[int]
) -> tuple[Run, int, set[tuple[int, int]]]:
    """The last run whose winners cost at most the budget, by how much the share was raised, what lots decided."""
    share = Fraction(budget, electorate.ballots)
    run = Run(electorate, share, ranks).finish()
    met = set(run.lots)
    if sum(electorate.costs) <= budget:
        return run, 0, met
    raised = 0
    while True:
        alike = math.floor(min(run.steps_alike, budget) * (1 - 1e-9))
        further = Run(electorate, share + raised + alike + 1, ranks).finish()
        met |= further.lots
        if further.spent > budget:
            break
        run, raised = further, raised + alike + 1
    if alike:  # the same options, paid from a larger share
        run, raised = Run(electorate, share + raised + alike, ranks).finish(), raised + alike
    return run, raised, met


def _ties(electorate: Electorate, budget: int, lots: tuple[int, ...], count: _Count) -> tuple[Tie, ...]:
    """Options that change who wins when they change places in the lot, and in the lots that follow from that."""
    seen = {lots}
    waiting = [(lots, count)]
    pairs: list[tuple[int, int]] = []
    while waiting:
        order, found = waiting.pop(0)
        for first, other in sorted(found.lots):
            changed = _before(order, other, first)
            if changed in seen or len(seen) > MOST_LOTS:
                continue
            seen.add(changed)
            otherwise = _count(electorate, budget, changed)
            if set(otherwise.winners) != set(found.winners):
                pairs.append((first, other))
            waiting.append((changed, otherwise))
    return joined(pairs)


def _before(order: tuple[int, ...], key: int, other: int) -> tuple[int, ...]:
    """The order with one key right before another one."""
    rest = [one for one in order if one != key]
    rest.insert(rest.index(other), key)
    return tuple(rest)
