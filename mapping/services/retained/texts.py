"""Texts, photos and answers for staff: what people wrote and showed, and what staff noted about it.

Places of the city, replies by the city and ballots stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models import (
    Campaign,
    Comment,
    Contribution,
    Flag,
    InternalNote,
    ModerationEvent,
    Photo,
    QuestionKind,
    Response,
    RetentionSubject,
    Source,
    TaggedText,
)
from mapping.services.photos.attachments import delete_files
from mapping.services.retained.answers import AS_REMOVED, changed_answers
from mapping.services.retained.parts import REMOVED, Part

_KINDS: Final = (QuestionKind.TEXT, QuestionKind.LONG_TEXT)


def given(campaign: Campaign) -> QuerySet[Contribution]:
    """What people gave, online, on paper or in files; not what the city drew."""
    return Contribution.objects.filter(campaign=campaign).exclude(source=Source.CITY)


def _contributions(campaign: Campaign) -> QuerySet[Contribution]:
    is_changed, _cleaned = changed_answers(campaign, _KINDS, of_survey=False)
    return given(campaign).filter(is_changed | ~Q(text="") | ~Q(fingerprint=b""))


def _empty_contributions(campaign: Campaign, keys: Sequence[Any]) -> None:
    _is_changed, cleaned = changed_answers(campaign, _KINDS, of_survey=False)
    found = Contribution.objects.filter(pk__in=keys)
    found.update(text="", fingerprint=b"", updated_at=timezone.now(), **cleaned)


def _responses(campaign: Campaign) -> QuerySet[Response]:
    is_changed, _cleaned = changed_answers(campaign, _KINDS, of_survey=True, marked_as=AS_REMOVED)
    return Response.objects.of(campaign).filter(is_changed | ~Q(fingerprint=b""))


def _empty_responses(campaign: Campaign, keys: Sequence[Any]) -> None:
    _is_changed, cleaned = changed_answers(campaign, _KINDS, of_survey=True, marked_as=AS_REMOVED)
    Response.objects.filter(pk__in=keys).update(fingerprint=b"", updated_at=timezone.now(), **cleaned)


def _tags(campaign: Campaign) -> QuerySet[TaggedText]:
    return TaggedText.objects.filter(response__campaign=campaign)


def _delete_tags(_campaign: Campaign, keys: Sequence[Any]) -> None:
    TaggedText.objects.filter(pk__in=keys).delete()


def _comments(campaign: Campaign) -> QuerySet[Comment]:
    return Comment.objects.filter(contribution__campaign=campaign).exclude(text=REMOVED)


def _empty_comments(_campaign: Campaign, keys: Sequence[Any]) -> None:
    Comment.objects.filter(pk__in=keys).update(text=REMOVED)


def _events(campaign: Campaign) -> QuerySet[ModerationEvent]:
    found = ModerationEvent.objects.in_campaign(campaign).filter(~Q(reason="") | ~Q(original={}))
    return found.exclude(contribution__source=Source.CITY)


def _empty_events(_campaign: Campaign, keys: Sequence[Any]) -> None:
    ModerationEvent.objects.filter(pk__in=keys).update(reason="", original={})


def _notes(campaign: Campaign) -> QuerySet[InternalNote]:
    return InternalNote.objects.filter(contribution__in=given(campaign))


def _delete_notes(_campaign: Campaign, keys: Sequence[Any]) -> None:
    InternalNote.objects.filter(pk__in=keys).delete()


def _flags(campaign: Campaign) -> QuerySet[Flag]:
    return Flag.objects.in_campaign(campaign)


def _delete_flags(_campaign: Campaign, keys: Sequence[Any]) -> None:
    Flag.objects.filter(pk__in=keys).delete()


def _photos(campaign: Campaign) -> QuerySet[Photo]:
    return Photo.objects.filter(contribution__in=given(campaign))


def _delete_photos(_campaign: Campaign, keys: Sequence[Any]) -> None:
    found = Photo.objects.filter(pk__in=keys)
    names = [str(name) for name in found.values_list("file", flat=True) if name]
    found.delete()
    transaction.on_commit(lambda: delete_files(names), robust=True)


def _answers(campaign: Campaign) -> QuerySet[Contribution]:
    return given(campaign).exclude(staff_answers={})


def _delete_answers(_campaign: Campaign, keys: Sequence[Any]) -> None:
    Contribution.objects.filter(pk__in=keys).update(staff_answers={}, fingerprint=b"")


def _staff_responses(campaign: Campaign) -> QuerySet[Response]:
    return Response.objects.of(campaign).exclude(staff_answers={})


def _delete_staff_responses(_campaign: Campaign, keys: Sequence[Any]) -> None:
    Response.objects.filter(pk__in=keys).update(staff_answers={}, fingerprint=b"")


_TEXTS: Final = RetentionSubject.TEXTS.value
_STAFF: Final = RetentionSubject.STAFF_ANSWERS.value
OWN: Final = (
    Part("contributions", _TEXTS, _("Texts of contributions"), _contributions, _empty_contributions),
    Part("responses", _TEXTS, _("Free answers to the survey"), _responses, _empty_responses),
    Part("text-tags", _TEXTS, _("Tags of free answers"), _tags, _delete_tags),
    Part("comments", _TEXTS, _("Comments"), _comments, _empty_comments),
    Part("events", _TEXTS, _("Reasons and originals of moderation"), _events, _empty_events),
    Part("notes", _TEXTS, _("Internal notes"), _notes, _delete_notes),
    Part("flags", _TEXTS, _("Reports of content"), _flags, _delete_flags),
    Part("photos", RetentionSubject.PHOTOS.value, _("Photos"), _photos, _delete_photos),
    Part("staff-answers", _STAFF, _("Contributions with answers for staff"), _answers, _delete_answers),
    Part(
        "staff-responses",
        _STAFF,
        _("Surveys with answers for staff"),
        _staff_responses,
        _delete_staff_responses,
    ),
)
