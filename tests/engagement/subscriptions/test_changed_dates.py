"""Dates that change again and again: each cancellation, return and move is told, and nothing else."""

from datetime import date as Day  # noqa: N812 - `date` is a row here
from datetime import time

import pytest
from django.utils import timezone

from engagement.models import EventDate, EventStatus
from engagement.services.events.single import cancel_date, move_date, restore_date
from engagement.services.events.values import Timing
from tests.engagement.making import make_editor, make_event
from tests.engagement.subscriptions.making import deliver, make_subscriber, make_subscription
from tests.engagement.subscriptions.post import PostOffice

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader_of_a_date(post: PostOffice) -> EventDate:
    """A date of the calendar that its reader has heard of."""
    make_subscription(make_subscriber())
    date = make_event(title="Werkstatt").dates.get()
    deliver()
    post.mails.clear()
    return date


def labels(post: PostOffice) -> list[str]:
    """What the mails since the last call are about, by their subjects."""
    deliver()
    found = [str(mail["Subject"]).partition(":")[0] for mail in post.mails]
    post.mails.clear()
    return found


def timing(day: Day, start: int, end: int) -> Timing:
    """A span of full hours of one day."""
    return Timing(starts_on=day, starts_time=time(start), ends_on=day, ends_time=time(end))


def test_each_cancellation_and_each_return_is_told(post: PostOffice, reader_of_a_date: EventDate) -> None:
    date, editor = reader_of_a_date, make_editor()
    for _time in range(2):
        cancel_date(date, editor, "A storm")
        assert labels(post) == ["Abgesagt"]
        assert labels(post) == []
        restore_date(date, editor)
        assert labels(post) == ["Findet doch statt"]
        assert labels(post) == []


def test_cancellation_by_the_version_before_is_told_though_it_counts_no_changes(
    post: PostOffice, reader_of_a_date: EventDate
) -> None:
    date = reader_of_a_date
    move_date(date, make_editor(), timing(timezone.localdate(date.starts_at), 8, 12), "")
    assert labels(post) == ["Termin verschoben"]
    EventDate.objects.filter(pk=date.pk).update(status=EventStatus.CANCELLED)
    assert labels(post) == ["Abgesagt"]
    assert labels(post) == []


def test_each_move_is_told_also_to_a_time_that_it_had_before(
    post: PostOffice, reader_of_a_date: EventDate
) -> None:
    date, editor = reader_of_a_date, make_editor()
    day = timezone.localdate(date.starts_at)
    for hour in (8, 9, 8, 9):
        move_date(date, editor, timing(day, hour, 12), "")
        assert labels(post) == ["Termin verschoben"]


def test_cancelled_date_that_takes_place_at_another_time_is_told_once(
    post: PostOffice, reader_of_a_date: EventDate
) -> None:
    date, editor = reader_of_a_date, make_editor()
    cancel_date(date, editor, "A storm")
    assert labels(post) == ["Abgesagt"]
    move_date(date, editor, timing(timezone.localdate(date.starts_at), 8, 12), "")
    assert labels(post) == ["Findet doch statt"]


def test_cancellation_that_nobody_heard_of_needs_no_return(
    post: PostOffice, reader_of_a_date: EventDate
) -> None:
    date, editor = reader_of_a_date, make_editor()
    cancel_date(date, editor, "A storm")
    restore_date(date, editor)
    assert labels(post) == []


def test_date_that_was_cancelled_before_changes_were_counted_returns(
    post: PostOffice, reader_of_a_date: EventDate
) -> None:
    date = reader_of_a_date
    EventDate.objects.update(status=EventStatus.CANCELLED)
    assert labels(post) == ["Abgesagt"]
    restore_date(date, make_editor())
    assert labels(post) == ["Findet doch statt"]
