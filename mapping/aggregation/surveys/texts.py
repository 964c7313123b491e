"""The free texts of a survey, newest first, for staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from mapping.aggregation.surveys.results import CHOSEN
from mapping.models import Audience, Campaign, Question, Response, Source
from mapping.models.keysets import KeyValue, behind
from mapping.questions.choices import OTHER, other_values
from mapping.questions.names import QuestionKind

PAGE_SIZE: Final = 50
_TEXTS: Final = frozenset({QuestionKind.TEXT, QuestionKind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class Writing:
    """Where free texts are: the key of the answers and the column that holds them."""

    name: str
    title: str
    column: str


@dataclass(frozen=True, slots=True)
class Text:
    """One person's text."""

    text: str
    at: datetime
    is_paper: bool


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a response in the order of the list."""

    updated_at: datetime
    pk: UUID

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """Parse the output of `str()`; anything else means the first page."""
        moment, _tilde, pk = text.partition("~")
        try:
            at, found = datetime.fromisoformat(moment), UUID(pk)
        except ValueError:
            return None
        return cls(at, found) if at.tzinfo is not None else None

    def __str__(self) -> str:
        return f"{self.updated_at.isoformat()}~{self.pk}"


@dataclass(frozen=True, slots=True)
class Texts:
    """One page of texts, and where the next one begins."""

    texts: Sequence[Text]
    next: Place | None


def writings_of(questions: Iterable[Question]) -> Iterator[Writing]:
    """All free texts of a survey: questions for a text, and what was written beside "other"."""
    for question in questions:
        column = "staff_answers" if question.audience == Audience.STAFF else "answers"
        if question.kind in _TEXTS:
            yield Writing(question.slug, question.title, column)
        elif question.kind in CHOSEN and other_values(question.options):
            title = _("%(question)s: other, namely") % {"question": question.title}
            yield Writing(f"{question.slug}{OTHER}", title, column)


def texts_of(campaign: Campaign, writing: Writing, search: str = "", after: Place | None = None) -> Texts:
    """One page of texts that contain what is searched for."""
    found = _matching(campaign, writing, search).order_by("-updated_at", "-pk")
    if after is not None:
        keys = (("updated_at", after.updated_at), ("pk", after.pk))
        found = found.filter(behind([KeyValue(name, value, True) for name, value in keys]))
    rows = list(found.values_list("written", "updated_at", "source", "pk")[: PAGE_SIZE + 1])
    page = rows[:PAGE_SIZE]
    texts = [Text(str(written), at, source == Source.PAPER) for written, at, source, _pk in page]
    is_last = len(rows) <= PAGE_SIZE
    return Texts(texts, None if is_last else Place(page[-1][1], page[-1][3]))


def _matching(campaign: Campaign, writing: Writing, search: str) -> Any:
    found: Any = (
        Response.objects.of(campaign).complete().filter(**{f"{writing.column}__has_key": writing.name})
    )
    found = found.annotate(written=KeyTextTransform(writing.name, F(writing.column)))
    return found.filter(written__icontains=search) if search else found
