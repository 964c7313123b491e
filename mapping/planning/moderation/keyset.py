"""Pages of the queue, in both directions (`models.keysets`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime

from mapping.models import Comment, Contribution
from mapping.models.keysets import KeyValue, behind

Row = TypeVar("Row", Contribution, Comment)
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Cursor:
    """The position of one row in the order by creation and key."""

    created_at: datetime
    key: str

    @classmethod
    def of(cls, row: Contribution | Comment) -> "Cursor":
        """The cursor of a row."""
        return cls(row.created_at, str(row.pk))

    @classmethod
    def parse(cls, text: str, model: type[Model]) -> "Cursor | None":
        """Parse the output of `str()`; anything else means the first page."""
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
        keys = (("created_at", cursor.created_at), ("pk", cursor.key))
        ordered = ordered.filter(behind([KeyValue(name, value, descending) for name, value in keys]))
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
