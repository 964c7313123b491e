"""The columns of one question, by its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext

from mapping.exports.fields import Choice, column_name
from mapping.exports.responses import values
from mapping.exports.responses.column import Column, Measure, Type
from mapping.exports.responses.found import Found
from mapping.exports.responses.values import Parse
from mapping.models import Audience, Question, QuestionKind, RemovedQuestion
from mapping.questions.choices import OTHER, other_values
from mapping.questions.registry import KINDS

Asked = Question | RemovedQuestion

_UNWANTED: Final = re.compile(r"[^\w-]+")
_LONGEST_PART: Final = 40
_JSON_TYPES: Final = {
    "text": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "texts": "array",
    "objects": "object",
}


@dataclass(frozen=True)
class _Part:
    """A choice or statement with a column of its own; `is_gone` if it is offered no more."""

    value: str
    title: str
    is_gone: bool = False


@dataclass(frozen=True)
class _Cells:
    """How answers of a kind become cells: one, or one for each part; `fits` parses what is of the kind."""

    fits: Parse
    type: Type = "text"
    measure: Measure = "nominal"
    parted: Callable[[Column, Asked, Found], Iterator[Column]] | None = None


def columns_of_question(question: Asked, found: Found, *, has_texts: bool) -> Iterator[Column]:
    """The columns of a question; `has_texts` if responses hold texts of one's own beside its choices."""
    if question.kind == QuestionKind.NOTE:
        return
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
    columns = [whole] if cells.parted is None else list(cells.parted(whole, question, found))
    asking = other_values(question.options)
    if asking or has_texts:
        texts = _texts_of_others(whole)
        beside = [number for number, one in enumerate(columns, 1) if one.part in asking]
        columns.insert(beside[-1] if beside else len(columns), texts)
    yield from columns
    if found.types - {_JSON_TYPES[KINDS[question.kind].column]}:
        yield _part(
            whole,
            "former",
            gettext("earlier answers of another kind"),
            type=_TEXT,
            read=values.former(question.slug, cells.fits),
        )


_TEXT: Final[Type] = "text"


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


def _several(whole: Column, question: Asked, found: Found) -> Iterator[Column]:
    labels = (Choice("1", gettext("Chosen")), Choice("0", gettext("Not chosen")))
    for part in _parts(question, found, "choices"):
        read = values.answer(question.slug, values.chosen(part.value))
        yield _part(
            whole,
            part.value,
            part.title,
            read=read,
            choices=labels,
            is_removed=whole.is_removed or part.is_gone,
        )


def _ranks(whole: Column, question: Asked, found: Found) -> Iterator[Column]:
    for part in _parts(question, found, "choices"):
        read = values.answer(question.slug, values.rank(part.value))
        gone = whole.is_removed or part.is_gone
        yield _part(whole, part.value, part.title, read=read, measure="ordinal", is_removed=gone)


def _statements(whole: Column, question: Asked, found: Found) -> Iterator[Column]:
    for part in _parts(question, found, "rows"):
        read = values.answer(question.slug, values.judged(part.value))
        more = {"choices": whole.choices, "measure": "ordinal"}
        gone = whole.is_removed or part.is_gone
        yield _part(whole, part.value, part.title, read=read, is_removed=gone, **more)


def _coordinates(whole: Column, question: Asked, _found: Found) -> Iterator[Column]:
    for axis, (name, title) in enumerate((("lon", gettext("Longitude")), ("lat", gettext("Latitude")))):
        read = values.answer(question.slug, values.coordinate(axis))
        yield _part(whole, name, title, read=read, measure="scale", unit="°")


_REMEMBERED: Final = {"choices": ("removed", "array"), "rows": ("removed_rows", "object")}


def _parts(question: Asked, found: Found, name: str) -> Iterator[_Part]:
    """Those that are offered, then those of which only answers are left."""
    listed = dict(_listed(question, name))
    for value, title in listed.items():
        yield _Part(value, title)
    removed, json_type = _REMEMBERED[name]
    remembered = dict(_listed(question, removed))
    for value in found.parts.get(json_type, ()):
        if value not in listed:
            yield _Part(value, remembered.get(value, value), is_gone=True)


def _labels(question: Asked) -> tuple[Choice, ...]:
    """The labels of values, those of choices that are offered no more behind the others."""
    kind, options = KINDS[question.kind], question.options
    if question.kind == QuestionKind.SCALE:
        ends = ((options.get("minimum", 1), "minimum_title"), (options.get("maximum", 5), "maximum_title"))
        return tuple(Choice(str(step), str(options[name])) for step, name in ends if options.get(name))
    if kind.lists_choices:
        listed = dict((*_listed(question, "removed"), *_listed(question, "choices")))
        offered = dict(_listed(question, "choices"))
        return tuple(Choice(value, listed[value]) for value in (*offered, *(listed.keys() - offered.keys())))
    return tuple(Choice(value, str(title)) for value, title in kind.choices(options))


def _listed(question: Asked, name: str) -> Iterator[tuple[str, str]]:
    given = question.options.get(name)
    for one in given if isinstance(given, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("value"), str):
            yield one["value"], str(one.get("title") or one["value"])


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
    QuestionKind.MULTIPLE_CHOICE: _Cells(values.several, "integer", parted=_several),
    QuestionKind.RANKING: _Cells(values.several, "integer", parted=_ranks),
    QuestionKind.MATRIX: _Cells(values.by_name, parted=_statements),
    QuestionKind.PLACE: _Cells(values.by_name, "number", parted=_coordinates),
}
"""Every kind that is answered has its cells (`tests/exports/responses`)."""
