"""Questions that are answered by choosing: one of several, several of several, yes or no."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mapping.geo.text import cell_text
from mapping.questions.kind import (
    MOST_RADIOS,
    Answer,
    AnswerRefused,
    Asked,
    ColumnType,
    Kind,
    Measured,
    Open311Type,
    Options,
    radios,
)
from mapping.questions.names import QuestionKind

_MISSING_CHOICES: Final = _('Please list the choices: {"choices": [{"value": "a", "title": "A"}, ...]}.')
_YES: Final = frozenset({"1", "true", "t", "yes", "y", "ja", "j", "wahr", "x"})
_NO: Final = frozenset({"0", "false", "f", "no", "n", "nein", "falsch"})
_SEPARATORS: Final = (";", "|", ",")
MOST_CHOICES: Final = 200
OTHER: Final = ":other"
"""What the text of "other, namely" is stored under: the question's short name and this, which no short name holds."""


class SingleChoice(Kind):
    """One of several choices."""

    name: ClassVar = QuestionKind.SINGLE_CHOICE
    column: ClassVar[ColumnType] = "text"
    open311: ClassVar[Open311Type] = "singlevaluelist"
    lists_choices: ClassVar[bool] = True
    measured: ClassVar[Measured | None] = "share"

    def options_problem(self, options: object) -> str | None:
        """See `Kind`; choices need something to choose from, each with a name of its own."""
        return choices_problem(options)

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        if not isinstance(value, str) or value not in dict(self.choices(options)):
            raise AnswerRefused("not_a_choice")
        return value

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        choices = list(self.choices(question.options))
        if len(choices) <= MOST_RADIOS:
            return radios(question, choices)
        offered: list[tuple[str, Any]] = [("", _("Please choose")), *choices]
        return forms.CharField(required=False, widget=forms.Select(choices=offered))

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        return self.titles(question.options).get(str(answer), str(answer))

    def choices(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`."""
        yield from listed(options, "choices")

    def parts(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`."""
        yield from self.choices(options)

    def titles(self, options: Options) -> dict[str, str]:
        """The title of each choice by its value, of those that are offered no more, too: answers may hold them."""
        return {**dict(listed(options, "removed")), **dict(self.choices(options))}

    def stored(self, value: str) -> object | None:
        """See `Kind`."""
        return value

    def counted(self, answer: object) -> Iterator[str]:
        """See `Kind`."""
        yield str(answer)

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`; a choice may be written by its value or its title."""
        return self._value_of(options, cell_text(value))

    def _value_of(self, options: Options, text: str) -> str:
        return next((value for value, title in self.choices(options) if text in (value, title)), text)


class MultipleChoice(SingleChoice):
    """Any of several choices; answers list them in the order of the question."""

    name: ClassVar = QuestionKind.MULTIPLE_CHOICE
    column: ClassVar[ColumnType] = "texts"
    open311: ClassVar[Open311Type] = "multivaluelist"
    input_required: ClassVar[bool] = False

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        if not isinstance(value, list | tuple):
            raise AnswerRefused("not_a_list_of_choices")
        choices = [choice for choice, _title in self.choices(options)]
        if not all(isinstance(item, str) and item in choices for item in value):
            raise AnswerRefused("not_a_choice")
        return [choice for choice in choices if choice in value] or None

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        choices = list(self.choices(question.options))
        return forms.Field(required=False, widget=forms.CheckboxSelectMultiple(choices=choices))

    def posted(self, value: object) -> object:
        """See `Kind`."""
        return list(value) if isinstance(value, list | tuple) else value

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        if not isinstance(answer, list):
            return str(answer)
        titles = self.titles(question.options)
        return ", ".join(titles.get(str(value), str(value)) for value in answer)

    def stored(self, value: str) -> object | None:
        """See `Kind`."""
        return [value]

    def counted(self, answer: object) -> Iterator[str]:
        """See `Kind`."""
        yield from answer if isinstance(answer, list) else ()

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`; choices are separated by ; | or , or written as a JSON list."""
        return [self._value_of(options, part) for part in _parts(cell_text(value))]

    def open311_answer(self, values: Sequence[str]) -> object:
        """See `Kind`."""
        return [value for value in values if value]


class PictureChoice(SingleChoice):
    """One of several pictures.

    A choice holds `picture` (the id of a `mapping.models.Picture`) and `alt`, what the picture shows in words.
    """

    name: ClassVar = QuestionKind.PICTURE_CHOICE

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`; pictures are never hidden in a list to unfold."""
        return radios(question, list(self.choices(question.options)))


class PartOfDay(SingleChoice):
    """A part of the day, for those who do not look at the clock; the hours are in the titles."""

    name: ClassVar = QuestionKind.PART_OF_DAY
    lists_choices: ClassVar[bool] = False
    fixed_choices: ClassVar = (
        ("early_morning", _("Early morning (5 to 8)")),
        ("morning", _("Morning (8 to 12)")),
        ("midday", _("Midday (12 to 14)")),
        ("afternoon", _("Afternoon (14 to 18)")),
        ("evening", _("Evening (18 to 22)")),
        ("night", _("Night (22 to 5)")),
    )

    def options_problem(self, options: object) -> str | None:
        """See `Kind`; nothing has to be listed."""
        return None

    def choices(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`."""
        yield from ((value, str(title)) for value, title in self.fixed_choices)


class YesNo(Kind):
    """Yes or no."""

    name: ClassVar = QuestionKind.YES_NO
    column: ClassVar[ColumnType] = "boolean"
    open311: ClassVar[Open311Type] = "singlevaluelist"
    measured: ClassVar[Measured | None] = "share"

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        if not isinstance(value, bool):
            raise AnswerRefused("not_yes_no")
        return value

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        return radios(question, [("yes", _("Yes")), ("no", _("No"))])

    def posted(self, value: object) -> object:
        """See `Kind`."""
        return {"yes": True, "no": False}.get(str(value), value)

    def initial(self, answer: object) -> object:
        """See `Kind`."""
        return "yes" if answer else "no"

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        if not isinstance(answer, bool):
            return str(answer)
        return gettext("Yes") if answer else gettext("No")

    def choices(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`."""
        yield from (("true", gettext("Yes")), ("false", gettext("No")))

    def parts(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`; the share of those who said no is the rest."""
        yield "true", gettext("Yes")

    def stored(self, value: str) -> object | None:
        """See `Kind`."""
        return {"true": True, "false": False}.get(value)

    def counted(self, answer: object) -> Iterator[str]:
        """See `Kind`."""
        yield "true" if answer is True else "false"

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`."""
        word = cell_text(value).lower()
        return True if word in _YES else False if word in _NO else value

    def sent(self, value: str) -> object:
        """See `Kind`."""
        return {"true": True, "false": False}.get(value.strip().lower(), value)


def _parts(text: str) -> list[str]:
    if text.startswith("["):
        try:
            return [str(part) for part in json.loads(text)]
        except ValueError:
            return [text]
    separator = next((one for one in _SEPARATORS if one in text), ";")
    return [part.strip() for part in text.split(separator) if part.strip()]


def choices_problem(options: object) -> str | None:
    """What is wrong with the choices of a question; None where nothing is."""
    choices = options.get("choices") if isinstance(options, dict) else None
    if not isinstance(choices, list) or not choices:
        return str(_MISSING_CHOICES)
    named = [(one.get("value"), one.get("title")) for one in choices if isinstance(one, dict)]
    if len(named) != len(choices) or any(value is None or title is None for value, title in named):
        return str(_MISSING_CHOICES)
    if len(choices) > MOST_CHOICES:
        return str(
            _("These are more than %(most)s choices. Please ask in another way.") % {"most": MOST_CHOICES}
        )
    for texts in zip(*named, strict=True):
        words = [text.strip().casefold() if isinstance(text, str) else "" for text in texts]
        if not all(words):
            return str(_("A choice has no value or no title. Please fill both, or take it out."))
        if len(set(words)) < len(words):
            return str(_("Two choices have the same value or title. Please give each its own."))
    return None


def listed(options: Options, name: str) -> Iterator[tuple[str, str]]:
    """Value and title of each entry of a list of the options."""
    given = options.get(name)
    for one in given if isinstance(given, list) else ():
        if isinstance(one, Mapping) and isinstance(one.get("value"), str):
            yield one["value"], str(one.get("title") or one["value"])


def other_values(options: Options, name: str = "choices") -> frozenset[str]:
    """The values of the choices that ask for a text of one's own (`{"value", "title", "other": true}`).

    `name` is the list of the options that holds them: `choices`, or `removed`.
    """
    given = options.get(name)
    return frozenset(
        choice["value"]
        for choice in (given if isinstance(given, list) else ())
        if isinstance(choice, Mapping)
        and choice.get("other") is True
        and isinstance(choice.get("value"), str)
    )
