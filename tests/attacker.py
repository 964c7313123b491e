"""An attacker who reads every public number for ever and calculates; with the truth in hand, to see what is found.

Every combination of the numbers of any two releases with integer coefficients, whatever their size and signs: what is
left must be nothing, or contributions of at least k people.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

Counted = frozenset[tuple[Hashable, Hashable]]
"""What a number stands for: contributions with their true people (`None` for nobody), forgotten since or not."""

Told = Mapping[Any, Counted]
"""A release: its numbers by the names of their regions, with what they stand for."""

Pattern = tuple[int, ...]
"""Which of some numbers count a contribution: a column of the matrix of numbers and contributions."""


def attack(releases: Iterable[Told], k: int) -> None:
    """Fail where anything that can be computed from two releases stands for fewer than k people."""
    distinct = list({frozenset(one.values()) for one in releases})
    for release in distinct:
        for counted in release:
            assert len(_people(counted)) >= k
    for numbers in (*distinct, *(first | second for first, second in combinations(distinct, 2))):
        found = isolated(list(numbers), k)
        assert found is None, f"{len(found or ())} of fewer than {k} people: {sorted(map(str, found or ()))}"


def isolated(numbers: Sequence[Counted], k: int) -> frozenset[Hashable] | None:
    """Fewer than k people to whose contributions alone some combination of numbers comes down; None if there are none.

    Coefficients c leave c·M, where M has a row per number and a column per contribution. They leave nothing but what
    these people gave, and not nothing, exactly where M without their columns has a smaller rank: then more c make those
    columns vanish than make all of M vanish. Ranks over the rationals answer for the integers, for every rational c has
    a multiple that is whole.
    """
    for behind in _apart(_people_by_pattern(numbers)):
        whole = _rank(list(behind))
        # Columns of k people stay whoever goes.
        if _rank([pattern for pattern, who in behind.items() if len(who) >= k]) == whole:
            continue
        for people in _few(behind, k):
            if _rank([pattern for pattern, who in behind.items() if not who <= people]) < whole:
                return people
    return None


def _apart(behind: Mapping[Pattern, frozenset[Hashable]]) -> Iterator[dict[Pattern, frozenset[Hashable]]]:
    """Columns that share rows with each other and with no others: the rank of all is the sum of theirs."""
    left = dict(behind)
    while left:
        rows: set[int] = set()
        part: dict[Pattern, frozenset[Hashable]] = {}
        meets = [next(iter(left))]
        while meets:
            for pattern in meets:
                part[pattern] = left.pop(pattern)
                rows.update(row for row, one in enumerate(pattern) if one)
            meets = [pattern for pattern in left if any(pattern[row] for row in rows)]
        yield part


def _people_by_pattern(numbers: Sequence[Counted]) -> dict[Pattern, frozenset[Hashable]]:
    """The distinct columns of the matrix with the people who have a contribution there.

    A combination that leaves only contributions of nobody isolates no person: their columns are left out.
    """
    counting: dict[tuple[Hashable, Hashable], list[int]] = defaultdict(lambda: [0] * len(numbers))
    for row, counted in enumerate(numbers):
        for one in counted:
            counting[one][row] = 1
    behind: dict[Pattern, set[Hashable]] = defaultdict(set)
    for (_contribution, person), column in counting.items():
        if person is not None:
            behind[tuple(column)].add(person)
    return {pattern: frozenset(who) for pattern, who in behind.items()}


def _few(behind: Mapping[Pattern, frozenset[Hashable]], k: int) -> Iterator[frozenset[Hashable]]:
    """Every group of fewer than k people that takes whole columns with it when its contributions go."""
    light = sorted({who for who in behind.values() if len(who) < k}, key=lambda who: sorted(map(str, who)))
    seen: set[frozenset[Hashable]] = set()
    waiting: list[frozenset[Hashable]] = [frozenset()]
    while waiting:
        group = waiting.pop()
        for who in light:
            larger = group | who
            if len(larger) < k and larger not in seen:
                seen.add(larger)
                waiting.append(larger)
                yield larger


def _rank(columns: Sequence[Pattern]) -> int:
    """The rank over the rationals, by elimination without fractions (E. H. Bareiss, 1968)."""
    rows = [list(column) for column in columns]
    rank, last = 0, 1
    for place in range(len(rows[0]) if rows else 0):
        pivot = next((index for index in range(rank, len(rows)) if rows[index][place]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        head = rows[rank]
        for row in rows[rank + 1 :]:
            factor = row[place]
            row[:] = [
                (head[place] * one - factor * other) // last for one, other in zip(row, head, strict=True)
            ]
        last = head[place]
        rank += 1
    return rank


def _people(counted: Counted) -> set[Hashable]:
    return {person for _one, person in counted} - {None}
