"""The form of a survey: its questions in sections and steps."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from mapping.forms.answering import AnsweringForm, initial_answers, uuid_of
from mapping.forms.questions import by_slug, condition_of
from mapping.models import Question, Response
from mapping.questions.registry import KINDS
from mapping.services.surveys.responses import Sheet


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A heading with its explanation, and when it is shown."""

    question: Question
    condition: str

    @property
    def rule(self) -> str:
        """The condition for an attribute of HTML."""
        return json.dumps(self.question.show_if) if self.question.show_if else ""


@dataclass(frozen=True, slots=True)
class Step:
    """What is shown together on a small screen: notes and the question after them, or notes alone."""

    notes: tuple[ShownNote, ...]
    field: BoundField | None


@dataclass(frozen=True, slots=True)
class SurveySection:
    """Steps between two questions that start a new page."""

    steps: tuple[Step, ...]


class SurveyForm(AnsweringForm):
    """The questions of a survey.

    `id` makes sending twice harmless. `visitor` is the signed secret of a person who has no cookie yet, so that two
    requests of one form come from one person (`mapping.visitor.visitor_of_form`).
    """

    def __init__(
        self,
        questions: Sequence[Question],
        data: QueryDict | None = None,
        *,
        response: Response | None = None,
        visitor: str = "",
    ) -> None:
        self.questions = questions
        self.sent = data
        initial: dict[str, object] = {
            "id": str(uuid4() if response is None else response.pk),
            "visitor": visitor,
        }
        if response is not None:
            initial |= initial_answers(questions, response.all_answers)
        super().__init__(data, initial=initial)
        for name in ("id", "visitor"):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.add_question_fields()

    def sheet(self) -> Sheet:
        """What `services.surveys.responses` stores; call it after `is_valid()`."""
        return Sheet(self.answers(), id=uuid_of(self.cleaned_data.get("id")))

    def renew(self) -> None:
        """Give the form another id, after one that can never be used again."""
        if self.sent is not None:
            self.data = self.sent.copy()
            self.data["id"] = str(uuid4())

    def sections(self) -> list[SurveySection]:
        """The sections in order, each with its steps."""
        return [SurveySection(tuple(self._steps(part))) for part in _parts(self.questions)]

    def wrong_fields(self) -> list[BoundField]:
        """The questions with an error, for the summary above the form."""
        return [field for field in self.question_fields() if field.errors]

    def _steps(self, questions: Sequence[Question]) -> Iterator[Step]:
        known = by_slug(self.questions)
        notes: list[ShownNote] = []
        for question in questions:
            if not KINDS[question.kind].is_answered:
                notes.append(ShownNote(question, condition_of(question, known)))
                continue
            yield Step(tuple(notes), self.question_field(question))
            notes = []
        if notes:
            yield Step(tuple(notes), None)


def _parts(questions: Sequence[Question]) -> list[list[Question]]:
    parts: list[list[Question]] = []
    for question in questions:
        if question.starts_page or not parts:
            parts.append([])
        parts[-1].append(question)
    return parts
