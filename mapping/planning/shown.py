"""What planners read of a contribution: answers in words, its place for the small map, its story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from mapping.models import (
    Comment,
    Contribution,
    ContributionStatus,
    ModerationEvent,
    Photo,
    Question,
    QuestionKind,
    Reply,
)


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """A question and its answer in words."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One step of a contribution's story; `original` is what an edit replaced, in words."""

    event: ModerationEvent
    title: str
    original: Sequence[ShownAnswer]


@dataclass(frozen=True, slots=True)
class ShownContribution:
    """A contribution with everything that a moderator decides by."""

    contribution: Contribution
    answers: Sequence[ShownAnswer]
    photos: Sequence[Photo]
    comments: Sequence[Comment]
    replies: Sequence[Reply]
    events: Sequence[ShownEvent]
    place: Mapping[str, Any] | None


def shown_contribution(contribution: Contribution) -> ShownContribution:
    """Collect what is shown of one contribution; it brings `category` and `campaign` along."""
    questions = list(contribution.category.questions.all())
    events = contribution.moderation_events.select_related("actor").order_by("created_at", "pk")
    return ShownContribution(
        contribution=contribution,
        answers=answers_in_words(questions, contribution.answers),
        photos=list(contribution.photos.all()),
        comments=list(contribution.comments.all()),
        replies=list(contribution.replies.select_related("author")),
        events=[_shown_event(questions, event) for event in events],
        place=place_of(contribution),
    )


def place_of(contribution: Contribution) -> dict[str, Any] | None:
    """The place as a GeoJSON feature with the look of its category, for the small map."""
    if contribution.geom is None:
        return None
    return {
        "type": "Feature",
        "geometry": {"type": contribution.geom.geom_type, "coordinates": contribution.geom.coords},
        "properties": {
            name: getattr(contribution.category, name) for name in ("slug", "title", "marker", "colour")
        },
    }


def answers_in_words(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[ShownAnswer]:
    """Answers in the order of their questions; answers whose question is gone come last, by their short name."""
    shown = [
        ShownAnswer(question.title, answer_in_words(question, answers[question.slug]))
        for question in questions
        if question.slug in answers
    ]
    known = {question.slug for question in questions}
    shown += [ShownAnswer(slug, str(value)) for slug, value in answers.items() if slug not in known]
    return shown


def answer_in_words(question: Question, value: object) -> str:
    """One answer as a person would say it: titles of choices, yes or no, numbers with their unit."""
    match QuestionKind(question.kind), value:
        case ((QuestionKind.SINGLE_CHOICE | QuestionKind.MULTIPLE_CHOICE), _value):
            titles = {choice["value"]: choice["title"] for choice in question.options.get("choices", [])}
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(titles.get(one, str(one)) for one in chosen)
        case QuestionKind.YES_NO, bool():
            return _("Yes") if value else _("No")
        case QuestionKind.SCALE, int():
            return _scale_in_words(question, value)
        case QuestionKind.NUMBER, int() | float():
            number = formats.number_format(value, force_grouping=True)
            return f"{number} {question.options.get('unit', '')}".strip()
    return str(value)


def original_in_words(questions: Sequence[Question], original: Mapping[str, Any]) -> list[ShownAnswer]:
    """What an edit replaced: the fields that `services.moderate.edit` keeps, in words."""
    names = {"category": _("Category"), "text": _("Text")}
    shown = [
        ShownAnswer(name, str(original[field]) or _("(empty)"))
        for field, name in names.items()
        if field in original
    ]
    if original.get("answers"):
        shown += answers_in_words(questions, original["answers"])
    if "geometry" in original:
        shown.append(ShownAnswer(_("Place"), _place_in_words(original["geometry"])))
    return shown


def _shown_event(questions: Sequence[Question], event: ModerationEvent) -> ShownEvent:
    if not event.from_status:
        title = _("Received")
    elif event.from_status == event.to_status:
        title = _("Edited")
    else:
        title = str(ContributionStatus(event.to_status).label)
    return ShownEvent(event, title, original_in_words(questions, event.original))


def _place_in_words(geometry: object) -> str:
    """Where something was before it was moved: a position, or just the kind of place."""
    match geometry:
        case {
            "type": "Point",
            "coordinates": [float() | int() as longitude, float() | int() as latitude, *_rest],
        }:
            return f"{latitude:.5f}, {longitude:.5f}"
        case {"type": "LineString"}:
            return _("Another line")
        case {"type": "Polygon"}:
            return _("Another area")
    return _("No place")


def _scale_in_words(question: Question, value: int) -> str:
    options = question.options
    ends = [
        f"{options[end]} = {options[f'{end}_title']}"
        for end in ("minimum", "maximum")
        if end in options and options.get(f"{end}_title")
    ]
    return f"{value} ({', '.join(ends)})" if ends else str(value)
