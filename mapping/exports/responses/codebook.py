"""The codebook: each column of responses with its question, and each value with its label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mapping.exports.responses.column import Column, Measure, Type
from mapping.models import Audience, QuestionKind

_TYPES: Final = {
    "text": _("Text"),
    "integer": _("Whole number"),
    "number": _("Number"),
    "boolean": _("Yes or no"),
    "date": _("Date"),
    "time": _("Time of day"),
}
_MEASURES: Final = {
    "nominal": _("Nominal"),
    "ordinal": _("Ordinal"),
    "scale": _("Metric"),
}


def codebook(columns: Sequence[Column]) -> Iterator[list[object]]:
    """A row for each column, followed by a row for each of its values that has a label."""
    yield [
        gettext("Column"),
        gettext("Title"),
        gettext("Question"),
        gettext("Kind of question"),
        gettext("Type"),
        gettext("Level of measurement"),
        gettext("Unit"),
        gettext("Who may read the answers"),
        gettext("Still asked"),
        gettext("Value"),
        gettext("Label"),
        gettext("Explanation"),
    ]
    for column in columns:
        about = _about(column)
        yield [*about, "", "", column.description]
        for choice in column.choices:
            yield [*about, choice.value, str(choice.title), ""]


def _about(column: Column) -> list[object]:
    audience = Audience.STAFF if column.is_for_staff else Audience.PUBLIC
    kinds = {str(value): str(label) for value, label in QuestionKind.choices}
    return [
        column.name,
        column.title,
        column.question,
        kinds.get(column.kind, ""),
        _type(column.type),
        _measure(column.measure),
        column.unit,
        str(audience.label) if column.question or column.is_for_staff else "",
        (gettext("No") if column.is_removed else gettext("Yes")) if column.question else "",
    ]


def _type(name: Type) -> str:
    return str(_TYPES[name])


def _measure(name: Measure) -> str:
    return str(_MEASURES[name])
