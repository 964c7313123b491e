"""Conversion of questions to Django form fields, and of form values to answers in JSON for the services."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mapping.models import Question, QuestionKind
from mapping.wording import in_words_number

TYPED_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:[.,][0-9]{1,20})?")
MOST_RADIOS = 8
TEXT_MAX_LENGTH = 500
LONG_TEXT_MAX_LENGTH = 5000
NO_ANSWER = ("", _("No answer"))


@dataclass(frozen=True, slots=True)
class FieldLook:
    """Additional attributes of a field for the template: `field.field.look`."""

    kind: str
    required: bool
    unit: str = ""
    minimum_title: str = ""
    maximum_title: str = ""


def field_for(question: Question) -> forms.Field:
    """The form field of a question; answers are validated by the services."""
    field = _BUILDERS[question.kind](question)
    field.label = question.title
    field.help_text = question.help_text
    options = question.options
    field.look = FieldLook(  # type: ignore[attr-defined]
        kind=str(question.kind),
        required=question.required,
        unit=str(options.get("unit", "")),
        minimum_title=str(options.get("minimum_title", "")),
        maximum_title=str(options.get("maximum_title", "")),
    )
    if question.required and question.kind != QuestionKind.MULTIPLE_CHOICE:
        field.widget.attrs["required"] = True
    return field


def answer_of(question: Question, value: object) -> object | None:
    """The answer in JSON; None without input. Unparsable input is passed unchanged and refused later."""
    if value is None or value in ("", []):
        return None
    match question.kind:
        case QuestionKind.NUMBER | QuestionKind.SCALE:
            return _number(str(value))
        case QuestionKind.YES_NO:
            return {"yes": True, "no": False}.get(str(value), value)
        case QuestionKind.MULTIPLE_CHOICE:
            return list(value) if isinstance(value, list | tuple) else value
    return value


def initial_of(question: Question, answer: object | None) -> object | None:
    """The form value of a stored answer."""
    if answer is None:
        return None
    if question.kind == QuestionKind.YES_NO:
        return "yes" if answer else "no"
    if question.kind == QuestionKind.NUMBER and isinstance(answer, float):
        return in_words_number(answer).replace("\N{NO-BREAK SPACE}", "")
    return answer


def _number(text: str) -> int | float | str:
    compact = text.strip()
    if TYPED_NUMBER.fullmatch(compact) is None:
        return text
    number = float(compact.replace(",", "."))
    return int(number) if number.is_integer() else number


def _choices(question: Question) -> list[tuple[str, Any]]:
    listed = question.options.get("choices", [])
    return [(str(choice.get("value", "")), str(choice.get("title", ""))) for choice in listed]


def _radios(question: Question, choices: list[tuple[str, Any]]) -> forms.Field:
    # A radio button cannot be unchecked: optional questions get a choice of no answer.
    offered = choices if question.required else [*choices, NO_ANSWER]
    return forms.CharField(required=False, widget=forms.RadioSelect(choices=offered))


def _text(_question: Question) -> forms.Field:
    return forms.CharField(required=False, widget=forms.TextInput(attrs={"maxlength": TEXT_MAX_LENGTH}))


def _long_text(_question: Question) -> forms.Field:
    attrs = {"rows": 4, "maxlength": LONG_TEXT_MAX_LENGTH}
    return forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs=attrs))


def _single_choice(question: Question) -> forms.Field:
    choices = _choices(question)
    if len(choices) <= MOST_RADIOS:
        return _radios(question, choices)
    return forms.CharField(required=False, widget=forms.Select(choices=[("", _("Please choose")), *choices]))


def _multiple_choice(question: Question) -> forms.Field:
    return forms.Field(required=False, widget=forms.CheckboxSelectMultiple(choices=_choices(question)))


def _scale(question: Question) -> forms.Field:
    minimum, maximum = int(question.options.get("minimum", 1)), int(question.options.get("maximum", 5))
    return _radios(question, [(str(step), str(step)) for step in range(minimum, maximum + 1)])


def _number_field(_question: Question) -> forms.Field:
    attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 24}
    return forms.CharField(required=False, widget=forms.TextInput(attrs=attrs))


def _yes_no(question: Question) -> forms.Field:
    return _radios(question, [("yes", _("Yes")), ("no", _("No"))])


def _time_of_day(_question: Question) -> forms.Field:
    return forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "time"}))


_BUILDERS: Mapping[str, Callable[[Question], forms.Field]] = MappingProxyType(
    {
        QuestionKind.TEXT: _text,
        QuestionKind.LONG_TEXT: _long_text,
        QuestionKind.SINGLE_CHOICE: _single_choice,
        QuestionKind.MULTIPLE_CHOICE: _multiple_choice,
        QuestionKind.SCALE: _scale,
        QuestionKind.NUMBER: _number_field,
        QuestionKind.YES_NO: _yes_no,
        QuestionKind.TIME_OF_DAY: _time_of_day,
    }
)
