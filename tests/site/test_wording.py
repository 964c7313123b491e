from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from mapping import wording
from mapping.services.messages import sentence

FRIDAY = datetime(2026, 9, 4, 16, 0, tzinfo=UTC)


def test_german_moments_read_as_people_write_them() -> None:
    with translation.override("de"):
        assert wording.in_words_moment(FRIDAY) == "Fr., 4. Sept. 2026, 18 Uhr"
        assert wording.in_words_moment(FRIDAY + timedelta(minutes=30)) == "Fr., 4. Sept. 2026, 18:30 Uhr"
        assert wording.in_words_day(date(2026, 5, 1)) == "Fr., 1. Mai 2026"


def test_english_moments_read_as_people_write_them() -> None:
    with translation.override("en"):
        assert wording.in_words_moment(FRIDAY) == "Fri 4 Sept 2026, 18:00"
        assert wording.in_words_day(FRIDAY) == "Fri 4 Sept 2026"


@pytest.mark.parametrize(
    ("hours", "german", "english"),
    [
        (0, "heute um 18 Uhr", "today at 18:00"),
        (-0.5, "heute um 17:30 Uhr", "today at 17:30"),
        (-18, "heute um 0 Uhr", "today at 00:00"),
        (-19, "gestern um 23 Uhr", "yesterday at 23:00"),
        (6, "morgen um 0 Uhr", "tomorrow at 00:00"),
        (-48, "Mi., 2. Sept. 2026, 18 Uhr", "Wed 2 Sept 2026, 18:00"),
    ],
)
def test_moments_beside_now_are_words(hours: float, german: str, english: str) -> None:
    for language, words in (("de", german), ("en", english)):
        with translation.override(language):
            assert wording.in_words_when(FRIDAY + timedelta(hours=hours), FRIDAY) == words


def test_days_beside_today_are_words() -> None:
    with translation.override("en"):
        words = [wording.in_words_when_day(FRIDAY + timedelta(days=days), FRIDAY) for days in (-2, -1, 0, 1)]
        assert words == ["Wed 2 Sept 2026", "yesterday", "today", "tomorrow"]
        assert wording.in_words_when_day(date(2026, 9, 3), FRIDAY) == "yesterday"


def test_numbers_have_the_separators_of_the_language() -> None:
    with translation.override("de"):
        assert (wording.in_words_number(62245), wording.in_words_number(12.5)) == ("62.245", "12,5")
    with translation.override("en"):
        assert (wording.in_words_number(62245), wording.in_words_number(12.5)) == ("62,245", "12.5")


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (-1, "Ended"),
        (0.5, "Ends within the hour"),
        (3, "3 hours left"),
        (24, "1 day left"),
        (24 * 12, "12 days left"),
    ],
)
def test_time_left_counts_days_as_a_calendar_does(hours: float, words: str) -> None:
    now = datetime(2026, 9, 4, 8, 0, tzinfo=UTC)
    with translation.override("en"):
        assert wording.time_left(now + timedelta(hours=hours), now) == words


def test_evening_before_the_last_day_is_one_day_before_the_end() -> None:
    evening, next_noon = datetime(2026, 9, 4, 20, tzinfo=UTC), datetime(2026, 9, 5, 10, tzinfo=UTC)
    with translation.override("en"):
        assert wording.time_left(next_noon, evening) == "1 day left"
        assert wording.time_until(next_noon, evening) == "Begins tomorrow"
        assert wording.time_until(evening + timedelta(hours=1), evening) == "Begins today"


def test_what_ends_at_midnight_lasts_until_the_day_before() -> None:
    midnight = timezone.make_aware(datetime(2026, 8, 1))  # noqa: DTZ001 - made aware here
    with translation.override("de"):
        assert wording.in_words_end(midnight) == wording.in_words_day(date(2026, 7, 31))
        assert wording.in_words_end(midnight + timedelta(hours=18)) == wording.in_words_moment(
            midnight + timedelta(hours=18)
        )
        told = sentence("campaign_closed", {"closes_at": midnight})
        assert "31. Juli 2026" in told
        assert "0:00" not in told
    with translation.override("en"):
        assert "July 31, 2026" in sentence("campaign_closed", {"closes_at": midnight})
        assert "hour" in wording.time_left(midnight, midnight - timedelta(hours=5))
        assert wording.time_left(midnight, midnight - timedelta(hours=30)) == "1 day left"
