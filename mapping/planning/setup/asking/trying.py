"""The preview beside the editor: one question as citizens see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.forms import BoundField

from mapping.aggregation.given_answers import Owner
from mapping.forms.answering import AnsweringForm
from mapping.forms.questions import by_slug, condition_of
from mapping.models import Question
from mapping.questions.registry import KINDS
from mapping.services.errors import Invalid
from mapping.services.setup.asking.drafts import QuestionDraft, checked_question


@dataclass(frozen=True, slots=True)
class Trial:
    """A question to try, or a heading with its explanation; `condition` says in words when it is shown."""

    question: Question
    field: BoundField | None
    condition: str


class _TrialForm(AnsweringForm):
    """One question; what is answered goes nowhere."""

    def __init__(self, question: Question, earlier: Sequence[Question]) -> None:
        super().__init__(auto_id="trial-%s")
        self.questions = [*earlier, question]
        self.add_question_fields()


def trial_of(
    owner: Owner, draft: QuestionDraft, question: Question | None, earlier: Sequence[Question]
) -> Trial | None:
    """The question as typed; None while something is still missing."""
    try:
        made = checked_question(owner, draft, question)
    except Invalid:
        return None
    made.slug = f"trial-{made.slug}"
    if not KINDS[made.kind].is_answered:
        return Trial(made, None, condition_of(made, by_slug(earlier)))
    form = _TrialForm(made, earlier)
    return Trial(made, form.question_field(made), "")
