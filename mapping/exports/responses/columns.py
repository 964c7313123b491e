"""The columns of a survey's responses: one list, in one order, for every format.

First what is known of each response, then the questions by position, then those that were removed while their answers
were kept. Choices of several, ranks, statements and places are columns of their own; a text of one's own ("other,
namely") stands right beside its choice. Answers of a former kind of a question stand in a column of texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext

from mapping.exports.fields import Choice, column_name
from mapping.exports.responses import values
from mapping.exports.responses.column import Column
from mapping.exports.responses.found import Found, found_answers
from mapping.exports.responses.questions import columns_of_question
from mapping.models import Campaign, Question, RemovedQuestion, Source
from mapping.questions.choices import OTHER


def columns_of(campaign: Campaign) -> tuple[Column, ...]:
    """The columns of a campaign's responses, labelled in the active language."""
    questions = (
        *Question.objects.of_survey(campaign.pk),
        *RemovedQuestion.objects.of_survey(campaign.pk),
    )
    found = found_answers(campaign, questions)
    columns = list(_fixed())
    for question in questions:
        held, texts = found.pop(question.slug, Found()), found.pop(f"{question.slug}{OTHER}", None)
        columns += columns_of_question(question, held, has_texts=texts is not None)
    columns += [_of_unknown(name) for name in sorted(found)]
    return tuple(_named_once(columns))


def _fixed() -> Iterator[Column]:
    sources = tuple(Choice(str(value), str(title)) for value, title in Source.choices)
    yield Column("id", gettext("Id"), "text", lambda record: record.id)
    yield Column("source", gettext("How it came in"), "text", lambda record: record.source, choices=sources)
    yield Column("batch", gettext("Batch"), "text", lambda record: record.batch or None)
    yield Column("created", gettext("Day of the first draft"), "date", lambda record: record.created, "scale")
    yield Column("completed", gettext("Day of sending"), "date", lambda record: record.completed, "scale")


def _of_unknown(name: str) -> Column:
    """The column of answers to a question of which nothing else is known any more."""
    read = values.answer(name, values.in_text)
    return Column(column_name(name), name, "text", read, question=name, is_for_staff=True, is_removed=True)


def _named_once(columns: Iterable[Column]) -> Iterator[Column]:
    """Make names unique regardless of case (for SQLite): duplicates get a number."""
    taken: set[str] = set()
    for column in columns:
        name, number = column.name, 1
        while name.lower() in taken:
            number += 1
            name = f"{column.name}_{number}"
        taken.add(name.lower())
        yield column if name == column.name else replace(column, name=name)
