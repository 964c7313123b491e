"""Finished answers that are kept in memory, for as long as what they tell is true.

An answer is kept beside the state that it was made from (`publication.public_revision`). Nothing is ever taken out
because it changed: another state is asked for by another key, and what nobody asks for any more makes room in time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpResponse

_LARGEST_SHARE: Final = 8
"""A single answer may take so small a part of the room."""
_PLACE: Final = 1024
"""Bytes that an answer takes besides its own words: its places in dictionaries, the objects around it. An empty tile
has few words, and there are billions of them."""


@dataclass(frozen=True, slots=True)
class _Kept:
    status: int
    body: bytes
    headers: dict[str, str]
    size: int


def _size(*words: object) -> int:
    return _PLACE + sum(len(word) for word in words if isinstance(word, str | bytes))


class KeptAnswers:
    """The answers that were asked for last, up to `room` bytes with all that they take; safe for threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._answers: LRUCache[tuple[object, ...], _Kept] = LRUCache(room, getsizeof=lambda kept: kept.size)
        self._lock = Lock()

    def answer(self, key: tuple[object, ...], make: Callable[[], HttpResponse]) -> HttpResponse:
        """The kept answer, or a new one, which is kept from now on."""
        with self._lock:
            kept = self._answers.get(key)
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
        """Keep nothing any more."""
        with self._lock:
            self._answers.clear()


kept_answers: Final = KeptAnswers(settings.KEPT_ANSWERS_MEGABYTES * 1024 * 1024)
"""Those of this process."""
