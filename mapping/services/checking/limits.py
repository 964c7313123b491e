"""Rate limits per person and minute, counted from stored rows: shared by all servers, without storing addresses.

Callers must hold the person's lock (`identity.locked_participant`), so that two requests cannot share the last slot.
"""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from mapping.models import Comment, CommentSupport, Contribution, Participant, Support
from mapping.services.errors import TooMany

_MINUTE = timedelta(minutes=1)


def limit_submissions(participant: Participant, at: datetime) -> None:
    """Raise TooMany if the person has reached the limit of contributions per minute."""
    recent = Contribution.objects.filter(participant=participant, created_at__range=_around(at))
    _limit(recent.values_list("created_at", flat=True), settings.SUBMISSIONS_PER_MINUTE, at)


def limit_feedback(participant: Participant, at: datetime) -> None:
    """Raise TooMany if the person has reached the limit of comments, opinions and support for comments per minute."""
    times = [
        moment
        for model in (Comment, Support, CommentSupport)
        for moment in model.objects.filter(
            participant=participant, created_at__range=_around(at)
        ).values_list("created_at", flat=True)
    ]
    _limit(times, settings.FEEDBACK_PER_MINUTE, at)


def limit_changes(contribution: Contribution, at: datetime) -> None:
    """Raise TooMany if the author has reached the limit of changes per minute of a (locked) contribution."""
    changes = contribution.moderation_events.filter(actor=None, created_at__range=_around(at))
    _limit(changes.values_list("created_at", flat=True), settings.SUBMISSIONS_PER_MINUTE, at)


def _around(at: datetime) -> tuple[datetime, datetime]:
    """The minute before and after a request, which may have waited for a later one."""
    return at - _MINUTE + timedelta(microseconds=1), at + _MINUTE


def _limit(times: Iterable[datetime], limit: int, at: datetime) -> None:
    newest_first = sorted(times, reverse=True)
    if len(newest_first) < limit:
        return
    # The next one is allowed as soon as the oldest of the last `limit` ones is a minute old.
    oldest_that_counts = newest_first[limit - 1] if limit > 0 else at
    raise TooMany(max(1, math.ceil((oldest_that_counts + _MINUTE - at).total_seconds())))
