"""Where the processes of one server share their metrics, and what each of them says of itself.

Several processes answer on one port: without shared files each would give its own numbers, and counters would jump.
The files lie in memory (/dev/shm), because a write into a mapped file on a full disk ends the process.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

SHARED_BY: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of the environment that prometheus_client reads when it is imported."""
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the folder is ours alone, see below
_EVERY: Final = 5.0
"""Seconds between two looks at the process."""


def share_metrics() -> None:
    """Choose the folder of this server's processes, and delete those of servers that have ended.

    Call this before prometheus_client is imported. The folder is named by the parent process, so that it is new for
    each start of the server and stays when one of its processes is replaced. Processes without such a parent share
    nothing.
    """
    if not os.environ.get(SHARED_BY):
        # An empty value means the default; the library would take it for the current directory.
        os.environ.pop(SHARED_BY, None)
    parent = multiprocessing.parent_process()
    if parent is None or parent.pid is None:
        return
    base = Path(os.environ.get(SHARED_BY) or _base())
    own = base / _name(parent.pid)
    try:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        if base.stat().st_uid != os.getuid():
            raise PermissionError(f"{base} belongs to another user.")
        own.mkdir(mode=0o700, exist_ok=True)
        for other in base.glob(f"{socket.gethostname()}.*"):
            if other != own and not is_alive(other):
                shutil.rmtree(other, ignore_errors=True)
    except OSError as problem:
        os.environ.pop(SHARED_BY, None)
        logger.warning("Each process counts for itself, metrics will jump: %s", problem)
    else:
        os.environ[SHARED_BY] = str(own)


def is_alive(folder: Path) -> bool:
    """Whether the server still runs whose processes share a folder."""
    with suppress(ValueError):
        return folder.name == _name(int(folder.name.split(".")[-2]))
    return False


def forget_dead_processes(folder: str) -> None:
    """Delete gauges of processes that were killed and replaced; their counters stay."""
    for file in Path(folder).glob("gauge_live*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and not _runs(int(pid)):
            file.unlink(missing_ok=True)


def watch_this_process() -> None:
    """Begin to look at this process every few seconds, in a thread."""
    threading.Thread(target=_watch, daemon=True, name="watching").start()


def _watch() -> None:
    from geoparticipation.watching.counting import look_at_process

    while True:
        try:
            look_at_process()
        except Exception:
            logger.exception("The process could not be looked at.")
        time.sleep(_EVERY)


def _base() -> Path:
    from django.conf import settings

    if os.access(_MEMORY, os.W_OK):
        return _MEMORY / f"geoparticipation-{os.getuid()}"
    return Path(settings.VAR_DIR, "metrics")


def _name(pid: int) -> str:
    """A name for a process that no other process on this machine has had since it started, nor will have."""
    return f"{socket.gethostname()}.{pid}.{_started(pid)}"


def _started(pid: int) -> str:
    """When a process began, in ticks since the machine did; `gone` without such a process, empty without Linux."""
    try:
        # The second field is the name of the program in brackets and may hold blanks: proc(5).
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return "" if not Path("/proc").is_dir() and _runs(pid) else "gone"


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
