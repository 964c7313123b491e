"""Paging by keyset: a page begins behind a row, not after a number of rows, so that it neither skips nor repeats
anything when a neighbour decides at the same time, and page 2,000 is as fast as page 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from mapping.models import Comment, Contribution

Row = TypeVar("Row", Contribution, Comment)
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of one row in the order by creation and key."""

    created_at: datetime
    key: str

    @classmethod
    def of(cls, row: Contribution | Comment) -> "Cursor":
        """The cursor of a row."""
        return cls(row.created_at, str(row.pk))

    @classmethod
    def parse(cls, text: str, model: type[Model]) -> "Cursor | None":
        """Read what `str()` wrote; whatever is not a cursor means the first page."""
        moment_text, _, key = text.partition("~")
        try:
            moment = parse_datetime(moment_text)
            if model is Contribution:
                UUID(key)
            elif not (key.isascii() and key.isdigit() and len(key) < 19):
                return None
        except ValueError:
            return None
        return cls(moment, key) if moment is not None and moment.tzinfo is not None else None

    def __str__(self) -> str:
        return f"{self.created_at.isoformat()}~{self.key}"


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows, and the cursors of its neighbours."""

    rows: Sequence[Row]
    previous: Cursor | None
    next: Cursor | None


def page_of(
    rows: "QuerySet[Row]",
    *,
    newest_first: bool,
    after: Cursor | None = None,
    before: Cursor | None = None,
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """One page of rows ordered by creation, ties broken by key; `after` wins over `before`."""
    backwards = before is not None and after is None
    cursor = after or before
    descending = newest_first != backwards
    ordered = rows.order_by(*(("-created_at", "-pk") if descending else ("created_at", "pk")))
    if cursor is not None:
        ordered = ordered.filter(_beyond(cursor, descending=descending))
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page((), None, None)
    first, last = Cursor.of(found[0]), Cursor.of(found[-1])
    if backwards:
        return Page(found, first if more else None, last)
    return Page(found, first if cursor is not None else None, last if more else None)


def _beyond(cursor: Cursor, *, descending: bool) -> Q:
    """Rows behind a cursor; the redundant outer bound lets PostgreSQL begin in the index right there."""
    side = "lt" if descending else "gt"
    return Q(
        Q(**{f"created_at__{side}": cursor.created_at}) | Q(**{f"pk__{side}": cursor.key}),
        **{f"created_at__{side}e": cursor.created_at},
    )
