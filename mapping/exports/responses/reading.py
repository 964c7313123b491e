"""Responses as records, read in one snapshot and in constant memory, however many there are.

They come in the order of an index (`response_changes`), so that the first ones are there at once.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import islice
from typing import Any, Final

from django.conf import settings
from django.db.models import F, Func, TextField

from mapping.exports.registry import Progress
from mapping.exports.responses.column import Column
from mapping.exports.responses.values import Cell, Record
from mapping.exports.streams.copying import copied_rows
from mapping.models import Campaign, Question, Response

_ROWS: Final = 2000
"""Rows of a batch."""
_FIRST_ROWS: Final = 100
"""Rows of the first one, so that something is there soon."""
_LINE_END: Final = b"\n"


class _Line(Func):
    """A response as one line of JSON: days are those of the site's time zone."""

    template = (
        "json_build_array({id}, {source}, {batch}, ({created} AT TIME ZONE %s)::date,"
        " ({completed} AT TIME ZONE %s)::date, {answers} || {staff_answers},"
        " (SELECT json_agg(json_build_array(tagged.writing, tagged.tag_id)) FROM mapping_taggedtext AS tagged"
        " WHERE tagged.response_id = {id} AND NOT tagged.is_stale))::text"
    )
    output_field = TextField()
    _COLUMNS: Final = ("id", "source", "batch", "created_at", "completed_at", "answers", "staff_answers")

    def __init__(self) -> None:
        super().__init__(*(F(name) for name in self._COLUMNS))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Put the columns into the template."""
        names = [name.removesuffix("_at") for name in self._COLUMNS]
        columns = [compiler.compile(one)[0] for one in self.get_source_expressions()]
        return self.template.format(**dict(zip(names, columns, strict=True))), [settings.TIME_ZONE] * 2


def has_survey(campaign: Campaign) -> bool:
    """Whether there is something to write: questions, or responses to questions that were removed."""
    questions = Question.objects.filter(campaign=campaign)
    return questions.exists() or Response.objects.of(campaign).exists()


def records_of(campaign: Campaign) -> Generator[Record, None, None]:
    """All complete responses, in the order in which they were sent or last changed."""
    rows = Response.objects.of(campaign).complete().order_by("updated_at", "pk").values_list(_Line())
    with closing(copied_rows(rows, joined_by=_LINE_END)) as pieces:
        rest = b""
        for piece in pieces:
            *lines, rest = (rest + piece).split(_LINE_END)
            yield from map(_record, filter(None, lines))
        if rest:
            yield _record(rest)


def rows_of(campaign: Campaign, columns: Sequence[Column]) -> Generator[list[Cell], None, None]:
    """The cells of all complete responses."""
    readers = [column.read for column in columns]
    with closing(records_of(campaign)) as records:
        for record in records:
            yield [read(record) for read in readers]


def batches_of(
    campaign: Campaign, columns: Sequence[Column], progress: Progress | None = None
) -> Iterator[list[list[Cell]]]:
    """As `rows_of`, some thousand rows at a time. `progress` is called after each batch was used, and may raise."""
    total = done = 0
    if progress is not None:
        total = Response.objects.of(campaign).complete().count()
        progress(done, total)
    with closing(rows_of(campaign, columns)) as rows:
        while batch := list(islice(rows, _ROWS if done else _FIRST_ROWS)):
            yield batch
            done += len(batch)
            if progress is not None:
                progress(done, max(done, total))


def _record(line: bytes) -> Record:
    pk, source, batch, created, completed, answers, tags = json.loads(line)
    return Record(
        pk,
        source,
        batch,
        date.fromisoformat(created),
        date.fromisoformat(completed),
        answers,
        frozenset((writing, tag) for writing, tag in tags or ()),
    )
