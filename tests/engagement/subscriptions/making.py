"""Makes subscriptions and letters for tests."""

import itertools
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from engagement.models import Letter, LetterKind, SubjectKind, Subscriber, Subscription
from engagement.services.subscriptions import noting, sending

_number: Final = itertools.count(1)


def make_subscriber(**fields: Any) -> Subscriber:
    return Subscriber.objects.create(**({"mail": f"reader-{next(_number)}@example.org"} | fields))


def make_subscription(subscriber: Subscriber | None = None, **fields: Any) -> Subscription:
    """A subscription that was confirmed an hour ago, to the calendar unless a subject is given."""
    kind = next((name for name in SubjectKind.values if name in fields), SubjectKind.CALENDAR)
    values = {"kind": kind, "confirmed_at": timezone.now() - timedelta(hours=1)}
    return Subscription.objects.create(subscriber=subscriber or make_subscriber(), **(values | fields))


def make_letters(number: int) -> list[Letter]:
    """Letters that wait, each to somebody else."""
    subscriptions = [make_subscription() for _ in range(number)]
    letters = (
        Letter(kind=LetterKind.CONFIRMATION, subscriber=one.subscriber, subscription=one)
        for one in subscriptions
    )
    return Letter.objects.bulk_create(letters)


def deliver() -> None:
    """What the worker does each minute."""
    noting.note_happenings()
    noting.write_letters()
    sending.send_letters()
