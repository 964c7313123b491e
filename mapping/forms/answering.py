"""The part that all forms with questions share: their fields, the answers in them, problems of the services."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.forms import BoundField

from mapping.forms.questions import answer_of, by_slug, field_for, initial_of, other_field_for, other_name
from mapping.models import Question
from mapping.questions.registry import KINDS
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence

ANSWER_PREFIX = "answers."


class AnsweringForm(forms.Form):
    """A form with questions: fields named `answers.<slug>`, as the services name their problems."""

    use_required_attribute = False
    questions: Sequence[Question] = ()

    def question_fields(self) -> list[BoundField]:
        """One field for each question; the field of a text of one's own is its attribute `other`."""
        return [self.question_field(question) for question in self._asked()]

    def question_field(self, question: Question) -> BoundField:
        """The field of one question."""
        bound = self[ANSWER_PREFIX + question.slug]
        name = ANSWER_PREFIX + other_name(question.slug)
        bound.other = self[name] if name in self.fields else None  # type: ignore[attr-defined]
        return bound

    def answers(self) -> dict[str, object]:
        """The given answers in JSON by short name; call it after `is_valid()`."""
        found: dict[str, object] = {}
        for question in self._asked():
            name = other_name(question.slug)
            answer = answer_of(question, self.cleaned_data.get(ANSWER_PREFIX + question.slug))
            if answer is not None:
                found[question.slug] = answer
            if text := self.cleaned_data.get(ANSWER_PREFIX + name):
                found[name] = text
        return found

    def take(self, error: DomainError) -> None:
        """Add the services' problems to the form: at their fields, others above the form."""
        if not isinstance(error, Invalid):
            self.add_error(None, sentence(error.code, error.params))
            return
        for name, problems in error.fields.items():
            target = self.field_of(name)
            for problem in problems:
                self.add_error(
                    target if target in self.fields else None, sentence(problem.code, problem.params)
                )

    def field_of(self, name: str) -> str | None:
        """The field at which a problem of the services is shown."""
        return name

    def add_question_fields(self) -> None:
        """Add the fields of `questions`; call it in the constructor."""
        known = by_slug(self.questions)
        for question in self._asked():
            self.fields[ANSWER_PREFIX + question.slug] = field_for(question, known)
            other = other_field_for(question)
            if other is not None:
                self.fields[ANSWER_PREFIX + other_name(question.slug)] = other

    def _asked(self) -> list[Question]:
        """The questions that have a field: notes are read only."""
        return [question for question in self.questions if KINDS[question.kind].is_answered]


def initial_answers(questions: Sequence[Question], answers: Mapping[str, object]) -> dict[str, object]:
    """The form's values of stored answers."""
    initial: dict[str, object] = {}
    for question in questions:
        initial[ANSWER_PREFIX + question.slug] = initial_of(question, answers.get(question.slug))
        initial[ANSWER_PREFIX + other_name(question.slug)] = answers.get(other_name(question.slug))
    return initial


def uuid_of(text: str | None) -> UUID | None:
    """The id that a form carries; None where there is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
