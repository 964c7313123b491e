"""The cells of a question: how the counted values of its answers divide people, for the public and for staff alike.

Classes of numbers do not depend on the answers, and those of a survey's first release stay: otherwise the classes of
two moments could be subtracted from each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from mapping.questions.kind import Options
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS

Tally = Mapping[str, int]
"""The number of responses by value of one question, as `SurveyTally` counts."""

SEPARATOR: Final = "\x1f"
ANSWERED: Final = ""
HOURS: Final = tuple(f"{hour:02}" for hour in range(24))
_MOST_CLASSES: Final = 12
_OPEN_EDGES: Final = (*range(0, 101, 10), 200, 500, *(10**power for power in range(3, 16)))
"""Edges of classes of numbers whose question has no bounds."""

PARTITIONS: Final = frozenset(
    {
        QuestionKind.SINGLE_CHOICE,
        QuestionKind.PICTURE_CHOICE,
        QuestionKind.PART_OF_DAY,
        QuestionKind.YES_NO,
        QuestionKind.SCALE,
        QuestionKind.RANKING,
        QuestionKind.NUMBER,
        QuestionKind.DATE,
        QuestionKind.TIME_OF_DAY,
    }
)
"""Kinds whose answers put each person into exactly one cell; of rankings the first place counts."""

Edges = Sequence[float]


class Counted(Protocol):
    """What must be known of a question to count its answers; `mapping.models.Question` fits."""

    @property
    def slug(self) -> str:
        """Its short name."""

    @property
    def kind(self) -> str:
        """The name of its kind."""

    @property
    def options(self) -> Any:
        """The options of its kind."""


@dataclass(frozen=True, slots=True)
class Cells:
    """How many people are in each cell of a question, by value; of matrices by row.

    `answered` is the number of people who answered. `edges` are those of classes of numbers, named by their index.
    """

    answered: int
    counts: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    edges: tuple[float, ...] = ()


def cells_of(question: Counted, tally: Tally, edges: Edges = ()) -> Cells:
    """Sort the counted values of a question into cells; `edges` are those of an earlier release."""
    values = {value: number for value, number in tally.items() if value != ANSWERED}
    answered = tally.get(ANSWERED, 0)
    kind, options = question.kind, question.options
    if kind == QuestionKind.MATRIX:
        return Cells(answered, rows=_rows(options, values))
    if kind == QuestionKind.RANKING:
        first = {
            value.split(SEPARATOR)[0]: n for value, n in values.items() if value.endswith(f"{SEPARATOR}1")
        }
        return Cells(answered, _listed(options, kind, first))
    if kind == QuestionKind.TIME_OF_DAY:
        return Cells(answered, _summed(((value[:2], n) for value, n in values.items()), HOURS))
    if kind == QuestionKind.DATE:
        months = _summed((value[:7], n) for value, n in values.items())
        return Cells(answered, dict(sorted(months.items())))
    if is_classed(question):
        own = tuple(edges) or edges_of(options)
        classes = [str(index) for index in range(len(own) - 1)]
        numbers = ((str(_class_of(float(value), own)), n) for value, n in values.items() if is_number(value))
        return Cells(answered, _summed(numbers, classes), edges=own)
    if kind in PARTITIONS or kind == QuestionKind.MULTIPLE_CHOICE:
        return Cells(answered, _listed(options, kind, values))
    return Cells(answered)


def is_classed(question: Counted) -> bool:
    """Whether answers are sorted into classes of numbers: numbers, and scales too long to be listed."""
    if question.kind == QuestionKind.SCALE:
        return not any(True for _choice in KINDS[question.kind].choices(question.options))
    return question.kind == QuestionKind.NUMBER


def is_number(value: str) -> bool:
    """Whether a counted value is a number; answers to an earlier kind of the question need not be."""
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def mean_of(values: Iterable[tuple[float, int]]) -> float | None:
    """The mean of numbers with how many people gave each; None where nobody did."""
    pairs = list(values)
    people = sum(number for _value, number in pairs)
    return math.fsum(value * number for value, number in pairs) / people if people else None


def edges_of(options: Options) -> tuple[float, ...]:
    """The edges of about ten classes of numbers: steps of 1, 2 or 5 (times ten, a hundred, ...) between the bounds.

    Each class contains its lower edge and not its upper one, but for the last.
    """
    low, high = options.get("minimum"), options.get("maximum")
    if not isinstance(low, int | float) or not isinstance(high, int | float) or high <= low:
        return tuple(float(edge) for edge in _OPEN_EDGES)
    rough = (high - low) / _MOST_CLASSES
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(
        power * times for times in (1, 2, 5, 10, 20) if _classes(low, high, power * times) <= _MOST_CLASSES
    )
    start = math.floor(low / step)
    return tuple(round((start + index) * step, 12) for index in range(_classes(low, high, step) + 1))


def _classes(low: float, high: float, step: float) -> int:
    return max(math.ceil(round(high / step, 9)) - math.floor(low / step), 1)


def _class_of(value: float, edges: Edges) -> int:
    """The index of a value's class; the outer ones hold what lies beyond."""
    inner = edges[1:-1]
    return sum(1 for edge in inner if value >= edge)


def _listed(options: Options, kind: str, values: Tally) -> dict[str, int]:
    """All choices in the order of the question, then those that were removed."""
    return _summed(values.items(), (choice for choice, _title in KINDS[kind].choices(options)))


def _rows(options: Options, values: Tally) -> dict[str, dict[str, int]]:
    rows, choices = _named(options, "rows"), _named(options, "choices")
    found: dict[str, dict[str, int]] = {row: dict.fromkeys(choices, 0) for row in rows}
    for value, number in sorted(values.items()):
        row, _separator, choice = value.partition(SEPARATOR)
        found.setdefault(row, dict.fromkeys(choices, 0))[choice] = number
    return found


def _named(options: Options, name: str) -> list[str]:
    return [one["value"] for one in options.get(name) or ()]


def _summed(numbers: Iterable[tuple[str, int]], cells: Iterable[str] = ()) -> dict[str, int]:
    """How many people are in each cell, the named ones first."""
    found = dict.fromkeys(cells, 0)
    for cell, number in numbers:
        found[cell] = found.get(cell, 0) + number
    return found
