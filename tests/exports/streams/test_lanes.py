"""Connections in trouble while a large query is read over two of them: nothing hangs, nothing is left behind."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import islice

import psycopg
import pytest
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from mapping.exports.streams import copying
from mapping.exports.streams.copying import copied_rows
from mapping.exports.streams.lanes import RowStream
from tests.exports.many import MANY, copied_ids, fill, ids, newest_first
from tests.personas import make_campaign

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small_parts")]

LONG = 100_000
POOL = settings.DATABASES["default"]["OPTIONS"]["pool"]


def long_rows() -> RowStream:
    """Rows of 100 kB, far more than sockets hold: both connections are in the middle of theirs at the first piece."""
    text = RawSQL(f"repeat('x', {LONG})", (), output_field=TextField())  # noqa: S611 - the test's own text
    return copied_rows(newest_first().values_list(text), joined_by=b"\n", divided_by="created_at")


def terminate(pid: int) -> None:
    """Without waiting for its end: that may have to wait until somebody reads what it said last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
        assert cursor.fetchone() == (True,)


def wait_for_end_of(pids: set[int]) -> None:
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [[*pids]])
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise TimeoutError


@contextmanager
def all_taken_but(left: int) -> Iterator[None]:
    """The pool has no more connections than that."""
    connection.close()
    with ExitStack() as stack:
        while _left() > left:
            taken = connections.create_connection(DEFAULT_DB_ALIAS)
            stack.enter_context(closing(taken))
            taken.ensure_connection()
        yield


def _left() -> int:
    known = connection.pool.get_stats()  # type: ignore[attr-defined] # PostgreSQL's
    return int(known["pool_max"] - known["pool_size"] + known["pool_available"])


@pytest.mark.parametrize("which", [0, 1])
def test_killed_connection_is_an_error_and_gone(used: list[int], which: int) -> None:
    fill(make_campaign())
    for _ in range(POOL["max_size"] // 2 + 1):
        used.clear()
        with closing(long_rows()) as stream:
            next(stream)
            terminate(used[which])
            with pytest.raises(psycopg.OperationalError):
                list(stream)
    assert list(copied_ids()) == ids()


@pytest.mark.parametrize("which", [0, 1])
def test_stream_can_be_closed_after_its_connection_was_killed(used: list[int], which: int) -> None:
    fill(make_campaign())
    with closing(long_rows()) as stream:
        next(stream)
        terminate(used[which])
    assert list(copied_ids()) == ids()


def test_connection_killed_after_its_last_row_spoils_nothing(used: list[int]) -> None:
    fill(make_campaign())
    rows = newest_first().values_list(Cast("id", TextField()))
    with closing(copied_rows(rows, divided_by="created_at")) as stream:
        next(stream)
        pids = set(used)
        assert len(pids) == 2
        for pid in pids:
            terminate(pid)
        wait_for_end_of(pids)
    assert list(copied_ids()) == ids()


@pytest.mark.parametrize(("left", "connections_used"), [(1, 1), (2, 1), (3, 2)])
def test_last_connections_of_the_pool_are_for_others(
    used: list[int], left: int, connections_used: int
) -> None:
    """Waiting for a second one would fail a download that has begun, ten seconds later."""
    fill(make_campaign())
    expected = ids()
    with all_taken_but(left):
        begun = time.monotonic()
        assert list(copied_ids()) == expected
        assert time.monotonic() - begun < POOL["timeout"] / 2
    assert len(set(used)) == connections_used


def test_download_goes_on_where_the_database_takes_no_second_connection(
    used: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(make_campaign())
    connection_of = copying._connection
    made: list[BaseDatabaseWrapper] = []

    @contextmanager
    def only_one(alias: str) -> Iterator[BaseDatabaseWrapper]:
        if made:
            raise OperationalError("too many clients already")
        with connection_of(alias) as one:
            made.append(one)
            yield one

    monkeypatch.setattr(copying, "_connection", only_one)
    assert list(copied_ids()) == ids()
    assert len(set(used)) == 1
    monkeypatch.undo()
    for _ in range(settings.DOWNLOADS_DIVIDED_AT_ONCE + 1):
        assert list(copied_ids()) == ids()


def test_client_that_stalls_costs_no_work_and_gets_every_row_of_100_kilobytes() -> None:
    fill(make_campaign())
    with closing(long_rows()) as stream:
        received = sum(map(len, islice(stream, 3)))
        begun = time.process_time()
        time.sleep(1)
        worked = time.process_time() - begun
        received += sum(map(len, stream))
    assert worked < 0.2
    assert received == (MANY + 1) * (LONG + 1) - 1


def test_slow_database_is_waited_for_without_work() -> None:
    fill(make_campaign())
    slow = RawSQL(
        "CASE WHEN id = %s THEN pg_sleep(1)::text ELSE 'x' END", (ids()[0],), output_field=TextField()
    )
    begun, worked = time.monotonic(), time.thread_time()
    text = b"".join(copied_rows(newest_first().values_list(slow), joined_by=b"", divided_by="created_at"))
    assert text == b"x" * MANY
    assert time.monotonic() - begun > 1
    assert time.thread_time() - worked < 0.5
