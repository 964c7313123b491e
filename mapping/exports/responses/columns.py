"""The columns of a survey's responses: one list, in one order, for every format.

First what is known of each response, then the questions by position, then those that were removed while their answers
were kept. Choices of several, ranks, statements and places are columns of their own; a text of one's own ("other,
namely") stands right beside its choice, the tags of texts behind their question. All are known without reading a
response. What fits none of them stands in the last one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from django.db.models import F
from django.utils.translation import gettext

from mapping.exports.fields import Choice
from mapping.exports.responses.column import Column
from mapping.exports.responses.held import Covers, further
from mapping.exports.responses.questions import columns_of_question
from mapping.models import Campaign, Question, RemovedQuestion, Source, SurveyTally, TextTag


def columns_of(campaign: Campaign) -> tuple[Column, ...]:
    """The columns of a campaign's responses, labelled in the active language."""
    questions = (
        *Question.objects.of_survey(campaign.pk),
        *RemovedQuestion.objects.of_survey(campaign.pk),
    )
    counts = SurveyTally.objects.of(campaign.pk)
    tags = _tags_in_use(campaign)
    columns = list(_fixed())
    covered: dict[str, Covers] = {}
    for question in questions:
        found = columns_of_question(question, counts.get(question.slug, {}), tags)
        columns += found.columns
        covered |= found.covered
    columns.append(_further(covered))
    return tuple(_named_once(columns))


def _fixed() -> Iterator[Column]:
    sources = tuple(Choice(str(value), str(title)) for value, title in Source.choices)
    yield Column("id", gettext("Id"), "text", lambda record: record.id)
    yield Column("source", gettext("How it came in"), "text", lambda record: record.source, choices=sources)
    yield Column("batch", gettext("Batch"), "text", lambda record: record.batch or None)
    yield Column("created", gettext("Day of the first draft"), "date", lambda record: record.created, "scale")
    yield Column("completed", gettext("Day of sending"), "date", lambda record: record.completed, "scale")


def _tags_in_use(campaign: Campaign) -> dict[str, list[TextTag]]:
    """The tags that texts have, by the name of the text."""
    found: dict[str, list[TextTag]] = {}
    used = TextTag.objects.filter(campaign=campaign, texts__is_stale=False)
    for tag in used.annotate(writing=F("texts__writing")).distinct():
        found.setdefault(tag.writing, []).append(tag)
    for tags in found.values():
        tags.sort(key=lambda tag: (tag.name.casefold(), tag.pk))
    return found


def _further(covered: Mapping[str, Covers]) -> Column:
    """The column of what stands in no other one, so that no file loses an answer; empty as a rule."""
    return Column(
        "further_answers",
        gettext("Answers that fit no other column"),
        "text",
        further(covered),
        description=gettext(
            "As JSON: of questions that nobody remembers, or of another kind than their question."
        ),
        is_for_staff=True,
    )


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
