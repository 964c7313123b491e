"""In-memory cache of finished responses, valid as long as the public data is unchanged.

The key includes the revision that a response was made from (`publication.public_revision`). Nothing is invalidated:
a new revision means a new key, and entries that are no longer requested are evicted in time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpResponse
from prometheus_client import Counter

_LARGEST_SHARE: Final = 8
"""A single response may occupy at most one n-th of the cache."""
_PLACE: Final = 1024
"""Overhead per response in bytes: dictionary entries and wrapping objects. An empty tile has a short body, and there
are billions of them."""


_ANSWERS: Final = Counter(
    "geoparticipation_kept_answers", "Answers that may be kept, by whether they were.", ["result"]
)
_HITS: Final = _ANSWERS.labels("hit")
_MISSES: Final = _ANSWERS.labels("miss")


@dataclass(frozen=True, slots=True)
class _Kept:
    status: int
    body: bytes
    headers: dict[str, str]
    size: int


def _size(*words: object) -> int:
    return _PLACE + sum(len(word) for word in words if isinstance(word, str | bytes))


class ResponseCache:
    """Least-recently-used cache of responses, up to `room` bytes including overhead; thread-safe."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._answers: LRUCache[tuple[object, ...], _Kept] = LRUCache(room, getsizeof=lambda kept: kept.size)
        self._lock = Lock()

    def answer(self, key: tuple[object, ...], make: Callable[[], HttpResponse]) -> HttpResponse:
        """Return the cached response, or make and cache a new one."""
        with self._lock:
            kept = self._answers.get(key)
        (_MISSES if kept is None else _HITS).inc()
        if kept is not None:
            return HttpResponse(kept.body, status=kept.status, headers=kept.headers)
        made = make()
        headers = dict(made.headers)
        size = _size(made.content, *key, *headers, *headers.values())
        new = _Kept(made.status_code, made.content, headers, size)
        if size * _LARGEST_SHARE <= self._room:
            with self._lock:
                self._answers[key] = new
        return made

    def forget(self) -> None:
        """Empty the cache."""
        with self._lock:
            self._answers.clear()


kept_answers: Final = ResponseCache(settings.KEPT_ANSWERS_MEGABYTES * 1024 * 1024)
"""The response cache of this process."""
