"""The free texts of a survey, newest first, with the tags that staff gave them, and how many people wrote of what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.db.models import F
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from mapping.aggregation.surveys.results import CHOSEN
from mapping.models import Campaign, Question, Response, Source, TaggedText, TextTag
from mapping.models.keysets import KeyValue, behind
from mapping.questions.choices import OTHER, other_values
from mapping.questions.names import QuestionKind

PAGE_SIZE: Final = 50
UNTAGGED: Final = "untagged"
STALE: Final = "stale"
_TEXTS: Final = frozenset({QuestionKind.TEXT, QuestionKind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class Writing:
    """Where free texts are: the key of the answers and the column that holds them."""

    name: str
    title: str
    column: str


@dataclass(frozen=True, slots=True)
class GivenTag:
    """A tag of a text; it does not count while the text `is_stale`: changed since it was tagged."""

    tag: TextTag
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Text:
    """One person's text."""

    response: UUID
    text: str
    at: datetime
    is_paper: bool
    tags: tuple[GivenTag, ...] = ()


@dataclass(frozen=True, slots=True)
class TagCount:
    """How many people wrote a text with a tag; `stale` texts were changed since, and are not among them."""

    tag: TextTag
    people: int
    stale: int


@dataclass(frozen=True, slots=True)
class TextCounts:
    """How many people wrote a text, how many of them one without any tag or one that was changed, and of each tag."""

    people: int
    untagged: int
    stale: int
    tags: tuple[TagCount, ...]


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
        column = question.column
        if question.kind in _TEXTS:
            yield Writing(question.slug, question.title, column)
        elif question.kind in CHOSEN and other_values(question.options):
            title = _("%(question)s: other, namely") % {"question": question.title}
            yield Writing(f"{question.slug}{OTHER}", title, column)


def texts_of(
    campaign: Campaign,
    writing: Writing,
    search: str = "",
    tagged: str | int = "",
    after: Place | None = None,
) -> Texts:
    """One page of texts that contain what is searched for.

    `tagged` is the id of a tag, `UNTAGGED` or `STALE`; empty for all texts.
    """
    found = _matching(campaign, writing, search, tagged).order_by("-updated_at", "-pk")
    if after is not None:
        keys = (("updated_at", after.updated_at), ("pk", after.pk))
        found = found.filter(behind([KeyValue(name, value, True) for name, value in keys]))
    rows = list(found.values_list("written", "updated_at", "source", "pk")[: PAGE_SIZE + 1])
    page = rows[:PAGE_SIZE]
    tags = _tags_of(writing, [pk for _written, _at, _source, pk in page])
    texts = [
        Text(pk, str(written), at, source == Source.PAPER, tuple(tags[pk]))
        for written, at, source, pk in page
    ]
    is_last = len(rows) <= PAGE_SIZE
    return Texts(texts, None if is_last else Place(page[-1][1], page[-1][3]))


def text_counts(campaign: Campaign, writing: Writing) -> TextCounts:
    """Count the people behind the texts of a question, in all and by tag, the tag of most people first."""
    all_texts = _matching(campaign, writing)
    given = models.Q(texts__writing=writing.name, texts__response__completed_at__isnull=False)
    tags = TextTag.objects.filter(campaign=campaign).annotate(
        people=models.Count("texts", filter=given & models.Q(texts__is_stale=False)),
        stale=models.Count("texts", filter=given & models.Q(texts__is_stale=True)),
    )
    numbers = all_texts.aggregate(
        people=models.Count("pk"),
        untagged=models.Count("pk", filter=_is_tagged(UNTAGGED, writing)),
        stale=models.Count("pk", filter=_is_tagged(STALE, writing)),
    )
    return TextCounts(
        **numbers,
        tags=tuple(
            TagCount(tag, tag.people, tag.stale)
            for tag in sorted(tags, key=lambda tag: (-tag.people, tag.name.casefold(), tag.pk))
        ),
    )


def _tags_of(writing: Writing, responses: Iterable[UUID]) -> Mapping[UUID, list[GivenTag]]:
    found: defaultdict[UUID, list[GivenTag]] = defaultdict(list)
    rows = TaggedText.objects.filter(response__in=list(responses), writing=writing.name)
    for one in rows.select_related("tag").order_by(Lower("tag__name"), "pk"):
        found[one.response_id].append(GivenTag(one.tag, one.is_stale))
    return found


def _matching(campaign: Campaign, writing: Writing, search: str = "", tagged: str | int = "") -> Any:
    found: Any = (
        Response.objects.of(campaign).complete().filter(**{f"{writing.column}__has_key": writing.name})
    )
    if tagged:
        found = found.filter(_is_tagged(tagged, writing))
    found = found.annotate(written=KeyTextTransform(writing.name, F(writing.column)))
    return found.filter(written__icontains=search) if search else found


def _is_tagged(tagged: str | int, writing: Writing) -> models.Q:
    given = TaggedText.objects.filter(response=models.OuterRef("pk"), writing=writing.name)
    if tagged == UNTAGGED:
        return ~models.Q(models.Exists(given))
    if tagged == STALE:
        return models.Q(models.Exists(given.filter(is_stale=True)))
    return models.Q(models.Exists(given.filter(tag_id=int(tagged))))
