"""What became of the rows of a file: stored, known before, left out and why."""

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
    """A row that was left out: its number in the file, the field at fault, the machine-readable reason, and a sentence
    in English; `params` fill the sentence of `services.messages` in other languages.
    """

    number: int
    field: str
    code: str
    detail: str
    params: Mapping[str, object] = member(default_factory=dict)


Sink = Callable[[RejectedRow, Mapping[str, object]], object]


@dataclass(slots=True)
class ImportReport:
    """What an import did or, in a dry run, would do: rows stored, known from an earlier import, left out.

    `categories` counts the stored rows of each category by title, `made` names those that were missing. `notes` counts
    what was decided about rows that are stored (`import_messages.note_sentence`). `sink` is told each rejected row with
    its fields at once: keeping the fields of all would take the memory of the file.
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
        """Enter a row that is left out; without `detail` the sentence of the code says why."""
        if not detail:
            with override("en"):
                detail = row_sentence(name, code, params or {})
        found = RejectedRow(row.number, name, code, detail, params or {})
        self.rejected.append(found)
        if self.sink is not None:
            self.sink(found, row.fields)

    def sound(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that are whole; the others are entered as left out."""
        kept = []
        for row in rows:
            if row.fault is None:
                kept.append(row)
            else:
                self.reject(row, "row", row.fault.code, params=row.fault.params)
        return kept


def by_reason(rejected: Iterable[RejectedRow]) -> list[tuple[str, str, int]]:
    """How many rows were left out for each field and reason, most frequent first."""
    counted = Counter((row.field, row.code) for row in rejected)
    return [(name, code, count) for (name, code), count in counted.most_common()]


def drained(
    steps: Generator[int, None, ResultT], progress: Callable[[int], object] = lambda _rows: None
) -> ResultT:
    """Run an import to its end and return its result; `progress` is told the rows of each step."""
    while True:
        try:
            progress(next(steps))
        except StopIteration as end:
            result: ResultT = end.value
            return result
