"""Results of an import: rows stored, already known, or rejected with reasons."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import TypeVar

from django.utils.translation import override

from mapping.imports.messages import row_sentence
from mapping.imports.reading.rows import Row

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A rejected row: its number in the file, the field at fault, the machine-readable reason, and an English message;
    `params` fill the message of `services.messages` in other languages.
    """

    number: int
    field: str
    code: str
    detail: str
    params: Mapping[str, object] = member(default_factory=dict)


Sink = Callable[[RejectedRow, Mapping[str, object]], object]


@dataclass(slots=True)
class ImportReport:
    """The result of an import or a dry run: rows stored, known from an earlier import, rejected.

    `categories` counts the stored rows of each category by title, `made` names the created ones. `notes` counts
    interpretations of stored rows (`messages.note_sentence`). `sink` is called with each rejected row and its fields
    immediately: keeping the fields of all would take the memory of the file.
    """

    stored: int = 0
    known: int = 0
    rejected: list[RejectedRow] = member(default_factory=list)
    categories: Counter[str] = member(default_factory=Counter)
    made: set[str] = member(default_factory=set)
    notes: Counter[str] = member(default_factory=Counter)
    sink: Sink | None = None

    def reject(
        self, row: Row, name: str, code: str, detail: str = "", params: Mapping[str, object] | None = None
    ) -> None:
        """Add a rejected row; without `detail` the message of the code is used."""
        if not detail:
            with override("en"):
                detail = row_sentence(name, code, params or {})
        found = RejectedRow(row.number, name, code, detail, params or {})
        self.rejected.append(found)
        if self.sink is not None:
            self.sink(found, row.fields)

    def sound(self, rows: Iterable[Row]) -> list[Row]:
        """The rows without a fault; the others are added as rejected."""
        kept = []
        for row in rows:
            if row.fault is None:
                kept.append(row)
            else:
                self.reject(row, "row", row.fault.code, params=row.fault.params)
        return kept


def by_reason(rejected: Iterable[RejectedRow]) -> list[tuple[str, str, int]]:
    """The number of rejected rows per field and reason, most frequent first."""
    counted = Counter((row.field, row.code) for row in rejected)
    return [(name, code, count) for (name, code), count in counted.most_common()]


def drained(
    steps: Generator[int, None, ResultT], progress: Callable[[int], object] = lambda _rows: None
) -> ResultT:
    """Run an import to its end and return its result; `progress` is called with the rows of each step."""
    while True:
        try:
            progress(next(steps))
        except StopIteration as end:
            result: ResultT = end.value
            return result
