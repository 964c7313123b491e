"""Values of cells, read from what a response holds.

Answers are read leniently: the question may have changed since they were given. What does not fit is None here and
stands in the column of further answers (`held.further`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

Cell = str | int | float | bool | date | time | None
Parse = Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Record:
    """One response; `created` and `completed` are days, which single nobody out.

    `tags` are those of its texts that count, by the name of the text and the id of the tag.
    """

    id: str
    source: str
    batch: str
    created: date
    completed: date
    answers: dict[str, Any]
    tags: frozenset[tuple[str, int]] = frozenset()


Read = Callable[[Record], Cell]


def answer(name: str, parse: Parse) -> Read:
    """Read the answer to a question."""

    def read(record: Record) -> Cell:
        value = record.answers.get(name)
        return None if value is None else parse(value)

    return read


def tagged(name: str, tag: int) -> Read:
    """Whether a text has a tag: 1 or 0, nothing where there is no text."""

    def read(record: Record) -> Cell:
        return int((name, tag) in record.tags) if isinstance(record.answers.get(name), str) else None

    return read


def in_text(value: Any) -> str:
    """Any answer as a text that loses nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    return json.dumps(value, ensure_ascii=False)


def text(value: Any) -> Cell:
    """A text."""
    return value if isinstance(value, str) else None


def number(value: Any) -> Cell:
    """A number."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def whole(value: Any) -> Cell:
    """A whole number."""
    found = number(value)
    return int(value) if found is not None and value == int(value) else None


def boolean(value: Any) -> Cell:
    """Yes or no."""
    return value if isinstance(value, bool) else None


def day(value: Any) -> Cell:
    """A date."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def clock(value: Any) -> Cell:
    """A time of day."""
    try:
        return time.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def chosen(choice: str) -> Parse:
    """Whether a choice is among several: 1 or 0."""

    def parse(value: Any) -> Cell:
        return int(choice in value) if isinstance(value, list) else None

    return parse


def rank(choice: str) -> Parse:
    """The rank of a choice, 1 being the best."""

    def parse(value: Any) -> Cell:
        return value.index(choice) + 1 if isinstance(value, list) and choice in value else None

    return parse


def judged(row: str) -> Parse:
    """What was chosen for a statement."""

    def parse(value: Any) -> Cell:
        return text(value.get(row)) if isinstance(value, dict) else None

    return parse


def coordinate(axis: int) -> Parse:
    """The longitude (0) or latitude (1) of a place."""

    def parse(value: Any) -> Cell:
        pair = value.get("coordinates") if isinstance(value, dict) else None
        return number(pair[axis]) if isinstance(pair, list) and len(pair) > axis else None

    return parse


def several(value: Any) -> Cell:
    """Whether an answer is a list."""
    return True if isinstance(value, list) else None


def by_name(value: Any) -> Cell:
    """Whether an answer is an object."""
    return True if isinstance(value, dict) else None
