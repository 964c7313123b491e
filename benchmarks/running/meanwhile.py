"""Looking at something again and again while a measurement runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def looking(look: Callable[[], None], every: float) -> Iterator[None]:
    """Call `look` in a thread of its own every so many seconds, while this lasts."""
    is_over = threading.Event()

    def go_on() -> None:
        while not is_over.wait(every):
            look()

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
