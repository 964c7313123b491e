"""Conversion of questions to Django form fields, and of form values to answers in JSON for the services."""

from dataclasses import dataclass

from django import forms

from mapping.models import Question
from mapping.questions.registry import KINDS


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
    kind = KINDS[question.kind]
    field = kind.field(question)
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
    if question.required and kind.input_required:
        field.widget.attrs["required"] = True
    return field


def answer_of(question: Question, value: object) -> object | None:
    """The answer in JSON; None without input. Unparsable input is passed unchanged and refused later."""
    if value is None or value in ("", []):
        return None
    return KINDS[question.kind].posted(value)


def initial_of(question: Question, answer: object | None) -> object | None:
    """The form value of a stored answer."""
    return None if answer is None else KINDS[question.kind].initial(answer)
