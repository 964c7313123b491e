"""Tables of a survey by two axes: how many people gave which pair of answers, exact, for staff.

One pass over the responses counts each distinct pair of answers; those with several choices are taken apart afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.db import connections, router, transaction
from django.utils.translation import gettext as _

from mapping.aggregation.surveys.axes import Axis, Only, Parameter, condition_of, reading_of
from mapping.models import Campaign, Response

FEW_PEOPLE: Final = 30
"""Below so many people shares are a matter of chance."""

# Compared by bytes, which is faster than by the rules of a language. PostgreSQL knows nothing of the answers in JSON
# and expects few rows of a condition on them, which it would sort; of CASE it expects half of all, which it hashes.
_COUNTED: Final = """
    SELECT {first} COLLATE "C" AS a, {second} COLLATE "C" AS b, count(*) FROM mapping_response AS response {joins}
    WHERE response.campaign_id = %s AND response.completed_at IS NOT NULL
        AND CASE WHEN {condition} THEN TRUE ELSE FALSE END
    GROUP BY a, b
"""
# Most of the time is spent on answers as text, row by row, which workers share. PostgreSQL expects as many groups as
# people where there are some thousand, and finds those too dear to pass on.
_SHARED: Final = (
    "SELECT set_config('parallel_setup_cost', '0', true), set_config('parallel_tuple_cost', '0', true)"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A cell of a table; `share` is its part of the row's people, `share_of_column` of the column's; None of nobody."""

    title: str
    people: int
    share: float | None
    share_of_column: float | None


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One row of a table."""

    title: str
    people: int
    pairs: tuple[Pair, ...]

    @property
    def has_few(self) -> bool:
        """Whether shares are a matter of chance."""
        return 0 < self.people < FEW_PEOPLE


@dataclass(frozen=True, slots=True)
class CrossTable:
    """A table of two axes; `people` gave an answer on both."""

    columns: tuple[str, ...]
    rows: tuple[CrossRow, ...]
    whole: CrossRow
    people: int


def cross_table(campaign: Campaign, first: Axis, second: Axis, only: Only | None = None) -> CrossTable:
    """Count people by their answers on two axes, rows first; choices that were removed come last."""
    people: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    total = 0
    for rows_of, columns_of, number in _counted(campaign, first, second, only):
        total += number
        for column in columns_of:
            columns[column] += number
        for row in rows_of:
            people[row] += number
            for column in columns_of:
                pairs[row, column] += number
    down, across = _titles(first, people), _titles(second, columns)

    def row_of(title: str, of_row: int, numbers: Iterable[tuple[str, int]]) -> CrossRow:
        return CrossRow(
            title,
            of_row,
            tuple(
                Pair(across[name], number, _share(number, of_row), _share(number, columns[name]))
                for name, number in numbers
            ),
        )

    return CrossTable(
        columns=tuple(across.values()),
        rows=tuple(
            row_of(title, people[row], [(column, pairs[row, column]) for column in across])
            for row, title in down.items()
        ),
        whole=row_of(_("All"), total, [(column, columns[column]) for column in across]),
        people=total,
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _titles(axis: Axis, found: Iterable[str]) -> dict[str, str]:
    titles = dict(axis.values)
    return titles | {value: value for value in sorted(found) if value not in titles}


def _counted(
    campaign: Campaign, first: Axis, second: Axis, only: Only | None
) -> list[tuple[Sequence[str], Sequence[str], int]]:
    """The values on both axes, with the number of people, of each distinct pair of answers."""
    a, b = reading_of(first, "first_groups"), reading_of(second, "second_groups")
    readings = [a, b]
    condition: str = "TRUE"
    more: tuple[Parameter, ...] = ()
    if only is not None:
        chosen = reading_of(only.axis, "only_groups")
        readings.append(chosen)
        condition, more = condition_of(only, chosen)
    statement = _COUNTED.format(
        first=a.expression,
        second=b.expression,
        joins=" ".join(one.join for one in readings),
        condition=condition,
    )
    parameters: list[Parameter] = [
        *a.parameters,
        *b.parameters,
        *(value for one in readings for value in one.join_parameters),
        campaign.pk,
        *more,
    ]
    using = router.db_for_read(Response)
    with transaction.atomic(using), connections[using].cursor() as cursor:
        cursor.execute(_SHARED)
        cursor.execute(statement, parameters)
        # Some thousand pairs are made of a few different answers.
        read_one, read_another = cache(a.read), cache(b.read)
        return [
            (read_one(one), read_another(another), number)
            for one, another, number in cursor.fetchall()
            if one is not None and another is not None
        ]
