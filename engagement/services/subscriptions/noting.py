"""Happenings noted with who hears of them, and notices put into mails."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from engagement.models import Happening, Letter, LetterKind, Notice, Rhythm, Subscription
from engagement.services.subscriptions.finding import NOBODY, Found, find

MORNING: Final = time(7)
"""When daily and weekly mails are written, in the site's time zone."""
_MONDAY: Final = 0
_AT_A_TIME: Final = 500


def note_happenings(at: datetime | None = None) -> int:
    """Note what is new, with a notice for each address that hears of it; return the number of happenings."""
    now = at or timezone.now()
    return sum(_note(found, now) for found in find(now))


def _note(found: Found, at: datetime) -> bool:
    """Happening and notices lie in one transaction, so that nobody is left out when this is interrupted."""
    with transaction.atomic():
        happening, is_new = Happening.objects.get_or_create(
            kind=found.kind,
            key=found.key,
            defaults={"happened_at": found.happened_at, "contribution": found.contribution},
        )
        if is_new and found.audience != NOBODY:
            Notice.objects.bulk_create(
                (
                    Notice(subscription_id=pk, happening=happening, noted_at=at)
                    for pk in _listening(found).iterator(_AT_A_TIME)
                ),
                batch_size=_AT_A_TIME,
            )
    return is_new


def _listening(found: Found) -> QuerySet[Subscription, UUID]:
    """One subscription of each address: somebody who hears of it at once needs no digest of it."""
    audience = Subscription.objects.confirmed().filter(found.audience, confirmed_at__lte=found.happened_at)
    # `at_once`, `daily`, `weekly` stand in the order of the alphabet.
    ordered = audience.order_by("subscriber", "-is_author", "rhythm", "pk").distinct("subscriber")
    return ordered.values_list("pk", flat=True)


def write_letters(at: datetime | None = None) -> int:
    """Put waiting notices into mails, one for each subscription whose time has come; return the number of mails."""
    now = at or timezone.now()
    due = {
        Rhythm.AT_ONCE: now + timedelta(seconds=1),
        Rhythm.DAILY: last_morning(now),
        Rhythm.WEEKLY: last_monday(now),
    }
    return sum(_write(rhythm, before, now) for rhythm, before in due.items())


def last_morning(at: datetime) -> datetime:
    """The last moment before `at` at which daily mails were due; on days of 23 and 25 hours, too."""
    local = timezone.localtime(at)
    zone = timezone.get_current_timezone()
    today = datetime.combine(local.date(), MORNING, tzinfo=zone)
    return today if today <= at else datetime.combine(local.date() - timedelta(days=1), MORNING, tzinfo=zone)


def last_monday(at: datetime) -> datetime:
    """The last moment before `at` at which weekly mails were due."""
    morning = timezone.localtime(last_morning(at))
    monday = morning.date() - timedelta(days=(morning.weekday() - _MONDAY) % 7)
    return datetime.combine(monday, MORNING, tzinfo=timezone.get_current_timezone())


def _write(rhythm: Rhythm, before: datetime, at: datetime) -> int:
    with transaction.atomic():
        waiting = Notice.objects.waiting(rhythm, before)
        subscriptions = Subscription.objects.confirmed().filter(
            Exists(waiting.filter(subscription=OuterRef("pk")))
        )
        # Two runs at once must not write two mails with nothing in the second one.
        locked = subscriptions.select_for_update(of=("self",), skip_locked=True).order_by("pk")
        letters = Letter.objects.bulk_create(
            (
                Letter(
                    kind=LetterKind.NEWS,
                    subscription_id=pk,
                    subscriber_id=subscriber,
                    created_at=at,
                    due_at=at,
                )
                for pk, subscriber in locked.values_list("pk", "subscriber")
            ),
            batch_size=_AT_A_TIME,
        )
        mine = Letter.objects.filter(
            subscription=OuterRef("subscription"), pk__in=[one.pk for one in letters]
        )
        waiting.filter(subscription__in=[one.subscription_id for one in letters]).update(
            letter=Subquery(mine.values("pk")[:1])
        )
    return len(letters)
