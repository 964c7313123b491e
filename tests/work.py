"""Work that must not explode: a limit of CPU time that an honest algorithm uses a thousandth of.

No measurement: what grows with the square of its input takes minutes or hours here and is broken off, on whatever
machine; what grows with the input is done at once.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooMuchWorkError(AssertionError):
    """The work was broken off."""


@contextmanager
def bounded_work(cpu_seconds: float = 10.0) -> Iterator[None]:
    """Break off what takes more CPU time of this process; regular expressions look for signals too."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooMuchWorkError(f"more than {cpu_seconds} seconds of CPU time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, cpu_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
