"""Rules become dates, within limits and in bounded time."""

import time
from datetime import date, datetime

import pytest

from engagement.calendar.clock import is_second, is_twice, local_of, moment_of
from engagement.calendar.patterns import Pattern, pattern_of, rule_of
from engagement.calendar.problems import CalendarProblem
from engagement.calendar.recurrence import MOST_DATES, occurrences, parse_rule

BERLIN = "Europe/Berlin"


def clock(*numbers: int) -> datetime:
    """What a clock shows."""
    return datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - without time zone on purpose


TUESDAY = clock(2026, 1, 6, 18)


def dates(rule: str, start: datetime = TUESDAY) -> list[datetime]:
    return occurrences(start, parse_rule(rule), BERLIN)


def test_first_tuesdays_of_a_year() -> None:
    found = dates("FREQ=MONTHLY;BYDAY=1TU;COUNT=11")
    assert len(found) == 11
    assert all(one.weekday() == 1 and one.day <= 7 and one.hour == 18 for one in found)


def test_last_day_of_a_series_is_included() -> None:
    assert dates("FREQ=WEEKLY;UNTIL=20260120")[-1] == clock(2026, 1, 20, 18)
    assert dates("FREQ=WEEKLY;UNTIL=20260120T165959Z")[-1] == clock(2026, 1, 13, 18)
    assert dates("FREQ=WEEKLY;UNTIL=20260120T170000Z")[-1] == clock(2026, 1, 20, 18)


def test_months_without_the_day_are_left_out() -> None:
    found = dates("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", clock(2026, 1, 31, 18))
    assert [one.month for one in found] == [1, 3, 5, 7]


@pytest.mark.parametrize(
    ("rule", "start", "expected"),
    [
        ("FREQ=DAILY;BYDAY=TU,TH", TUESDAY, [(1, 6), (1, 8), (1, 13)]),
        ("FREQ=DAILY;BYMONTH=1,3;BYDAY=TU", clock(2026, 1, 20, 18), [(1, 20), (1, 27), (3, 3)]),
        ("FREQ=DAILY;BYMONTHDAY=-1,6", TUESDAY, [(1, 6), (1, 31), (2, 6)]),
        ("FREQ=WEEKLY;BYDAY=TU;BYMONTH=1,5", clock(2026, 1, 27, 18), [(1, 27), (5, 5), (5, 12)]),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", clock(2026, 2, 13, 18), [(2, 13), (3, 13), (11, 13)]),
        ("FREQ=MONTHLY;BYDAY=1TU;BYMONTH=1,9", TUESDAY, [(1, 6), (9, 1), (1, 5)]),
    ],
)
def test_parts_that_limit_a_rule(rule: str, start: datetime, expected: list[tuple[int, int]]) -> None:
    """RFC 5545, section 3.3.10, the table of parts."""
    found = dates(f"{rule};COUNT=3", start)
    assert [(one.month, one.day) for one in found] == expected
    assert pattern_of(f"{rule};COUNT=3", start.date(), BERLIN).repeats == "other"


def test_series_has_a_year_of_days_at_most() -> None:
    assert len(dates(f"FREQ=DAILY;COUNT={MOST_DATES}")) == MOST_DATES


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=DAILY", "rule_without_end"),
        ("FREQ=DAILY;COUNT=367", "series_too_many"),
        ("FREQ=DAILY;COUNT=10000", "series_too_many"),
        ("FREQ=DAILY;UNTIL=20270108", "series_too_many"),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", "series_too_many"),
        ("FREQ=YEARLY;COUNT=12", "series_too_long"),
        ("FREQ=MONTHLY;UNTIL=20500101", "series_too_long"),
        ("FREQ=WEEKLY;COUNT=1", "series_of_one"),
        ("FREQ=WEEKLY;UNTIL=20250101", "series_of_one"),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "rule_misses_start"),
        ("FREQ=WEEKLY;BYDAY=WE;COUNT=3", "rule_misses_start"),
        ("FREQ=SECONDLY;COUNT=3", "rule_unknown"),
        ("FREQ=MINUTELY;COUNT=3", "rule_unknown"),
        ("FREQ=HOURLY;COUNT=3", "rule_unknown"),
        ("FREQ=DAILY;BYHOUR=1,2,3;COUNT=3", "rule_unknown"),
        ("FREQ=DAILY;COUNT=3;COUNT=4", "rule_unknown"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20260109", "rule_unknown"),
        ("FREQ=DAILY;COUNT=0", "rule_unknown"),
        ("FREQ=DAILY;INTERVAL=0;COUNT=3", "rule_unknown"),
        ("FREQ=DAILY;INTERVAL=100;COUNT=3", "rule_unknown"),
        ("FREQ=DAILY;COUNT=９", "rule_unknown"),
        ("FREQ=DAILY;UNTIL=20261399", "rule_unknown"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "rule_unknown"),
        ("FREQ=WEEKLY;BYDAY=1TU;COUNT=3", "rule_unknown"),
        ("FREQ=DAILY;BYDAY=1TU;COUNT=3", "rule_unknown"),
        ("FREQ=MONTHLY;BYDAY=1TU;BYMONTHDAY=13;COUNT=3", "rule_unknown"),
        ("FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=6;BYSETPOS=2;COUNT=3", "rule_unknown"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=3", "rule_misses_start"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=5;COUNT=3", "rule_misses_start"),
        ("FREQ=MONTHLY;BYDAY=+-1TU;COUNT=3", "rule_unknown"),
        ("", "rule_unknown"),
        ("every day", "rule_unknown"),
    ],
)
def test_series_that_cannot_be(rule: str, code: str) -> None:
    with pytest.raises(CalendarProblem) as caught:
        dates(rule)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", TUESDAY),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;COUNT=3", clock(2026, 2, 3, 18)),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29;COUNT=3", TUESDAY),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300;COUNT=3", TUESDAY),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", TUESDAY),
    ],
)
def test_hostile_rules_end_soon(rule: str, start: datetime) -> None:
    before = time.process_time()
    with pytest.raises(CalendarProblem):
        dates(rule, start)
    assert time.process_time() - before < 5


def test_series_keeps_its_hour_in_summer_and_winter() -> None:
    starts = [moment_of(one, BERLIN) for one in dates("FREQ=WEEKLY;COUNT=3", clock(2026, 3, 22, 18))]
    assert [one.hour for one in starts] == [17, 16, 16]
    assert {local_of(one, BERLIN).hour for one in starts} == {18}


def test_time_that_clocks_leave_out_is_refused() -> None:
    with pytest.raises(CalendarProblem) as caught:
        moment_of(clock(2026, 3, 29, 2, 30), BERLIN)
    assert caught.value.code == "time_missing"


def test_both_times_of_the_hour_that_is_twice() -> None:
    local = clock(2026, 10, 25, 2, 30)
    first, second = moment_of(local, BERLIN), moment_of(local, BERLIN, is_second=True)
    assert (first.hour, second.hour) == (0, 1)
    assert is_twice(local, BERLIN)
    assert not is_twice(clock(2026, 10, 25, 3, 30), BERLIN)
    assert (is_second(first, BERLIN), is_second(second, BERLIN)) == (False, True)
    assert local_of(first, BERLIN) == local_of(second, BERLIN) == local


def test_days_begin_where_midnight_is_left_out() -> None:
    assert local_of(moment_of(clock(2026, 9, 6), "America/Santiago"), "America/Santiago").hour == 1


@pytest.mark.parametrize("year", [1, 1989, 2101, 9999])
def test_unlikely_years_are_refused(year: int) -> None:
    with pytest.raises(CalendarProblem) as caught:
        moment_of(clock(year, 1, 1), BERLIN)
    assert caught.value.code == "year_unlikely"


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(),
        Pattern("daily", count=3),
        Pattern("weekly", 2, until=date(2026, 6, 30)),
        Pattern("monthly_day", count=11),
        Pattern("monthly_weekday", count=11),
        Pattern("monthly_last", 2, count=5),
        Pattern("yearly", count=3),
    ],
)
@pytest.mark.parametrize("is_all_day", [False, True])
def test_repetition_comes_back_from_its_rule(pattern: Pattern, is_all_day: bool) -> None:
    rule = rule_of(pattern, date(2026, 1, 27), BERLIN, is_all_day=is_all_day)
    assert pattern_of(rule, date(2026, 1, 27), BERLIN) == pattern


def test_rule_that_the_form_cannot_show() -> None:
    assert pattern_of("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=9", date(2026, 1, 6), BERLIN).repeats == "other"
