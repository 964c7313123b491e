"""Counting by keyed hashes: exact, the same for all processes, gone with the day."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from doors.keys import forget_key, forget_past_days, subject_of
from doors.levels import Counter, Full, Limit
from doors.models import DayKey, Level, UsedProof
from doors.networks import Network
from doors.records import record

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
THREE = Limit("test", 3, 10)
SCHOOL = (b"4abc",)


def taken(counter: Counter, at: datetime) -> bool:
    try:
        counter.take(at)
    except Full:
        return False
    return True


@pytest.mark.django_db
def test_as_many_as_allowed_at_once_then_one_by_one() -> None:
    counter = Counter(THREE, SCHOOL)
    assert [taken(counter, NOON) for _ in range(5)] == [True, True, True, False, False]
    assert not taken(counter, NOON + timedelta(seconds=9))
    assert taken(counter, NOON + timedelta(seconds=10))
    assert not taken(counter, NOON + timedelta(seconds=10))
    assert [taken(counter, NOON + timedelta(minutes=5)) for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
def test_waiting_as_long_as_told_is_enough_and_not_too_long() -> None:
    counter = Counter(THREE, SCHOOL)
    for _ in range(3):
        counter.take(NOON)
    later = NOON + timedelta(seconds=3.5)
    with pytest.raises(Full) as full:
        counter.take(later)
    assert full.value.retry_after == 7
    assert not taken(counter, later + timedelta(seconds=full.value.retry_after - 1))
    assert taken(counter, later + timedelta(seconds=full.value.retry_after))


@pytest.mark.django_db
def test_level_sinks_and_is_given_back() -> None:
    counter = Counter(THREE, SCHOOL)
    assert [counter.take(NOON), counter.take(NOON)] == [1.0, 2.0]
    counter.give_back(NOON)
    assert counter.level(NOON) == 1.0
    assert counter.level(NOON + timedelta(seconds=5)) == 0.5
    counter.clear(NOON)
    assert counter.level(NOON) == 0.0


@pytest.mark.django_db
def test_subjects_and_limits_are_counted_apart() -> None:
    for limit, parts in ((THREE, SCHOOL), (THREE, (b"4xyz",)), (Limit("other", 3, 10), SCHOOL)):
        assert [taken(Counter(limit, parts), NOON) for _ in range(4)] == [True, True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize(("factor", "passed"), [(0.0, 20), (1.0, 3), (2.0, 6), (0.1, 1)])
def test_setting_widens_and_switches_off(factor: float, passed: int, settings: Settings) -> None:
    settings.NETWORK_LIMITS = factor
    assert sum(taken(Counter(THREE, SCHOOL), NOON) for _ in range(20)) == passed


@pytest.mark.django_db(transaction=True)
def test_requests_side_by_side_never_pass_more_than_allowed() -> None:
    Counter(THREE, (b"warm",)).take(NOON)
    passed: list[bool] = []
    start = threading.Barrier(8)

    def knock() -> None:
        start.wait()
        passed.append(taken(Counter(THREE, SCHOOL), NOON))
        connection.close()

    threads = [threading.Thread(target=knock) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [False] * 5 + [True] * 3


@pytest.mark.django_db
def test_parts_do_not_run_into_each_other() -> None:
    assert len({subject_of(NOON, *parts) for parts in (("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""))}) == 4


# --- the day and its end --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_all_processes_share_the_key_of_a_day() -> None:
    first = subject_of(NOON, b"network")
    forget_key()
    assert subject_of(NOON + timedelta(hours=11), b"network") == first
    assert DayKey.objects.count() == 1


@pytest.mark.django_db
def test_next_day_has_another_key_and_nothing_of_the_day_before() -> None:
    first = subject_of(NOON, b"network")
    key = bytes(DayKey.objects.get().key)
    Counter(THREE, SCHOOL).take(NOON)
    UsedProof.objects.create(digest=b"used")
    tomorrow = NOON + timedelta(hours=12, minutes=1)
    assert subject_of(tomorrow, b"network") != first
    assert Level.objects.count() == 0
    assert UsedProof.objects.count() == 0
    assert [bytes(one.key) for one in DayKey.objects.all()] != [key]
    assert DayKey.objects.count() == 1


@pytest.mark.django_db
def test_day_ends_at_midnight_of_the_city() -> None:
    last = datetime(2026, 5, 1, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    today = subject_of(NOON, b"x")
    assert subject_of(last, b"x") == today
    assert subject_of(last + timedelta(minutes=1), b"x") != today


@pytest.mark.django_db
def test_server_whose_clock_is_behind_does_not_begin_yesterday_again() -> None:
    midnight = datetime(2026, 5, 2, 0, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    begun = subject_of(midnight, b"x")
    forget_key()
    assert subject_of(midnight - timedelta(seconds=1), b"x") == begun


@pytest.mark.django_db
def test_a_crash_that_empties_the_tables_only_begins_anew() -> None:
    Counter(THREE, SCHOOL).take(NOON)
    DayKey.objects.all().delete()
    Level.objects.all().delete()
    forget_key()
    assert Counter(THREE, SCHOOL).take(NOON) == 1.0


@pytest.mark.django_db
def test_command_of_the_night_throws_yesterday_away() -> None:
    yesterday = timezone.now() - timedelta(days=1)
    Counter(THREE, SCHOOL).take(yesterday)
    call_command("forget_networks")
    assert Level.objects.count() == 0
    assert [one.day for one in DayKey.objects.all()] == [timezone.localdate()]


@pytest.mark.django_db
def test_tables_of_the_day_are_in_no_log_and_on_no_replica() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'")
        unlogged = {name for (name,) in cursor.fetchall()}
    assert unlogged >= {"doors_daykey", "doors_level", "doors_usedproof"}


@pytest.mark.django_db
def test_nothing_stored_holds_the_prefix_that_was_counted() -> None:
    from doors.models import LogInDoor, LogInRecord, Outcome

    prefix = bytes([0x34, 203, 0, 113])
    Counter(THREE, (prefix,)).take(NOON)
    record(LogInDoor.TOKEN, Outcome.FAILED, Network(prefix), None, NOON)
    for stored in (*Level.objects.values_list("subject"), *LogInRecord.objects.values_list("network")):
        assert prefix[1:] not in bytes(stored[0])
    forget_past_days(NOON + timedelta(days=1))
    assert Level.objects.count() == 0
