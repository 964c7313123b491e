"""Results of surveys as bars: widths, shares and words, for the citizens' and the planners' pages alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mapping.aggregation.surveys.results import CHOSEN, Counted, CountedRow, QuestionResult
from mapping.questions.choices import OTHER
from mapping.questions.names import QuestionKind

_STEPS: Final = 7
"""Shades of stacked bars (`results.css`)."""


@dataclass(frozen=True, slots=True)
class ResultBar:
    """One bar: `width` in per cent of the longest one, `share` of the people who answered (None: unknown)."""

    title: str
    people: int | None
    width: str
    share: float | None
    is_most: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar, in per cent of its length; `step` is its shade from 1 to 7."""

    title: str
    people: int
    start: str
    width: str
    step: int


@dataclass(frozen=True, slots=True)
class StackedBar:
    """One statement of a matrix."""

    row: CountedRow
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A question with its bars."""

    result: QuestionResult
    bars: tuple[ResultBar, ...]
    stacked: tuple[StackedBar, ...]
    key: tuple[tuple[str, int], ...]
    low_title: str
    high_title: str
    is_exact: bool

    @property
    def is_at_least(self) -> bool:
        """Whether the number of people is a lower limit."""
        is_sum = bool(self.bars) and not self.is_several and not self.result.is_suppressed
        return not self.is_exact and not is_sum

    @property
    def is_text(self) -> bool:
        """Whether there may be free texts to read."""
        question = self.result.question
        return question.kind in (QuestionKind.TEXT, QuestionKind.LONG_TEXT) or any(
            cell.is_other for cell in self.result.cells
        )

    @property
    def writing(self) -> str:
        """The name of its texts in the answers."""
        question = self.result.question
        is_beside = any(cell.is_other for cell in self.result.cells)
        return f"{question.slug}{OTHER}" if is_beside else question.slug

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading between questions."""
        return self.result.question.kind == QuestionKind.NOTE

    @property
    def is_several(self) -> bool:
        """Whether shares add up to more than 100 %."""
        return self.result.question.kind == QuestionKind.MULTIPLE_CHOICE

    @property
    def is_ranking(self) -> bool:
        """Whether first places are counted."""
        return self.result.question.kind == QuestionKind.RANKING

    @property
    def is_row(self) -> bool:
        """Whether the order of the bars has a meaning of its own: steps, numbers, months, hours."""
        return bool(self.bars) and self.result.question.kind not in CHOSEN


def shown_result(result: QuestionResult, *, is_exact: bool = False) -> ShownResult:
    """Draw the result of a question; shares of public numbers are left out where the people are not known."""
    options = result.question.options
    is_known = is_exact or not result.is_suppressed or result.question.kind == QuestionKind.MULTIPLE_CHOICE
    key = tuple(
        (cell.title, _step(index, len(row.cells)))
        for row in result.rows[:1]
        for index, cell in enumerate(row.cells)
    )
    return ShownResult(
        result,
        _bars(_without_empty_ends(result), result.responses if is_known else 0),
        tuple(_stacked(row) for row in result.rows),
        key,
        str(options.get("minimum_title") or ""),
        str(options.get("maximum_title") or ""),
        is_exact,
    )


def _without_empty_ends(result: QuestionResult) -> Sequence[Counted]:
    """The cells, of classes of numbers and hours without those at both ends that nobody is in."""
    cells = result.cells
    if not result.is_classed and result.question.kind != QuestionKind.TIME_OF_DAY:
        return cells
    used = [index for index, cell in enumerate(cells) if cell.responses != 0]
    return cells[used[0] : used[-1] + 1] if used else cells


def _bars(cells: Sequence[Counted], people: int) -> tuple[ResultBar, ...]:
    most = max((cell.responses or 0 for cell in cells), default=0)
    return tuple(
        ResultBar(
            cell.title,
            cell.responses,
            _per_cent(cell.responses or 0, most),
            cell.responses / people if people and cell.responses is not None else None,
            is_most=bool(most) and cell.responses == most,
        )
        for cell in cells
    )


def _stacked(row: CountedRow) -> StackedBar:
    segments, so_far = [], 0
    for index, cell in enumerate(row.cells):
        if cell.responses:
            segments.append(
                Segment(
                    cell.title,
                    cell.responses,
                    _per_cent(so_far, row.responses),
                    _per_cent(cell.responses, row.responses),
                    _step(index, len(row.cells)),
                )
            )
            so_far += cell.responses
    return StackedBar(row, tuple(segments))


def _step(index: int, cells: int) -> int:
    """The shade of a choice: the first and the last one get the ends, whatever lies between is spread evenly."""
    return 1 + round(index * (_STEPS - 1) / max(cells - 1, 1))


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "0"
