"""Conversion of questions to Django form fields, and of form values to answers in JSON for the services."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext

from mapping.models import Question
from mapping.questions import conditions
from mapping.questions.choices import OTHER, other_values
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS
from mapping.questions.texts import MAX_TEXT


@dataclass(frozen=True, slots=True)
class ChoicePicture:
    """The picture of a choice: its address and what it shows in words."""

    address: str
    alt: str


@dataclass(frozen=True, slots=True)
class FieldLook:
    """Additional attributes of a field for the template: `field.field.look`.

    `slug`, `column` and `show_if` are read by `js/questions/live.js`; `condition` says the same as `show_if` in words.
    `others` are the choices beside which a text of one's own is written.
    """

    kind: str
    required: bool
    unit: str = ""
    minimum_title: str = ""
    maximum_title: str = ""
    slug: str = ""
    column: str = ""
    show_if: Mapping[str, Any] = field(default_factory=dict)
    condition: str = ""
    others: frozenset[str] = frozenset()
    pictures: Mapping[str, ChoicePicture] = field(default_factory=dict)

    @property
    def rule(self) -> str:
        """`show_if` for an attribute of HTML; empty for a question that is always shown."""
        return json.dumps(self.show_if) if self.show_if else ""


def field_for(question: Question, earlier: Mapping[str, Question] | None = None) -> forms.Field:
    """The form field of a question; answers are validated by the services.

    `earlier` are the questions that its condition may name, by short name.
    """
    kind = KINDS[question.kind]
    made = kind.field(question)
    made.label = question.title
    made.help_text = question.help_text
    options = question.options
    made.look = FieldLook(  # type: ignore[attr-defined]
        kind=str(question.kind),
        required=question.required,
        unit=str(options.get("unit", "")),
        minimum_title=str(options.get("minimum_title", "")),
        maximum_title=str(options.get("maximum_title", "")),
        slug=question.slug,
        column=kind.column,
        show_if=question.show_if,
        condition=condition_of(question, earlier or {}),
        others=other_values(options) if kind.lists_choices else frozenset(),
        pictures=_pictures(options) if question.kind == QuestionKind.PICTURE_CHOICE else {},
    )
    if question.required and kind.input_required:
        made.widget.attrs["required"] = True
    return made


def condition_of(question: Question, earlier: Mapping[str, Question]) -> str:
    """When a question is to be answered, as a sentence; empty for one that always is."""
    if not question.show_if:
        return ""
    return gettext("Only if %(condition)s.") % {"condition": conditions.in_words(question.show_if, earlier)}


def other_field_for(question: Question) -> forms.Field | None:
    """The field for a text of one's own beside a choice ("other, namely"); None where no choice asks for one."""
    if not KINDS[question.kind].lists_choices:
        return None
    asking = other_values(question.options)
    titles = [title for value, title in KINDS[question.kind].choices(question.options) if value in asking]
    if not titles:
        return None
    return forms.CharField(
        label=gettext("In your words: %(choice)s") % {"choice": " / ".join(titles)},
        required=False,
        widget=forms.TextInput(attrs={"maxlength": MAX_TEXT}),
    )


def other_name(slug: str) -> str:
    """Under which name the text of one's own is sent and stored."""
    return f"{slug}{OTHER}"


def answer_of(question: Question, value: object) -> object | None:
    """The answer in JSON; None without input. Unparsable input is passed unchanged and refused later."""
    if value is None or value in ("", []):
        return None
    return KINDS[question.kind].posted(value)


def initial_of(question: Question, answer: object | None) -> object | None:
    """The form value of a stored answer."""
    return None if answer is None else KINDS[question.kind].initial(answer)


def by_slug(questions: Sequence[Question]) -> dict[str, Question]:
    """Questions by their short names."""
    return {question.slug: question for question in questions}


def _pictures(options: Mapping[str, Any]) -> dict[str, ChoicePicture]:
    found = {}
    for choice in options.get("choices") or ():
        try:
            pk = UUID(str(choice.get("picture")))
        except ValueError:
            continue
        found[str(choice["value"])] = ChoicePicture(
            reverse("picture", args=(pk,)), str(choice.get("alt") or "")
        )
    return found
