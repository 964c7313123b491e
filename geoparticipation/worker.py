"""The process that does background work: procrastinate's worker, once for each lane of queues.

A lane of its own keeps letters from waiting for a large export. Tasks register in the `tasks` modules of the apps.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.periodic import PeriodicDeferrer, PeriodicRegistry

from geoparticipation.watching.failures import CountingJobManager

LANES: Final = (["exports", "documents"], ["mail"], ["news"], ["default", "builtin"])
"""Each does one job at a time, unless `CONCURRENCY` says otherwise; every queue belongs to one."""
CONCURRENCY: Final = {"news": 2}
"""Jobs at once of a lane, by its first queue: two senders keep a mail server busy."""
HEARTBEAT: Final = 10.0
DEAD_AFTER: Final = 60.0
"""Seconds without a heartbeat after which a worker is taken for dead and its jobs are given to others."""
_POLL: Final = 1.0
"""Instead of LISTEN, which a restart of the database or a pooler ends."""
_PAUSE: Final = 1.0
_NICE: Final = 10
_POOL: Final[dict[str, Any]] = {"min_size": 1, "max_size": 4, "timeout": 10, "reconnect_timeout": 1}
"""A restarted database is found again within seconds; by default, pauses double up to minutes."""

logger = logging.getLogger(__name__)


def run_worker(*, once: bool = False) -> None:
    """Work until a signal comes; `once`: do what is due and waiting, then end.

    A stopped worker finishes what is short and requeues what can be interrupted.
    """
    if not once:
        give_way()
    with suppress(asyncio.CancelledError):  # by a signal
        asyncio.run(_run(once=once))


def give_way() -> None:
    """Let pages go first where the processors are busy: nobody waits for a letter as for a page."""
    os.nice(_NICE)


async def _run(*, once: bool) -> None:
    _cancel_on_signals()
    with queue.replace_connector(PsycopgConnector(kwargs=connector_params(), **_POOL)) as app:
        app.job_manager = CountingJobManager(app.connector)
        while True:
            try:
                async with app.open_async():
                    if once:
                        await _defer_what_is_due(app)
                        with _without_clock(app):
                            await _serve_all(app, once=True)
                    else:
                        await _serve_all(app, once=False)
            except ConnectorException as error:
                if once or _is_stopping():
                    raise
                await _pause(error)
            else:
                return


async def _serve_all(app: App, *, once: bool) -> None:
    """Run all lanes; a stopped worker waits for each of them, or the pool would be closed under the last."""
    lanes = (_serve(app, lane, once=once) for lane in LANES)
    for outcome in await asyncio.gather(*lanes, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome


async def _serve(app: App, lane: list[str], *, once: bool) -> None:
    """Run one lane; begin anew where it ended because the database went away."""
    while True:
        try:
            await app.run_worker_async(
                queues=lane,
                name="+".join(lane),
                concurrency=CONCURRENCY.get(lane[0], 1),
                wait=not once,
                fetch_job_polling_interval=_POLL,
                abort_job_polling_interval=DEAD_AFTER,  # nobody aborts jobs; stopping does not need it
                # Asked at once to stop; those that do not look at it are waited for.
                shutdown_graceful_timeout=0,
                listen_notify=False,
                delete_jobs="always",
                install_signal_handlers=False,  # one lane's would replace another's
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
            )
        except ConnectorException as error:
            if once or _is_stopping():
                raise
            await _pause(error)
        else:
            if once:
                return
            await asyncio.sleep(_PAUSE)  # the heartbeat failed, say; procrastinate has logged why


async def _defer_what_is_due(app: App) -> None:
    """Enqueue the periodic tasks of the period; others may have done so, the database keeps them once."""
    deferrer = PeriodicDeferrer(app.periodic_registry, **app.periodic_defaults)
    await deferrer.defer_jobs(list(deferrer.get_previous_tasks(at=time.time())))


@contextmanager
def _without_clock(app: App) -> Iterator[None]:
    """Keep the lanes from enqueuing what falls due meanwhile: the lane that would do it may have ended."""
    registry = app.periodic_registry
    app.periodic_registry = PeriodicRegistry()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        app.periodic_registry = registry


async def _pause(error: ConnectorException) -> None:
    logger.error("No job can be fetched: %s", error.__cause__ or error)
    await asyncio.sleep(_PAUSE)


def _is_stopping() -> bool:
    """Whether this lane was cancelled; an error of the database while it ends hides that."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _cancel_on_signals() -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    main = asyncio.current_task()
    if main is not None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, main.cancel)
