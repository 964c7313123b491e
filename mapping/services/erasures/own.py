"""Erasures of the app of places, replayed by the services that made them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from mapping.models import (
    Campaign,
    Comment,
    CommentSupport,
    Contribution,
    Flag,
    ModerationEvent,
    Participant,
    Photo,
    Picture,
    Reply,
    Response,
    Support,
)
from mapping.services import identity
from mapping.services.counters import count_comment_support, count_comments, count_support
from mapping.services.erase import withdraw
from mapping.services.erasures.kinds import Erasable, deleting
from mapping.services.photos.attachments import discard
from mapping.services.retained.people import RandomKey
from mapping.services.surveys.responses import withdraw_response


def _campaigns(keys: Sequence[int]) -> None:
    for campaign in Campaign.objects.filter(pk__in=keys):
        campaign.delete()


def _participants(keys: Sequence[int]) -> None:
    """Delete people who have nothing left; of others nobody erased what is still there, so that only their link goes.

    A person is also deleted when their last contribution went to another person or sheet: the backup has it as theirs.
    """
    for person in Participant.objects.filter(pk__in=keys).select_related("campaign").order_by("pk"):
        with transaction.atomic():
            identity.lock_participant(person)
            for trace in identity.TRACES:
                if trace.cut_off is not None:
                    trace.cut_off(person)
            identity.forget_if_idle(person)
    # Another person from now on, by no browser's key, whom the list does not name.
    later = F("created_at") + timedelta(microseconds=1)
    Participant.objects.filter(pk__in=keys).update(key=RandomKey(), created_at=later)


def _contributions(keys: Sequence[Any]) -> None:
    for one in Contribution.objects.filter(pk__in=keys).select_related("campaign").order_by("pk"):
        withdraw(one)


def _responses(keys: Sequence[Any]) -> None:
    for one in Response.objects.filter(pk__in=keys).select_related("campaign").order_by("pk"):
        withdraw_response(one)


def _photos(keys: Sequence[Any]) -> None:
    for photo in Photo.objects.filter(pk__in=keys).select_related("contribution"):
        discard(photo.contribution, only=photo.pk)


def _comments(keys: Sequence[int]) -> None:
    for one in Comment.objects.filter(pk__in=keys).select_related("contribution"):
        one.delete()
        count_comments(one.contribution)


def _supports(keys: Sequence[int]) -> None:
    for one in Support.objects.filter(pk__in=keys).select_related("contribution"):
        one.delete()
        count_support(one.contribution)


def _comment_supports(keys: Sequence[int]) -> None:
    for one in CommentSupport.objects.filter(pk__in=keys).select_related("comment"):
        one.delete()
        count_comment_support(one.comment)


def _originals(keys: Sequence[int]) -> None:
    ModerationEvent.objects.filter(pk__in=keys).update(original={})


OWN: Final = (
    Erasable("campaign", "mapping_campaign", ("id", "created_at"), _campaigns),
    Erasable("participant", "mapping_participant", ("id", "created_at"), _participants, comes_last=True),
    Erasable("contribution", "mapping_contribution", ("id",), _contributions),
    Erasable("response", "mapping_response", ("id",), _responses),
    Erasable("photo", "mapping_photo", ("id",), _photos),
    Erasable("comment", "mapping_comment", ("public_id",), _comments),
    Erasable("support", "mapping_support", ("id", "created_at"), _supports),
    Erasable("comment_support", "mapping_commentsupport", ("id", "created_at"), _comment_supports),
    Erasable(
        *("original", "mapping_moderationevent", ("id", "created_at"), _originals),
        is_there="one.original <> '{}'",
    ),
    deleting("reply", "mapping_reply", ("id", "created_at"), Reply),
    deleting("flag", "mapping_flag", ("id", "created_at"), Flag),
    # Its file has no row then, and is swept.
    deleting("picture", "mapping_picture", ("id",), Picture),
)
