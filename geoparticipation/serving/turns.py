"""Reads one after the other: few are answered at once in a process, so that each is done soon.

Sixteen pages that share one interpreter are all finished at the end, each after the time of all together. In line they
take no longer in sum, each is finished in its turn, and none waits much longer than the others (processor sharing
beside first come, first served: Kleinrock, Queueing Systems, volume 2, chapter 4). Two at once, so that one
is computed while the database works for the other.

Only reads wait, and only for a while: a body may come slowly, and what the database holds up must not hold up the rest.
A streamed body is sent after its request has left.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE: Final = 0.5
"""Seconds after which a request no longer waits for the others."""

_READS: Final = frozenset({"GET", "HEAD"})
_PASSING: Final = ("/static/", "/healthz", "/readyz", "/metrics")
"""Paths that are answered at once: files, and what tells operators that the rest is slow."""


class Turns:
    """Places in the order of arrival: who leaves hands the place to the first who waits, so that nobody slips in."""

    def __init__(self, places: int) -> None:
        self._lock = threading.Lock()
        self._free = places
        self._waiting: deque[threading.Lock] = deque()

    def enter(self, patience: float) -> bool:
        """Wait for a place; False where none was handed over in so many seconds."""
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=patience):
            return True
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # handed over at the last moment

    def leave(self) -> None:
        """Hand the place on."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1


def by_turns(application: WSGIApplication, places: int) -> WSGIApplication:
    """Wrap an application, so that at most so many reads are answered at once; 0 for any number."""
    if places == 0:
        return application
    turns = Turns(places)

    def wrapped(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_passing = environ["PATH_INFO"].startswith(_PASSING)
        if is_passing or environ["REQUEST_METHOD"] not in _READS or not turns.enter(PATIENCE):
            return application(environ, start_response)
        try:
            return application(environ, start_response)
        finally:
            turns.leave()

    return wrapped
