"""Few reads are answered at once, each in its turn; nothing waits for a body or for ever."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from geoparticipation.serving import turns
from geoparticipation.serving.turns import Turns, by_turns

LONG = 60.0


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.001)


class Desk:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end = threading.Semaphore(0)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        self.begun.append(environ["PATH_INFO"])
        assert self.may_end.acquire(timeout=LONG)
        if environ["PATH_INFO"] == "/broken/":
            raise RuntimeError
        return [b"done"]

    def has_begun(self, number: int) -> bool:
        return len(self.begun) == number


def ask(application: Any, path: str, method: str = "GET") -> Any:
    return application({"REQUEST_METHOD": method, "PATH_INFO": path}, None)


@contextmanager
def people() -> Iterator[Callable[..., Future[Any]]]:
    with ThreadPoolExecutor(16) as executor:
        yield executor.submit


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", LONG)


def test_reads_wait_for_their_turn_in_the_order_of_arrival() -> None:
    desk = Desk()
    application = by_turns(desk, 2)
    with people() as send:
        answers = []
        for number in range(5):
            answers.append(send(ask, application, f"/{number}/"))
            if number < 2:
                until(partial(desk.has_begun, number + 1))
            else:
                until(partial(is_waiting, application, number - 1))
        assert desk.begun == ["/0/", "/1/"]
        for ended in range(1, 6):
            desk.may_end.release()
            until(partial(desk.has_begun, min(2 + ended, 5)))
        assert [answer.result() for answer in answers] == [[b"done"]] * 5
    assert desk.begun == [f"/{number}/" for number in range(5)]


def is_waiting(application: Any, number: int) -> bool:
    [found] = [
        cell.cell_contents for cell in application.__closure__ if isinstance(cell.cell_contents, Turns)
    ]
    return len(found._waiting) == number


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/campaigns/park/"), ("PUT", "/api/v1/"), ("GET", "/readyz"), ("GET", "/static/site.js")],
)
def test_bodies_files_and_operators_do_not_wait(method: str, path: str) -> None:
    desk = Desk()
    application = by_turns(desk, 1)
    with people() as send:
        page = send(ask, application, "/")
        until(lambda: desk.begun == ["/"])
        other = send(ask, application, path, method)
        until(lambda: desk.begun == ["/", path])
        desk.may_end.release(2)
        assert page.result() == other.result() == [b"done"]


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    desk = Desk()
    application = by_turns(desk, 1)
    with people() as send:
        answers = [send(ask, application, f"/{number}/") for number in range(3)]
        until(lambda: len(desk.begun) == 3)
        desk.may_end.release(3)
        assert [answer.result() for answer in answers] == [[b"done"]] * 3
    monkeypatch.setattr(turns, "PATIENCE", LONG)
    desk.may_end.release()
    assert ask(application, "/again/") == [b"done"]  # those who did not wait left no place less


def test_place_is_handed_on_where_an_answer_fails() -> None:
    desk = Desk()
    application = by_turns(desk, 1)
    desk.may_end.release(2)
    with pytest.raises(RuntimeError):
        ask(application, "/broken/")
    assert ask(application, "/") == [b"done"]


def test_place_that_is_handed_over_at_the_last_moment_is_not_lost() -> None:
    places = Turns(1)
    for _ in range(200):
        assert places.enter(LONG)
        with ThreadPoolExecutor(1) as executor:
            other = executor.submit(places.enter, 0.001)
            time.sleep(0.001)
            places.leave()
            if other.result():
                places.leave()
    assert places.enter(0)


def test_any_number_is_answered_where_operators_say_so() -> None:
    desk = Desk()
    assert by_turns(desk, 0) is desk


def test_site_answers_by_turns() -> None:
    """In a process of its own, as a server starts it."""
    code = (
        "import gc, geoparticipation.wsgi; gc.unfreeze()\n"
        "from geoparticipation.serving.turns import Turns\n"
        "print([one._free for one in gc.get_objects() if isinstance(one, Turns)])"
    )
    command = [sys.executable, "-c", code]
    environment = os.environ | {"READS_AT_ONCE": "3"}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=LONG)
    assert told.stdout.splitlines()[-1] == "[3]"
