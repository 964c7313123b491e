"""Streaming responses, limited in number at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator

from django.conf import settings

from mapping.http.problems import DownloadsBusy

# A slow client occupies a thread of the server: some threads always stay free for other requests.
_slots = threading.BoundedSemaphore(settings.DOWNLOADS_AT_ONCE)
# Some of these slots are reserved for staff, who would otherwise wait for slow clients of the public.
_public_slots = threading.BoundedSemaphore(max(1, settings.DOWNLOADS_AT_ONCE - settings.DOWNLOADS_FOR_STAFF))


class LimitedStream(Iterator[bytes]):
    """A stream that occupies one download slot until it ends, is closed, or is garbage collected.

    Raises DownloadsBusy where all slots are in use.
    """

    def __init__(self, begin: Callable[[], Generator[bytes, None, None]], *, for_staff: bool = False) -> None:
        self._held: list[threading.BoundedSemaphore] = []
        for slots in (_slots,) if for_staff else (_public_slots, _slots):
            if not slots.acquire(blocking=False):
                self._leave()
                raise DownloadsBusy
            self._held.append(slots)
        self._pieces = begin()

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self._leave()
            raise

    def close(self) -> None:
        """End the stream early; the server calls this for every response."""
        try:
            if hasattr(self, "_pieces"):
                self._pieces.close()
        finally:
            self._leave()

    def _leave(self) -> None:
        held, self._held = self._held, []
        for slots in held:
            slots.release()

    __del__ = close
