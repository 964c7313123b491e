"""A contribution for planners: answers in words, its place for the small map, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mapping.forms.answers import Answered, answers_in_words, orphans_in_words
from mapping.models import (
    Assignment,
    Comment,
    Contribution,
    ContributionStatus,
    InternalNote,
    ModerationEvent,
    Photo,
    Question,
    Reply,
)


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """One event of a contribution's history; `original` are the values that an edit replaced, in words."""

    event: ModerationEvent
    title: str
    original: Sequence[Answered]


@dataclass(frozen=True, slots=True)
class ShownContribution:
    """A contribution with all information for a moderator's decision."""

    contribution: Contribution
    answers: Sequence[Answered]
    photos: Sequence[Photo]
    comments: Sequence[Comment]
    replies: Sequence[Reply]
    events: Sequence[ShownEvent]
    notes: Sequence[InternalNote]
    assigned_to: int | None
    place: Mapping[str, Any] | None


def shown_contribution(contribution: Contribution) -> ShownContribution:
    """Collect the information of one contribution, whose `category` and `campaign` must be loaded."""
    questions = list(contribution.category.questions.all())
    events = contribution.moderation_events.select_related("actor", "undoes").order_by("created_at", "pk")
    return ShownContribution(
        contribution=contribution,
        answers=_all_answers(questions, contribution.all_answers),
        photos=list(contribution.photos.all()),
        comments=list(contribution.comments.all()),
        replies=list(contribution.replies.select_related("author")),
        events=[_shown_event(questions, event) for event in events],
        notes=list(contribution.notes.select_related("author")),
        assigned_to=Assignment.objects.filter(contribution=contribution)
        .values_list("user", flat=True)
        .first(),
        place=place_of(contribution),
    )


def place_of(contribution: Contribution) -> dict[str, Any] | None:
    """The place as a GeoJSON feature with the symbol of its category, for the small map."""
    if contribution.geom is None:
        return None
    return {
        "type": "Feature",
        "geometry": {"type": contribution.geom.geom_type, "coordinates": contribution.geom.coords},
        "properties": {
            name: getattr(contribution.category, name) for name in ("slug", "title", "marker", "colour")
        },
    }


def original_in_words(questions: Sequence[Question], original: Mapping[str, Any]) -> list[Answered]:
    """The content that an edit replaced or a reply had, as kept by services, in words."""
    names = {"category": _("Category"), "title": _("Title"), "text": _("Text"), "reply": _("Reply")}
    shown = [
        Answered(name, str(original[field]) or _("(empty)"))
        for field, name in names.items()
        if field in original
    ]
    if original.get("answers"):
        shown += _all_answers(questions, original["answers"])
    if "geometry" in original:
        shown.append(Answered(_("Place"), _place_in_words(original["geometry"])))
    return shown


def _all_answers(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Answered]:
    """Answers in the order of their questions, then those whose question was deleted."""
    return answers_in_words(questions, answers) + orphans_in_words(questions, answers)


def _shown_event(questions: Sequence[Question], event: ModerationEvent) -> ShownEvent:
    if not event.from_status:
        title = _("Received")
    elif event.undoes is not None:
        title = _("Taken back: %(decision)s") % {"decision": title_of(event.undoes)}
    else:
        title = title_of(event)
    return ShownEvent(event, title, original_in_words(questions, event.original))


def title_of(event: ModerationEvent) -> str:
    """The title of a decision."""
    if "reply" in event.original:
        return _("Reply taken back")
    if event.from_status == event.to_status:
        return _("Edited")
    return str(ContributionStatus(event.to_status).label)


def _place_in_words(geometry: object) -> str:
    """The former place in words: a position, or just the geometry type."""
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
