"""All of what somebody sent, word by word, for the copy that they take home (articles 15 and 20 GDPR)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mapping.models import (
    Comment,
    CommentSupport,
    Contribution,
    Photo,
    Question,
    RemovedQuestion,
    Response,
    Support,
)
from mapping.questions.choices import OTHER
from mapping.questions.registry import KINDS
from mapping.services.own.kinds import Heading, OwnRecord
from mapping.services.own.person import Person
from mapping.translated.reading import Reading

_RELATED = ("photos", "replies", "category__questions", "category__removed_questions")


def _heading(reading: Reading) -> Heading:
    return Heading(reading.campaign.title, reading.campaign.get_absolute_url())


def contributions(person: Person) -> Iterator[OwnRecord]:
    """Places with texts, answers, photos and what the city replied."""
    found = Contribution.objects.filter(participant__in=person.participants).select_related("category")
    for one in found.prefetch_related(*_RELATED).order_by("created_at", "pk"):
        reading = person.readings[one.participant_id]
        category = reading.of(one.category)
        questions = [*one.category.questions.all(), *one.category.removed_questions.all()]
        answers = list(_answers(reading, questions, one.all_answers))
        replies = [
            {"status": reply.status, "text": reply.text, "created_at": _moment(reply.created_at)}
            for reply in one.replies.all()
        ]
        geometry = None if one.geom is None else json.loads(one.geom.geojson)
        photos = list(one.photos.all())
        yield OwnRecord(
            _heading(reading),
            category.title,
            one.created_at,
            [
                (_("Status"), one.get_status_display()),
                *([(_("Text"), one.text)] if one.text else []),
                *((answer["question"], answer["words"]) for answer in answers),
                *([(_("Place"), _position(geometry))] if geometry else []),
                *((gettext("Answer by the city"), reply.text) for reply in one.replies.all()),
            ],
            {
                "id": str(one.pk),
                "category": category.title,
                "status": one.status,
                "created_at": _moment(one.created_at),
                "changed_at": _moment(one.updated_at),
                "title": one.title,
                "text": one.text,
                "answers": answers,
                "place": geometry,
                "zoom": one.zoom,
                "photos": [photo_name(photo) for photo in photos],
                "replies": replies,
            },
            geometry,
            photos,
        )


def responses(person: Person) -> Iterator[OwnRecord]:
    """Answers to surveys, also those that were not sent yet."""
    found = Response.objects.filter(participant__in=person.participants)
    for one in found.select_related("campaign").defer("campaign__area"):
        reading = person.readings[one.participant_id]
        questions = [
            *Question.objects.of_survey(one.campaign_id),
            *RemovedQuestion.objects.of_survey(one.campaign_id),
        ]
        answers = list(_answers(reading, questions, one.all_answers))
        yield OwnRecord(
            _heading(reading),
            _("Answers to the survey"),
            one.completed_at or one.updated_at,
            [(answer["question"], answer["words"]) for answer in answers],
            {
                "id": str(one.pk),
                "created_at": _moment(one.created_at),
                "changed_at": _moment(one.updated_at),
                "sent_at": _moment(one.completed_at),
                "answers": answers,
            },
        )


def comments(person: Person) -> Iterator[OwnRecord]:
    """Comments in full; suggested words stand in their text, too."""
    found = Comment.objects.filter(participant__in=person.participants)
    for one in found.order_by("created_at", "pk"):
        yield OwnRecord(
            _heading(person.readings[one.participant_id]),
            _("Comment"),
            one.created_at,
            [(_("Status"), one.get_status_display()), (_("Text"), one.text)],
            {
                "id": str(one.public_id),
                "on": str(one.contribution_id),
                "status": one.status,
                "created_at": _moment(one.created_at),
                "text": one.text,
            },
        )


def opinions(person: Person) -> Iterator[OwnRecord]:
    """Support and opposition: what for, and when."""
    for one in Support.objects.filter(participant__in=person.participants).order_by("created_at", "pk"):
        words = gettext("in favour") if one.value > 0 else gettext("against")
        yield OwnRecord(
            _heading(person.readings[one.participant_id]),
            _("Opinion"),
            one.created_at,
            [(_("Contribution"), str(one.contribution_id)), (_("Opinion"), words)],
            {"on": str(one.contribution_id), "value": one.value, "created_at": _moment(one.created_at)},
        )
    supported = CommentSupport.objects.filter(participant__in=person.participants).select_related("comment")
    for like in supported.order_by("created_at", "pk"):
        yield OwnRecord(
            _heading(person.readings[like.participant_id]),
            _("Opinion"),
            like.created_at,
            [(_("Comment"), str(like.comment.public_id)), (_("Opinion"), gettext("in favour"))],
            {"on": str(like.comment.public_id), "value": 1, "created_at": _moment(like.created_at)},
        )


def photo_name(photo: Photo) -> str:
    """The name of a photo's file within the copy."""
    return f"photos/{photo.pk}.jpg"


def _answers(
    reading: Reading, questions: Iterable[Question | RemovedQuestion], answers: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Each answer with the title of its question, in words and as it is stored; what is known to no question last."""
    left = dict(answers)
    for one in questions:
        question = reading.of(one) if isinstance(one, Question) else one
        value, other = left.pop(one.slug, None), left.pop(one.slug + OTHER, None)
        if value is None:
            continue
        words = KINDS[one.kind].words(question, value)
        if other:
            words = gettext("%(answer)s: “%(text)s”") % {"answer": words, "text": other}
        yield {
            "question": question.title,
            "words": words,
            "value": value,
            **({"text": other} if other else {}),
        }
    for slug, value in left.items():
        yield {"question": slug, "words": str(value), "value": value}


def _position(geometry: Mapping[str, Any]) -> str:
    """The first position, latitude first as people write it."""
    first = geometry["coordinates"]
    while isinstance(first[0], list):
        first = first[0]
    return f"{first[1]:.6f}, {first[0]:.6f}"


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
