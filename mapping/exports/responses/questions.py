"""The columns of one question, by its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext

from mapping.exports.fields import Choice, column_name
from mapping.exports.responses import values
from mapping.exports.responses.column import Column, Measure, Type
from mapping.exports.responses.held import Covers, removed_parts
from mapping.exports.responses.values import Parse
from mapping.models import Audience, Question, QuestionKind, RemovedQuestion, TextTag
from mapping.questions.choices import OTHER, listed, other_values
from mapping.questions.registry import KINDS

Asked = Question | RemovedQuestion

_UNWANTED: Final = re.compile(r"[^\w-]+")
_LONGEST_PART: Final = 40


@dataclass(frozen=True)
class _Part:
    """A choice or statement with a column of its own; `is_gone` if it is offered no more."""

    value: str
    title: str
    is_gone: bool = False


@dataclass(frozen=True)
class _Cells:
    """How answers of a kind become cells: one, or one for each part; `fits` parses what is of the kind.

    `parts` names the option that lists the choices or statements with a column each.
    """

    fits: Parse
    type: Type = "text"
    measure: Measure = "nominal"
    parted: Callable[[Column, Asked, Sequence[_Part]], Iterator[Column]] | None = None
    parts: str = ""


@dataclass(frozen=True)
class QuestionColumns:
    """The columns of a question, and by name under which responses hold its answers, which of these they show."""

    columns: tuple[Column, ...] = ()
    covered: Mapping[str, Covers] = field(default_factory=dict)


def columns_of_question(
    question: Asked, counts: Mapping[str, int], tags: Mapping[str, Sequence[TextTag]]
) -> QuestionColumns:
    """The columns of a question; `counts` are the numbers of responses by value, empty of removed questions.

    `tags` are those of its texts, by the name of the text.
    """
    if question.kind == QuestionKind.NOTE:
        return QuestionColumns()
    cells = _CELLS[question.kind]
    whole = Column(
        column_name(question.slug),
        question.title,
        cells.type,
        values.answer(question.slug, cells.fits),
        cells.measure,
        question=question.slug,
        kind=question.kind,
        description=question.help_text,
        unit=str(question.options.get("unit") or ""),
        choices=_labels(question),
        is_for_staff=question.audience == Audience.STAFF,
        is_removed=isinstance(question, RemovedQuestion),
    )
    parts = list(_parts(question, cells.parts, counts)) if cells.parts else []
    columns = [whole] if cells.parted is None else list(cells.parted(whole, question, parts))
    covered: dict[str, Covers] = {question.slug: _covers(cells, frozenset(part.value for part in parts))}
    asking = other_values(question.options) | other_values(question.options, "removed")
    if asking:
        beside = [number for number, one in enumerate(columns, 1) if one.part in asking]
        columns.insert(beside[-1] if beside else len(columns), _texts_of_others(whole))
        covered[f"{question.slug}{OTHER}"] = lambda value: isinstance(value, str)
    return QuestionColumns((*columns, *_tags(whole, tags)), covered)


def _covers(cells: _Cells, parts: frozenset[str]) -> Covers:
    """Whether an answer is of its question's kind, and all that it consists of has a column."""

    def covers(value: Any) -> bool:
        if cells.fits(value) is None:
            return False
        return not cells.parts or all(isinstance(one, str) and one in parts for one in value)

    return covers


_TEXT: Final[Type] = "text"
_INTEGER: Final[Type] = "integer"


def _part(whole: Column, part: str, title: str, **changed: Any) -> Column:
    """The column of a part of a question."""
    name = _UNWANTED.sub("_", part)[:_LONGEST_PART].strip("_") or "x"
    return replace(
        whole,
        name=f"{whole.name}__{name}",
        title=f"{whole.title} – {title}",
        **({"part": part, "choices": (), "unit": "", "measure": "nominal"} | changed),
    )


def _texts_of_others(whole: Column) -> Column:
    read = values.answer(f"{whole.question}{OTHER}", values.in_text)
    return _part(whole, "other_text", gettext("text of one's own"), type=_TEXT, read=read)


def _tags(whole: Column, tags: Mapping[str, Sequence[TextTag]]) -> Iterator[Column]:
    """Whether a text has a tag of the staff, for each tag that its texts have."""
    labels = (Choice("1", gettext("Tagged")), Choice("0", gettext("Not tagged")))
    for name, part in ((whole.question, "tag"), (f"{whole.question}{OTHER}", "other_tag")):
        for tag in tags.get(name, ()):
            plain = _UNWANTED.sub("_", tag.name).strip("_") or "x"
            yield _part(
                whole,
                f"{part}_{plain}",
                gettext("tag: %(name)s") % {"name": tag.name},
                type=_INTEGER,
                read=values.tagged(name, tag.pk),
                choices=labels,
                description=gettext("Given by the staff to the text."),
                is_for_staff=True,
            )


def _several(whole: Column, question: Asked, parts: Sequence[_Part]) -> Iterator[Column]:
    labels = (Choice("1", gettext("Chosen")), Choice("0", gettext("Not chosen")))
    for part in parts:
        read = values.answer(question.slug, values.chosen(part.value))
        yield _part(
            whole,
            part.value,
            part.title,
            read=read,
            choices=labels,
            is_removed=whole.is_removed or part.is_gone,
        )


def _ranks(whole: Column, question: Asked, parts: Sequence[_Part]) -> Iterator[Column]:
    for part in parts:
        read = values.answer(question.slug, values.rank(part.value))
        gone = whole.is_removed or part.is_gone
        yield _part(whole, part.value, part.title, read=read, measure="ordinal", is_removed=gone)


def _statements(whole: Column, question: Asked, parts: Sequence[_Part]) -> Iterator[Column]:
    for part in parts:
        read = values.answer(question.slug, values.judged(part.value))
        more = {"choices": whole.choices, "measure": "ordinal"}
        gone = whole.is_removed or part.is_gone
        yield _part(whole, part.value, part.title, read=read, is_removed=gone, **more)


def _coordinates(whole: Column, question: Asked, _parts: Sequence[_Part]) -> Iterator[Column]:
    for axis, (name, title) in enumerate((("lon", gettext("Longitude")), ("lat", gettext("Latitude")))):
        read = values.answer(question.slug, values.coordinate(axis))
        yield _part(whole, name, title, read=read, measure="scale", unit="°")


def _parts(question: Asked, name: str, counts: Mapping[str, int]) -> Iterator[_Part]:
    """Those that are offered, then those of which only answers are left."""
    for value, title in dict(listed(question.options, name)).items():
        yield _Part(value, title)
    for value, title in removed_parts(question, name, counts):
        yield _Part(value, title, is_gone=True)


def _labels(question: Asked) -> tuple[Choice, ...]:
    """The labels of values, those of choices that are offered no more behind the others."""
    kind, options = KINDS[question.kind], question.options
    if question.kind == QuestionKind.SCALE:
        ends = ((options.get("minimum", 1), "minimum_title"), (options.get("maximum", 5), "maximum_title"))
        return tuple(Choice(str(step), str(options[name])) for step, name in ends if options.get(name))
    if kind.lists_choices:
        offered, removed = dict(listed(options, "choices")), dict(listed(options, "removed"))
        return tuple(Choice(value, title) for value, title in (offered | removed | offered).items())
    return tuple(Choice(value, str(title)) for value, title in kind.choices(options))


_CELLS: Final[Mapping[str, _Cells]] = {
    QuestionKind.TEXT: _Cells(values.text),
    QuestionKind.LONG_TEXT: _Cells(values.text),
    QuestionKind.SINGLE_CHOICE: _Cells(values.text),
    QuestionKind.PICTURE_CHOICE: _Cells(values.text),
    QuestionKind.PART_OF_DAY: _Cells(values.text, measure="ordinal"),
    QuestionKind.SCALE: _Cells(values.whole, "integer", "ordinal"),
    QuestionKind.NUMBER: _Cells(values.number, "number", "scale"),
    QuestionKind.YES_NO: _Cells(values.boolean, "boolean"),
    QuestionKind.TIME_OF_DAY: _Cells(values.clock, "time", "scale"),
    QuestionKind.DATE: _Cells(values.day, "date", "scale"),
    QuestionKind.MULTIPLE_CHOICE: _Cells(values.several, "integer", parted=_several, parts="choices"),
    QuestionKind.RANKING: _Cells(values.several, "integer", parted=_ranks, parts="choices"),
    QuestionKind.MATRIX: _Cells(values.by_name, parted=_statements, parts="rows"),
    QuestionKind.PLACE: _Cells(values.by_name, "number", parted=_coordinates),
}
"""Every kind that is answered has its cells (`tests/exports/responses`)."""
