"""What the stored responses of a survey hold beside what its questions offer today, read from their counts.

Choices and statements may have been removed while answers to them were kept. Reading all responses to find them would
take seconds before the first row; the counts of responses (`SurveyTally`) know each value that is held. Removed
questions are counted no more: of them, all that is remembered counts as held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from mapping.aggregation.surveys.cells import SEPARATOR
from mapping.exports.responses.values import Cell, Record, in_text
from mapping.models import Question, QuestionKind, RemovedQuestion
from mapping.models.survey.counts import ANSWERED
from mapping.questions.choices import MOST_CHOICES, listed

Covers = Callable[[Any], bool]
"""Whether an answer stands in columns of its own."""

_REMEMBERED: Final = {"choices": "removed", "rows": "removed_rows"}
_WITH_RANKS: Final = frozenset({QuestionKind.RANKING, QuestionKind.MATRIX})


def removed_parts(
    question: Question | RemovedQuestion, name: str, counts: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """Value and title of each choice or statement that is offered no more, but that responses hold.

    `name` is `choices` or `rows`, `counts` the number of responses by value. Values that nobody remembers are their own
    titles; a question has no more of them than choices.
    """
    offered = dict(listed(question.options, name))
    remembered = dict(listed(question.options, _REMEMBERED[name]))
    if isinstance(question, RemovedQuestion):
        yield from ((value, title) for value, title in remembered.items() if value not in offered)
        return
    held = dict.fromkeys(_parts_of(question.kind, counts))
    yield from (
        (value, title) for value, title in remembered.items() if value in held and value not in offered
    )
    unknown = sorted(value for value in held if value not in offered and value not in remembered)
    yield from ((value, value) for value in islice(unknown, MOST_CHOICES))


def _parts_of(kind: str, counts: Mapping[str, int]) -> Iterator[str]:
    for value in counts:
        if value != ANSWERED:
            yield value.partition(SEPARATOR)[0] if kind in _WITH_RANKS else value


def further(covered: Mapping[str, Covers]) -> Callable[[Record], Cell]:
    """Read, as JSON, the answers that stand in no other column: of unknown questions, or of another kind than theirs.

    `covered` has a test for each name under which answers are expected.
    """

    def read(record: Record) -> Cell:
        left = {
            name: value
            for name, value in record.answers.items()
            if value is not None and not (name in covered and covered[name](value))
        }
        return in_text(left) if left else None

    return read
