"""What Thunderbird's library (ical.js) reads in our calendars is what is stored: a reader written apart from ours.

Thunderbird itself (153) was tried by hand with the demo's calendar and read the same dates.
"""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engagement.demo import calendar as demo
from engagement.models import EventDate, EventStatus
from mapping.models import Campaign
from tests import personas
from tests.engagement.calendar.test_ical import BERLIN, EVENING, body, moment, move, series, spans_stored
from tests.engagement.making import add_date, make_event

SCRIPT = Path(__file__).parents[2] / "scripts" / "occurrences.js"


def read(address: str = "/calendar.ics") -> list[tuple[str, datetime, datetime, str, str]]:
    """Name, begin, end, status and title of each date that ical.js finds."""
    ran = subprocess.run(
        ["node", str(SCRIPT)],  # noqa: S607 - as bin/run finds it
        input=body(address),
        capture_output=True,
        check=True,
        timeout=120,
    )
    return [(uid, when(start), when(end), *rest) for uid, start, end, *rest in json.loads(ran.stdout)]


def when(text: str) -> datetime:
    if "T" not in text:
        return moment(date.fromisoformat(text))
    return datetime.fromisoformat(text).astimezone(UTC)


def spans_read(address: str = "/calendar.ics") -> list[tuple[datetime, datetime, str]]:
    return sorted((start, end, status) for _uid, start, end, status, _title in read(address))


def with_moved_and_cancelled() -> None:
    dates = list(series().dates.all())
    move(dates[0], timedelta(days=-1))
    move(dates[2], timedelta(days=1, hours=1))
    EventDate.objects.filter(pk=dates[5].pk).update(status=EventStatus.CANCELLED, reason="Holiday")
    EventDate.objects.filter(pk=dates[7].pk).update(ends_at=dates[7].ends_at + timedelta(hours=1))


def wholly_cancelled() -> None:
    series().dates.update(status=EventStatus.CANCELLED, reason="No money")


def changed_afterwards() -> None:
    event = series()
    event.dates.filter(pk=event.dates.all()[3].pk).delete()
    add_date(event, EVENING + timedelta(days=3))


def all_day() -> None:
    start = datetime(2026, 10, 24, tzinfo=BERLIN)
    event = make_event(start, is_all_day=True, rule="FREQ=DAILY;COUNT=3", hours=24)
    for number in (1, 2):
        day = start + timedelta(days=number)
        one = add_date(event, day)
        EventDate.objects.filter(pk=one.pk).update(ends_at=day + timedelta(days=1))
    event.dates.filter(starts_at=start).update(ends_at=start + timedelta(days=1))


def nights_of_the_change() -> None:
    """Eight hours each, one of which lasts nine; and both half past twos of October."""
    start = datetime(2026, 10, 23, 22, tzinfo=BERLIN)
    event = make_event(start, rule="FREQ=DAILY;COUNT=4", hours=8)
    for number in (1, 2, 3):
        begins = start + timedelta(days=number)
        one = add_date(event, begins)
        EventDate.objects.filter(pk=one.pk).update(ends_at=begins + timedelta(hours=8))
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    make_event(second, title="Second")
    make_event(second - timedelta(hours=1), title="First", hours=0.25)


def nightly_at_half_past_two() -> None:
    series(datetime(2026, 10, 4, 2, 30, tzinfo=BERLIN), 6)
    series(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 3, slug="other")


def over_the_change_in_march() -> None:
    series(datetime(2027, 3, 1, 2, tzinfo=BERLIN), number=8, rule="FREQ=WEEKLY;COUNT=8")


def additional_dates_in_both_forms() -> None:
    event = series(datetime(2026, 10, 4, 2, 30, tzinfo=BERLIN), 3, rule="FREQ=WEEKLY;COUNT=3")
    add_date(event, datetime(2026, 10, 21, 18, tzinfo=BERLIN))
    add_date(event, datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "make",
    [
        series,
        with_moved_and_cancelled,
        wholly_cancelled,
        changed_afterwards,
        all_day,
        nights_of_the_change,
        nightly_at_half_past_two,
        over_the_change_in_march,
        additional_dates_in_both_forms,
    ],
)
def test_other_reader_finds_exactly_what_is_stored(db: None, make: Callable[[], object]) -> None:
    make()
    stored = spans_stored()
    assert stored
    assert spans_read() == stored


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Asia/Gaza", "Africa/Casablanca", "Asia/Kolkata", "UTC"]
)
def test_other_reader_finds_the_moments_of_other_zones(db: None, zone: str) -> None:
    series(datetime(2026, 2, 20, 18, tzinfo=ZoneInfo(zone)), time_zone=zone)
    assert spans_read() == spans_stored()


def test_other_reader_keeps_titles_with_signs_of_the_format(db: None) -> None:
    make_event(EVENING, title="Walk, talk; look\\ " + "ä€😀" * 40)
    [(_uid, _start, _end, _status, title)] = read()
    assert title == "Walk, talk; look\\ " + "ä€😀" * 40


@pytest.mark.slow
def test_other_reader_finds_all_dates_of_the_demo_and_the_days_of_campaigns(db: None) -> None:
    campaign: Campaign = personas.make_campaign("hitze", with_categories=False)
    demo.fill(lambda _words: None)
    found = read()
    named = {str(pk) for pk in EventDate.objects.values_list("event_id", flat=True)}
    spans = sorted(
        (start, end, status) for uid, start, end, status, _title in found if uid.partition("@")[0] in named
    )
    assert spans == spans_stored()
    assert [title for _uid, _start, _end, _status, title in found if title.endswith(campaign.title)]
