"""What is counted, as plain data: options as whole numbers, equal ballots merged with their number."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Project:
    """An option that can win, with its cost in whole euros; `lot` orders what is tied (see `lot_of`)."""

    key: int
    cost: int
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """`size` equal ballots: the options that they chose. Without choices they count, too."""

    choices: frozenset[int]
    size: int = 1


@dataclass(frozen=True, slots=True)
class Tie:
    """Options that only a lot could order, and whose order changes who wins; ascending keys."""

    keys: tuple[int, ...]


def lot_of(lot: str, option: str) -> str:
    """What orders an option among tied ones: the SHA-256 of the vote's lot and the option's key, as hexadecimal."""
    return hashlib.sha256(f"{lot}{option}".encode()).hexdigest()


def merged(ballots: Iterable[Iterable[int]]) -> tuple[Group, ...]:
    """Equal ballots as one group each."""
    counted = Counter(frozenset(one) for one in ballots)
    return tuple(Group(choices, size) for choices, size in counted.items())


def votes_of(projects: Iterable[Project], groups: Iterable[Group]) -> dict[int, int]:
    """The number of ballots that chose each option."""
    votes = dict.fromkeys((one.key for one in projects), 0)
    for group in groups:
        for key in group.choices:
            if key in votes:
                votes[key] += group.size
    return votes


def people_with_a_win(winners: Iterable[int], groups: Iterable[Group]) -> int:
    """The number of ballots that chose at least one of the winners."""
    won = frozenset(winners)
    return sum(one.size for one in groups if not won.isdisjoint(one.choices))


def joined(pairs: Iterable[tuple[int, int]]) -> tuple[Tie, ...]:
    """Ties of pairs: what is tied with the same option is tied with each other."""
    found: list[set[int]] = []
    for first, second in pairs:
        met = [one for one in found if first in one or second in one]
        found = [one for one in found if one not in met]
        found.append({first, second}.union(*met))
    return tuple(Tie(tuple(sorted(one))) for one in sorted(found, key=min))
