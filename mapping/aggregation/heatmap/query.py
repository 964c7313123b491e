"""The query of a heat map: one frozen value for pages, API, reports and statistics, validated in one place."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar, get_args

from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.dimension import Dimension
from mapping.filters.problems import QueryProblem
from mapping.filters.questions import owner_of
from mapping.geo.grid import SIZES

Grid = Literal["square", "hexagon", "district"]
Measure = Literal["contributions", "participants", "support", "opposition", "balance", "mean"]
ValueT = TypeVar("ValueT")

GRIDS: Final[tuple[Grid, ...]] = get_args(Grid)
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
PLAIN_MEASURES: Final = tuple(measure for measure in MEASURES if measure != "mean")
"""Measures that do not require a question."""

OPINIONS: Final = frozenset({"support", "opposition", "balance"})
"""Measures that add up the opinions on contributions; the balance is support less opposition."""

MEASURES_WITH_VALUES: Final = OPINIONS | {"mean"}
"""Measures whose rows have a fourth number."""

_UNFILTERED: Final = ContributionFilter()


@dataclass(frozen=True, slots=True)
class HeatmapQuery:
    """A count of the contributions of a campaign that match `filter`, per cell.

    `size` is the edge of a square or of a hexagon (as defined by PostGIS's ST_HexagonGrid) in metres; districts have
    none. `question` is the name of an `AnswerMeasure` for the measure "mean". Callers must check permissions for
    protected campaigns first: a filter without statuses counts what is published, for everybody. `for_staff` says that
    they have checked `rules.may_read_responses`; without it no answer to the survey and none for staff filters or is
    measured.
    """

    campaign_id: int
    size: int = 200
    filter: ContributionFilter = _UNFILTERED
    grid: Grid = "square"
    measure: Measure = "contributions"
    question: str = ""
    for_staff: bool = False

    def check(self) -> None:
        """Raise QueryProblem for errors that can be detected without the database."""
        _check_each("grid", (self.grid,), GRIDS)
        if self.grid != "district":
            _check_each("size", (self.size,), SIZES)
        _check_each("measure", (self.measure,), MEASURES)
        self.filter.check()
        if self.measure == "mean" and not self.question:
            raise QueryProblem("question_missing", parameter="question")
        if self.staff_sources and not self.for_staff:
            raise QueryProblem("no_such_question", parameter="question", question=self.question[:100])

    def having(self, dimension: Dimension[ValueT], value: ValueT | None) -> HeatmapQuery:
        """Return a copy with another value of one dimension of the filter; None removes it."""
        return replace(self, filter=self.filter.having(dimension, value))

    @property
    def measures_people(self) -> bool:
        """Whether the measure is a mean of answers to the survey: each person counts once in a cell."""
        return self.measure == "mean" and owner_of(self.question) == "responses"

    @property
    def staff_sources(self) -> frozenset[str]:
        """The answers that only staff may read and that it filters by or measures: "staff_answers", "responses"."""
        return staff_sources(self.measure, self.question, self.filter)

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses that are counted."""
        return self.filter.counted

    @property
    def has_values(self) -> bool:
        """Whether rows have a fourth number, the value of the measure."""
        return self.measure in MEASURES_WITH_VALUES

    @property
    def is_tallied(self) -> bool:
        """Whether the query can be answered from the tally table."""
        return self.is_in_footprints and not self.filter.is_narrowed and len(set(self.statuses)) == 1

    @property
    def is_in_footprints(self) -> bool:
        """Whether the query can be answered from footprints (from which the tally is made)."""
        return (
            self.grid == "square"
            and not self.has_values
            and not self.filter.needs("contribution")
            and not self.filter.needs("district")
        )


def staff_sources(measure: Measure, question: str, *filters: ContributionFilter) -> frozenset[str]:
    """The answers that only staff may read among a measure and some filters, by the names of their parameters."""
    found = frozenset[str]().union(*(one.staff_sources for one in filters))
    return found | ({owner_of(question)} - {"answers"} if measure == "mean" else set())


def _check_each(parameter: str, given: Collection[object], known: Collection[object]) -> None:
    for value in given:
        if value not in known:
            listed = ", ".join(str(choice) for choice in known)
            raise QueryProblem(f"unknown_{parameter}", parameter=parameter, value=value, choices=listed)
