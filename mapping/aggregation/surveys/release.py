"""What the public sees of the counted answers to a question: no group of 1 to k - 1 people follows by subtraction.

The answers to a question divide people into cells, one for each choice. A number of a cell is public or hidden (None).
`docs/privacy/surveys.md` has the promise with its reasons; the tests attack it. Pure: neither Django nor a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mapping.aggregation.surveys.cells import SEPARATOR, Cells
from mapping.questions.names import QuestionKind

Counts = Mapping[str, int]
"""How many people are in each cell, in truth."""

Shown = Mapping[str, Sequence[int]]
"""All numbers that were ever public of each cell, the newest last; of all cells together under `TOTAL`."""

TOTAL: Final = ""
"""The name of all cells together."""

PEOPLE_PER_CHANGE: Final = 100
"""A new release needs changes of one in so many people, and of k at least: the numbers ever shown stay few."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is public of one question, or of one row of a matrix.

    `responses` is the number of people who answered: exact where no number is hidden, else a lower limit.
    """

    counts: dict[str, int | None]
    responses: int

    @property
    def is_suppressed(self) -> bool:
        """Whether any number is hidden."""
        return None in self.counts.values()


@dataclass(frozen=True, slots=True)
class ToldQuestion:
    """What is public of a question; `edges` are those of classes of numbers, `rows` those of a matrix."""

    told: Told
    rows: dict[str, Told] = field(default_factory=dict)
    edges: tuple[float, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As `SurveyRelease.published` keeps it."""
        body: dict[str, Any] = {"told": _told_json(self.told)}
        if self.rows:
            body["rows"] = [[row, _told_json(one)] for row, one in self.rows.items()]
        if self.edges:
            body["edges"] = list(self.edges)
        return body

    @classmethod
    def of_json(cls, body: Mapping[str, Any]) -> ToldQuestion:
        """The inverse of `as_json`."""
        return cls(
            _told_of_json(body["told"]),
            {row: _told_of_json(one) for row, one in body.get("rows", ())},
            tuple(body.get("edges", ())),
        )


def _told_json(told: Told) -> dict[str, Any]:
    # As a list: PostgreSQL sorts the members of objects by their length.
    return {"responses": told.responses, "counts": list(told.counts.items())}


def _told_of_json(body: Mapping[str, Any]) -> Told:
    return Told(dict(body["counts"]), body["responses"])


def tell(
    kind: str, cells: Cells, shown: Shown, k: int, before: ToldQuestion | None = None
) -> tuple[ToldQuestion, dict[str, list[int]]]:
    """The public numbers of a question, and all numbers of it that were ever shown, these included.

    `before` is what the last release shows of it.
    """
    if kind == QuestionKind.MATRIX:
        return _tell_matrix(cells, shown, k, before.rows if before else {})
    if kind == QuestionKind.MULTIPLE_CHOICE:
        told = tell_choices(cells.counts, cells.answered, shown, k)
    elif cells.counts:
        told = tell_partition(cells.counts, shown, k, before.told if before else None)
    else:
        told = Told({}, rounded(cells.answered, k))
    return ToldQuestion(told, edges=cells.edges), remember(told, shown)


def changes_needed(responses: int, k: int) -> int:
    """How many people must have answered or changed their answers before a survey's numbers are made anew."""
    return max(k, responses // PEOPLE_PER_CHANGE)


def rounded(people: int, k: int) -> int:
    """A number of people as a multiple of k, rounded down."""
    return people // k * k


def tell_partition(counts: Counts, shown: Shown, k: int, before: Told | None = None) -> Told:
    """The public numbers of cells of which each person is in exactly one; `before` are those of the last release."""
    told = {cell: _number(count, shown.get(cell, ()), k) for cell, count in counts.items()}
    _hide_more(told, counts, k)
    if None not in told.values():
        _lag(told, counts, shown, k, before)
    total = sum(number for number in told.values() if number is not None)
    if None not in told.values():
        return Told(told, total)
    hidden = sum(counts[cell] for cell, number in told.items() if number is None)
    return Told(told, max(total, rounded(total + hidden, k)))


def tell_choices(counts: Counts, answered: int, shown: Shown, k: int) -> Told:
    """The public numbers of choices of which each person has any: each divides people into two cells."""
    told = {}
    for cell, count in counts.items():
        number = _number(count, shown.get(cell, ()), k)
        if number is not None and any(0 < abs(answered - one) < k for one in (count, number)):
            number = None
        told[cell] = number
    most = max((number for number in told.values() if number is not None), default=0)
    return Told(told, max(most, rounded(answered, k)))


def _tell_matrix(
    cells: Cells, shown: Shown, k: int, before: Mapping[str, Told]
) -> tuple[ToldQuestion, dict[str, list[int]]]:
    rows: dict[str, Told] = {}
    numbers = {name: list(ones) for name, ones in shown.items()}
    for row, counts in cells.rows.items():
        prefix = f"{row}{SEPARATOR}"
        own = {name.removeprefix(prefix): ones for name, ones in shown.items() if name.startswith(prefix)}
        rows[row] = tell_partition(counts, own, k, before.get(row))
        numbers |= {f"{prefix}{cell}": ones for cell, ones in remember(rows[row], own).items()}
    most = max((told.responses for told in rows.values()), default=0)
    return ToldQuestion(Told({}, max(most, rounded(cells.answered, k))), rows), numbers


def remember(told: Told, shown: Shown) -> dict[str, list[int]]:
    """The numbers ever shown, with those of a new release."""
    numbers = {cell: list(ones) for cell, ones in shown.items()}
    new = dict(told.counts) | ({} if told.is_suppressed or not told.counts else {TOTAL: told.responses})
    for cell, number in new.items():
        if number is not None:
            numbers[cell] = [one for one in numbers.get(cell, ()) if one != number] + [number]
    return numbers


def _is_apart(number: int, shown: Iterable[int], k: int) -> bool:
    """Whether a number differs from all others by nothing or by at least k people."""
    return all(number == one or abs(number - one) >= k for one in shown)


def _number(count: int, shown: Sequence[int], k: int) -> int | None:
    """The number of a cell by itself: the truth, or the last number where the difference would be a small group."""
    if count == 0:
        return 0
    if count < k:
        return None
    if _is_apart(count, shown, k):
        return count
    return shown[-1] if abs(count - shown[-1]) < k else None


def _hide_more(told: dict[str, int | None], counts: Counts, k: int) -> None:
    """Hide further numbers until the hidden ones do not follow from the number of all people.

    The smallest numbers are hidden, and all that are as small: the rule must not depend on the order of the cells, for
    then any two hidden cells could as well be exchanged.
    """
    while _follows([counts[cell] for cell, number in told.items() if number is None], k):
        smallest = min((number for number in told.values() if number), default=0)
        # With no number left, zeros are hidden, too.
        for cell, number in told.items():
            if number == smallest:
                told[cell] = None
        if smallest == 0:
            return


def _follows(hidden: Sequence[int], k: int) -> bool:
    """Whether their sum would be a small group or leave one possibility only for what is hidden."""
    if not hidden:
        return False
    total, cells = sum(hidden), len(hidden)
    are_all_small = max(hidden) < k
    return total < k or cells == 1 or (are_all_small and total in (cells, cells * (k - 1)))


def _lag(told: dict[str, int | None], counts: Counts, shown: Shown, k: int, before: Told | None) -> None:
    """Let numbers lag behind the truth until what is not told yet is no small group.

    Some numbers are older than others. Whoever knows how many people there are now, perhaps from another question,
    would subtract the numbers and be left with those who are not told yet.
    """
    last = {cell: shown[cell][-1] for cell in counts if shown.get(cell)}
    moved = sorted(
        (cell for cell in last if told[cell] == counts[cell] != last[cell]),
        key=lambda cell: abs(counts[cell] - last[cell]),
    )
    while moved and not _is_told_apart(told, counts, shown, k):
        cell = moved.pop()
        told[cell] = _behind(counts[cell], shown[cell], k)
    if _is_told_apart(told, counts, shown, k):
        return
    # What is public already adds nothing. Otherwise the smallest numbers are hidden, with further ones.
    if before is not None and not before.is_suppressed and before.counts.keys() == counts.keys():
        told.update(before.counts)
        return
    smallest = min((number for number in told.values() if number), default=0)
    told.update({cell: None for cell, number in told.items() if number == smallest})
    _hide_more(told, counts, k)


def _is_told_apart(told: Mapping[str, int | None], counts: Counts, shown: Shown, k: int) -> bool:
    """Whether neither the people not told yet are a small group, nor those by whom the totals of two moments differ."""
    gaps = [counts[cell] - number for cell, number in told.items() if number not in (None, counts[cell])]
    total = sum(number or 0 for number in told.values())
    pending = abs(sum(gaps))
    is_small = 0 < pending < k or (bool(gaps) and pending == len(gaps) * (k - 1))
    return not is_small and _is_apart(total, shown.get(TOTAL, ()), k)


def _behind(count: int, shown: Sequence[int], k: int) -> int:
    """A number k to 2k - 1 people behind a count, whole steps of k from the last one."""
    last = shown[-1]
    step = k if count > last else -k
    number = last + step * ((abs(count - last) - k) // k)
    while not _is_apart(number, shown, k):
        number -= step
    return number
