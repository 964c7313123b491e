"""When an event is, in words of both languages and in its own time zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from engagement.calendar.wording import in_words_previous, in_words_span, in_words_times, in_words_zone
from engagement.models import Event, EventDate

BERLIN = ZoneInfo("Europe/Berlin")
EVENING = datetime(2026, 9, 4, 18, tzinfo=BERLIN)


def date_of(starts_at: datetime, hours: float = 2, **fields: object) -> EventDate:
    event = Event(**fields)
    return EventDate(
        event=event,
        starts_at=starts_at.astimezone(UTC),
        ends_at=starts_at.astimezone(UTC) + timedelta(hours=hours),
    )


@pytest.mark.parametrize(
    ("one", "german", "english"),
    [
        (date_of(EVENING), "Fr., 4. Sept. 2026, 18–20 Uhr", "Fri 4 Sept 2026, 18:00–20:00"),
        (
            date_of(EVENING, 1.5),
            "Fr., 4. Sept. 2026, 18–19:30 Uhr",
            "Fri 4 Sept 2026, 18:00–19:30",
        ),
        (
            date_of(EVENING, 8),
            "Fr., 4. Sept. 2026, 18 Uhr – Sa., 5. Sept. 2026, 2 Uhr",
            "Fri 4 Sept 2026, 18:00 – Sat 5 Sept 2026, 02:00",
        ),
        (date_of(EVENING.replace(hour=0), 24, is_all_day=True), "Fr., 4. Sept. 2026", "Fri 4 Sept 2026"),
        (
            date_of(EVENING.replace(hour=0), 72, is_all_day=True),
            "Fr., 4. Sept. 2026 – So., 6. Sept. 2026",
            "Fri 4 Sept 2026 – Sun 6 Sept 2026",
        ),
        (
            date_of(EVENING, time_zone="Europe/London"),
            "Fr., 4. Sept. 2026, 17–19 Uhr (BST)",
            "Fri 4 Sept 2026, 17:00–19:00 (BST)",
        ),
    ],
)
def test_span_is_read_as_people_say_it(one: EventDate, german: str, english: str) -> None:
    with translation.override("de"):
        assert in_words_span(one) == german
    with translation.override("en"):
        assert in_words_span(one) == english


def test_time_zone_of_summer_and_winter_has_its_german_name() -> None:
    with translation.override("de"):
        assert in_words_zone(date_of(EVENING)) == "MESZ (Europe/Berlin)"
        assert in_words_zone(date_of(EVENING.replace(month=12))) == "MEZ (Europe/Berlin)"


def test_unknown_time_zone_is_read_as_that_of_the_site() -> None:
    for zone in ("Nowhere/Nothing", "../../etc/passwd", ""):
        with translation.override("en"):
            assert in_words_times(date_of(EVENING, time_zone=zone)).startswith("18:00–20:00")


def test_moved_date_knows_when_it_was_planned_before() -> None:
    one = date_of(EVENING)
    assert in_words_previous(one) == ""
    one.previous_starts_at = EVENING - timedelta(days=1)
    with translation.override("de"):
        assert in_words_previous(one) == "Do., 3. Sept. 2026, 18 Uhr"
