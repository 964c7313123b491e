"""What a heat map is asked: one frozen value for pages, API, reports and statistics, checked in one place.

Rules of the filter, which the numbers of `heatmap` and `statistics` keep alike:

- Days, weekdays and hours are those of the contribution's `created_at` in the site's time zone; both days count.
- Hours go from the first (included) to the last (excluded) and may pass midnight: (20, 6) is 20:00 to 05:59.
- A point lies in one district at most, the first by code where several share a border; a line or area lies in each
  district that it touches.
- An answer matches where it is one of the values or, with several choices, holds one of them. Several questions must
  all match.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from mapping.geo.grid import SIZES
from mapping.models.footprint import SOURCE_CODES, STATUS_CODES

Grid = Literal["square", "hexagon", "district"]
Measure = Literal["contributions", "participants", "support", "opposition", "balance", "mean"]

GRIDS: Final[tuple[Grid, ...]] = get_args(Grid)
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
PLAIN_MEASURES: Final = tuple(measure for measure in MEASURES if measure != "mean")
"""Measures that need no question."""

OPINIONS: Final = frozenset({"support", "opposition", "balance"})
"""Measures that add up the opinions on contributions; the balance is support less opposition."""

MEASURES_WITH_VALUES: Final = OPINIONS | {"mean"}
"""Measures whose rows carry a fourth number."""

SOURCES: Final = tuple(SOURCE_CODES)
WEEKDAYS: Final = tuple(range(1, 8))
"""ISO 8601: 1 is Monday."""

_HOURS: Final = re.compile(r"([0-9]{1,2})-([0-9]{1,2})")


class HeatmapProblem(ValueError):
    """A heat map that cannot be made: a machine-readable `code`, and `params` for a sentence.

    From `HeatmapQuery.check`: `unknown_grid`, `unknown_size`, `unknown_measure`, `unknown_status`, `unknown_source`,
    `unknown_weekday`, `unknown_hours`, `dates_inverted` (start, end), `question_missing`; all but the last two have
    `choices`. From counting: `no_districts` (the campaign has no layer), `unknown_district`, `no_such_question`
    (question), `question_not_numeric`, `question_without_choices`, `unknown_answer` (value, choices), `too_many_cells`
    (size, limit, smallest: the smallest size that works). `params["parameter"]` names the culprit.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code: str = code
        self.params: dict[str, object] = params
        super().__init__(f"{code} {params}")


@dataclass(frozen=True, slots=True)
class AnswerFilter:
    """Contributions that answered a question (by slug) with one of the values; yes and no are "true" and "false"."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeatmapQuery:
    """What is counted. None means no filter; an empty tuple matches nothing (of `answers`: no filter).

    `size` is the edge of a square or of a hexagon (as PostGIS's ST_HexagonGrid understands it) in metres; districts
    have none. `question` is the slug of the scale or number of which the measure "mean" is taken.
    """

    campaign_id: int
    size: int = 200
    category_ids: tuple[int, ...] | None = None
    start: date | None = None
    end: date | None = None
    statuses: tuple[str, ...] = ("published",)
    grid: Grid = "square"
    weekdays: tuple[int, ...] | None = None
    hours: tuple[int, int] | None = None
    sources: tuple[str, ...] | None = None
    district_ids: tuple[int, ...] | None = None
    answers: tuple[AnswerFilter, ...] = ()
    measure: Measure = "contributions"
    question: str = ""

    def check(self) -> None:
        """Raise HeatmapProblem for what can be said without the database (see there)."""
        _check_each("grid", (self.grid,), GRIDS)
        if self.grid != "district":
            _check_each("size", (self.size,), SIZES)
        _check_each("measure", (self.measure,), MEASURES)
        _check_each("status", self.statuses, STATUS_CODES)
        _check_each("source", self.sources or (), SOURCES)
        _check_each("weekday", self.weekdays or (), WEEKDAYS)
        if self.hours is not None:
            first, last = self.hours
            if not (0 <= first <= 23 and 0 <= last <= 24) or first == last:
                raise HeatmapProblem("unknown_hours", parameter="hours", hours=f"{first}-{last}")
        if self.start is not None and self.end is not None and self.end < self.start:
            raise HeatmapProblem("dates_inverted", parameter="datetime", start=self.start, end=self.end)
        if self.measure == "mean" and not self.question:
            raise HeatmapProblem("question_missing", parameter="question")

    @property
    def has_values(self) -> bool:
        """Whether rows carry a fourth number, the value of the measure."""
        return self.measure in MEASURES_WITH_VALUES

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the status narrows what is counted."""
        filters = (
            self.category_ids,
            self.start,
            self.end,
            self.weekdays,
            self.hours,
            self.sources,
            self.district_ids,
        )
        return bool(self.answers) or any(one is not None for one in filters)

    @property
    def is_tallied(self) -> bool:
        """Whether the tally holds the answer."""
        return self.is_in_footprints and not self.is_filtered and len(set(self.statuses)) == 1

    @property
    def is_in_footprints(self) -> bool:
        """Whether footprints hold the answer (the tally is made of them)."""
        return (
            self.grid == "square" and not self.has_values and not self.answers and self.district_ids is None
        )


def weekdays_of(text: str) -> tuple[int, ...]:
    """Read "1,7" as weekdays (ISO 8601, 1 is Monday), each once, in order; raises HeatmapProblem "unknown_weekday"."""
    words = {word.strip() for word in text.split(",")}
    if not words <= {str(day) for day in WEEKDAYS}:
        raise HeatmapProblem("unknown_weekday", parameter="weekday", choices=_listed(WEEKDAYS))
    return tuple(sorted(int(word) for word in words))


def hours_of(text: str) -> tuple[int, int] | None:
    """Read "20-6" as hours, first included, last excluded, past midnight where the first is the larger one.

    A whole day ("0-24") is no filter: None. Raises HeatmapProblem "unknown_hours".
    """
    match = _HOURS.fullmatch(text.strip())
    first, last = (int(match[1]), int(match[2])) if match else (-1, -1)
    if not (0 <= first <= 23 and 0 <= last <= 24) or first == last:
        raise HeatmapProblem("unknown_hours", parameter="hours", hours=text[:20])
    return None if (first, last) == (0, 24) else (first, last)


def _check_each(parameter: str, given: Collection[object], known: Collection[object]) -> None:
    for value in given:
        if value not in known:
            raise HeatmapProblem(
                f"unknown_{parameter}", parameter=parameter, value=value, choices=_listed(known)
            )


def _listed(choices: Collection[object]) -> str:
    return ", ".join(str(choice) for choice in choices)
