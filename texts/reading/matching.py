"""Which section of a new document is which standing section: proposed, for planners to confirm.

In this order, each section once: same heading and same text, same heading, same text, then the most similar pair, by
the words that both have (the coefficient of Sørensen and Dice on bags of words).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

LEAST_SIMILAR: Final = 0.5
"""Sections with fewer words in common are taken for different ones."""
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Standing(Generic[Key]):
    """A section that is there already."""

    key: Key
    heading: str
    body: str


def matches(found: Sequence[tuple[str, str]], standing: Sequence[Standing[Key]]) -> list[Key | None]:
    """For each section of a document (heading, body) the key of the standing one that it continues, or None."""
    matched: dict[int, Key] = {}
    left = list(standing)
    for trait in (_all, _heading, _body):
        left = _equal(found, left, matched, trait)
    _similar(found, left, matched)
    return [matched.get(number) for number in range(len(found))]


def _all(heading: str, body: str) -> str:
    return f"{_heading(heading, body)}\n{_body(heading, body)}"


def _heading(heading: str, _body: str) -> str:
    return " ".join(_WORDS.findall(heading.casefold()))


def _body(_heading: str, body: str) -> str:
    return " ".join(_WORDS.findall(body.casefold()))


def _equal(
    found: Sequence[tuple[str, str]],
    left: Sequence[Standing[Key]],
    matched: dict[int, Key],
    trait: Callable[[str, str], str],
) -> list[Standing[Key]]:
    """Match what has the same trait, in the order of both; nothing is matched by a trait that is empty."""
    by_trait: dict[str, list[Standing[Key]]] = {}
    for one in reversed(left):
        by_trait.setdefault(trait(one.heading, one.body), []).append(one)
    taken: set[Key] = set()
    for number, (heading, body) in enumerate(found):
        wanted = trait(heading, body)
        if number in matched or not wanted.strip() or not by_trait.get(wanted):
            continue
        matched[number] = by_trait[wanted].pop().key
        taken.add(matched[number])
    return [one for one in left if one.key not in taken]


def _similar(
    found: Sequence[tuple[str, str]], left: Iterable[Standing[Key]], matched: dict[int, Key]
) -> None:
    bags = {number: _bag(*found[number]) for number in range(len(found)) if number not in matched}
    pairs = [
        (-likeness, number, order, one.key)
        for order, one in enumerate(left)
        for old in (_bag(one.heading, one.body),)
        for number, new in bags.items()
        if (likeness := _dice(old, new)) >= LEAST_SIMILAR
    ]
    taken: set[Key] = set()
    for _likeness, number, _order, key in sorted(pairs, key=lambda pair: pair[:3]):
        if number not in matched and key not in taken:
            matched[number] = key
            taken.add(key)


def _bag(heading: str, body: str) -> Counter[str]:
    return Counter(_WORDS.findall(f"{heading} {body}".casefold()))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
