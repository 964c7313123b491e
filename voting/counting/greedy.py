"""The most votes that fit a sum of money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from voting.counting.profile import Project, Tie, joined


@dataclass(frozen=True, slots=True)
class GreedyResult:
    """Who won in the order in which they were taken, what they cost (whole euros), and what only a lot decided.

    `skipped` had votes and did not fit any more, in order.
    """

    winners: tuple[int, ...]
    spent: int
    skipped: tuple[int, ...]
    ties: tuple[Tie, ...]


def greedy(projects: Iterable[Project], votes: Mapping[int, int], budget: int) -> GreedyResult:
    """Options by votes, then by lower cost, then by lot; what does not fit is skipped, and 0 votes never win."""
    ordered = in_order(projects, votes)
    winners, skipped, pairs = taken(ordered, votes, budget)
    won = set(winners)
    return GreedyResult(
        tuple(winners), sum(one.cost for one in ordered if one.key in won), tuple(skipped), joined(pairs)
    )


def in_order(projects: Iterable[Project], votes: Mapping[int, int]) -> list[Project]:
    """Options with votes: the most votes first, then the lower cost, then the lot."""
    with_votes = (one for one in projects if votes[one.key] > 0)
    return sorted(with_votes, key=lambda one: (-votes[one.key], one.cost, one.lot))


def taken(
    ordered: Sequence[Project], votes: Mapping[int, int], left: int
) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Who is taken and who is skipped, with the pairs (taken, skipped) between which only the lot chose."""
    winners: list[int] = []
    skipped: list[int] = []
    last: dict[tuple[int, int], int] = {}
    pairs: list[tuple[int, int]] = []
    for one in ordered:
        alike = (votes[one.key], one.cost)
        if one.cost <= left:
            left -= one.cost
            winners.append(one.key)
            last[alike] = one.key
        else:
            skipped.append(one.key)
            if alike in last:
                pairs.append((last[alike], one.key))
    return winners, skipped, pairs
