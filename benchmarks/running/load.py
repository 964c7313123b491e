"""Clients that keep a server busy for a while: requests per second, slow readers."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol

CONNECTIONS: Final = 4
SECONDS: Final = 4.0
_SIP: Final = 64 * 1024


class Serving(Protocol):
    """What answers on a port of this machine."""

    def connect(self) -> http.client.HTTPConnection: ...


def requests_per_second(
    served: Serving,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    expected: int = 200,
    seconds: float = SECONDS,
    connections: int = CONNECTIONS,
) -> float:
    """Keep the connections busy for a while; each asks again as soon as it has read the whole answer."""
    done = [0] * connections

    def turn(connection: http.client.HTTPConnection, number: int) -> None:
        ask(connection, path, {"Accept-Encoding": "identity", **(headers or {})}, expected)
        done[number] += 1

    took = keep_busy(served, connections, seconds, turn)
    return sum(done) / took


def keep_busy(
    served: Serving, clients: int, seconds: float, turn: Callable[[http.client.HTTPConnection, int], None]
) -> float:
    """Let clients take turns, each over a connection of its own that stays open; return the seconds that it took.

    `turn` gets the connection and the number of the client. Raises the first failure of any of them.
    """
    failures: list[Exception] = []
    start = time.perf_counter()

    def work(number: int) -> None:
        connection = served.connect()
        try:
            while not failures and time.perf_counter() < start + seconds:
                turn(connection, number)
        except (OSError, http.client.HTTPException, RuntimeError) as problem:
            failures.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return time.perf_counter() - start


def ask(
    connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str], expected: int = 200
) -> None:
    """Ask once and read the whole answer; RuntimeError for another status than the expected one."""
    connection.request("GET", path, headers=dict(headers))
    response = connection.getresponse()
    response.read()
    if response.status != expected:
        raise RuntimeError(f"{path} answers {response.status}")


@contextmanager
def slow_readers(served: Serving, path: str, number: int, bytes_per_second: int) -> Iterator[list[int]]:
    """While this lasts, so many clients read a large answer slowly; what they have read so far, one by one."""
    read = [0] * number
    is_over = threading.Event()
    connections = [served.connect() for _ in range(number)]

    def sip(place: int) -> None:
        connection = connections[place]
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        response = connection.getresponse()
        start = time.perf_counter()
        while not is_over.is_set() and (piece := response.read(_SIP)):
            read[place] += len(piece)
            ahead = read[place] / bytes_per_second - (time.perf_counter() - start)
            if ahead > 0:
                is_over.wait(ahead)

    threads = [threading.Thread(target=sip, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield read
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
        for connection in connections:
            connection.close()
