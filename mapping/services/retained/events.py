"""What edits replaced, as the record of moderation keeps it: places and answers for staff go at their own dates.

Its texts go with the texts (`retained.texts`), together with the rest of the original.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import F, Func, JSONField, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, ModerationEvent, RetentionSubject, Source
from mapping.services.retained.parts import Part

_GEOMETRY: Final = "geometry"
_ANSWERS: Final = "answers"


class _WithoutPlace(Func):
    """An original without its place."""

    template = f"(%(expressions)s - '{_GEOMETRY}')"
    output_field: Any = JSONField()


class _WithoutStaffAnswers(Func):
    """An original with those answers only that everyone may read; answers to unknown questions go, too.

    Questions are those of the category that the contribution had then.
    """

    template = (
        "(SELECT jsonb_set(event.original, '{answers}', coalesce((SELECT jsonb_object_agg(given.key, given.value)"
        " FROM jsonb_each(event.original -> 'answers') AS given WHERE EXISTS ("
        "SELECT FROM mapping_contribution AS about"
        " JOIN mapping_category AS category ON category.campaign_id = about.campaign_id"
        " JOIN (SELECT category_id, slug, audience FROM mapping_question"
        " UNION ALL SELECT category_id, slug, audience FROM mapping_removedquestion) AS question"
        " ON question.category_id = category.id"
        " WHERE about.id = event.about AND question.audience <> 'staff'"
        " AND question.slug = split_part(given.key, ':', 1)"
        " AND CASE WHEN event.original ? 'category' THEN category.slug = event.original ->> 'category'"
        " ELSE category.id = about.category_id END)), '{}')) FROM (SELECT %(expressions)s) AS event (original, about))"
    )
    output_field: Any = JSONField()


def _edits(campaign: Campaign, field: str) -> QuerySet[ModerationEvent]:
    found = ModerationEvent.objects.in_campaign(campaign).filter(original__has_key=field)
    return found.exclude(contribution__source=Source.CITY)


def _places(campaign: Campaign) -> QuerySet[ModerationEvent]:
    return _edits(campaign, _GEOMETRY)


def _forget_places(_campaign: Campaign, keys: Sequence[Any]) -> None:
    ModerationEvent.objects.filter(pk__in=keys).update(original=_WithoutPlace(F("original")))


def _answers(campaign: Campaign) -> QuerySet[ModerationEvent]:
    return _edits(campaign, _ANSWERS).filter(~Q(original=_public_part()))


def _forget_answers(_campaign: Campaign, keys: Sequence[Any]) -> None:
    ModerationEvent.objects.filter(pk__in=keys).update(original=_public_part())


def _public_part() -> Func:
    return _WithoutStaffAnswers(F("original"), F("contribution"))


OWN: Final = (
    Part(
        "event-places",
        RetentionSubject.PLACES.value,
        _("Former places in the record of moderation"),
        _places,
        _forget_places,
    ),
    Part(
        "event-answers",
        RetentionSubject.STAFF_ANSWERS.value,
        _("Former answers in the record of moderation"),
        _answers,
        _forget_answers,
    ),
)
