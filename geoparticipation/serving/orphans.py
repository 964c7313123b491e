"""Ends worker processes together with the server that started them."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import threading
import time
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PAUSE: Final = 1.0


def end_with_parent() -> None:
    """End this process when its parent dies, for any reason.

    A killed granian leaves workers behind that occupy the port and keep serving the old code. Only for processes forked
    by a server: a program started in a shell may outlive the shell.
    """
    parent = multiprocessing.parent_process()
    if parent is None or parent.pid is None:
        return
    try:
        # prctl(2), Linux: the kernel sends the signal.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except AttributeError:
        threading.Thread(target=_watch, args=(parent.pid,), daemon=True).start()
    if os.getppid() != parent.pid:  # it died meanwhile
        os.kill(os.getpid(), signal.SIGKILL)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PAUSE)
    os.kill(os.getpid(), signal.SIGKILL)
