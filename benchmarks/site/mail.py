"""10,000 letters about a new date, handed to a mail server on this machine: `bin/bench mail [--letters N]`.

As the worker does it: what happened is found, notices and letters are written, and two senders hand over 200 at a time
in a process that gives way to pages. The mail server is a process of its own that takes everything. Meanwhile a visitor
reads pages: how long they take, beside how long they took before.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from benchmarks.running import load, place
from benchmarks.running.server import Server, running

SENDERS: Final = 2
PAGES: Final = ("/", "/calendar/", "/campaigns/", "/documents/")
SLOWER: Final = 1.2
"""How much longer pages may take meanwhile, of the issue."""
_BEFORE: Final = 20.0
_LOOK: Final = 0.05
GOAL: Final = 60.0
"""Seconds for 10,000 letters, of the issue."""


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection of a server that takes everything (RFC 5321)."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        if command == b"DATA":
            writer.write(b"354 go\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"221 bye\r\n" if command == b"QUIT" else b"250 ok\r\n")
        await writer.drain()
        if command == b"QUIT":
            break
    writer.close()


def _serve(port: int) -> None:
    os.nice(10)  # a city's mail server is another machine

    async def run() -> None:
        server = await asyncio.start_server(_talk, "127.0.0.1", port, limit=2**22)
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def sink() -> Iterator[int]:
    """The port of such a server."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(port,), daemon=True)
    process.start()
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.join()


def _fill(number: int) -> None:
    """So many subscribers to the calendar, and nothing else."""
    from django.utils import timezone

    from engagement.models import Event, Happening, Subscriber, Subscription

    Subscriber.objects.all().delete()
    Happening.objects.all().delete()
    Event.objects.all().delete()
    readers = Subscriber.objects.bulk_create(
        Subscriber(mail=f"reader-{one}@example.org") for one in range(number)
    )
    confirmed = timezone.now() - timedelta(hours=1)
    Subscription.objects.bulk_create(
        Subscription(subscriber=one, kind="calendar", confirmed_at=confirmed) for one in readers
    )


def _announce() -> None:
    from django.utils import timezone

    from engagement.models import Event

    event = Event.objects.create(
        slug="walk", title="A walk", is_draft=False, summary="We look at the new square."
    )
    start = timezone.now() + timedelta(days=7)
    event.dates.create(original_starts_at=start, starts_at=start, ends_at=start + timedelta(hours=2))


def _send_all(_sender: int) -> None:
    from django.db import connection

    from engagement.services.subscriptions import sending

    while sending.send_letters():
        pass
    connection.close()


def _hand_over(port: int) -> None:
    """What the worker's lane of letters does, in a process like its; prints the seconds of the processor."""
    from django.conf import settings

    from geoparticipation.worker import give_way

    give_way()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SENDS_MAIL = "127.0.0.1", port, True
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    busy = time.process_time()
    with ThreadPoolExecutor(SENDERS) as executor:
        list(executor.map(_send_all, range(SENDERS)))
    print(time.process_time() - busy)


def _visits(server: Server, is_over: Callable[[], bool]) -> dict[str, float]:
    """The median milliseconds of each page for a visitor who looks at each for a moment."""
    took: dict[str, list[float]] = {path: [] for path in PAGES}
    connection = server.connect()
    try:
        while not is_over():
            for path, times in took.items():
                start = time.perf_counter()
                load.ask(connection, path, {"Accept-Encoding": "identity"})
                times.append((time.perf_counter() - start) * 1000)
                time.sleep(_LOOK)
    finally:
        connection.close()
    return {path: statistics.median(times) for path, times in took.items()}


def measure(number: int) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Seconds of each part; milliseconds of pages before and while letters are handed over."""
    from engagement.models import Letter, LetterState
    from engagement.services.subscriptions import noting

    _fill(number)
    noting.note_happenings()  # campaigns that other benchmarks made
    Letter.objects.all().delete()
    noting.write_letters()
    Letter.objects.all().delete()
    _announce()
    seconds = {}
    began = time.perf_counter()
    noting.note_happenings()
    seconds["who hears of it"] = time.perf_counter() - began
    began = time.perf_counter()
    noting.write_letters()
    seconds["letters written"] = time.perf_counter() - began
    with sink() as port, running(environment={"NETWORK_LIMITS": "0"}) as server:
        until = time.perf_counter() + _BEFORE
        _visits(server, lambda: time.perf_counter() > until - _BEFORE / 2)  # what is read first is slower
        before = _visits(server, lambda: time.perf_counter() > until)
        began = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.site.mail", "--hand-over", str(port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as senders:
            during = _visits(server, lambda: senders.poll() is not None)
            seconds["letters handed over"] = time.perf_counter() - began
            told, _ = senders.communicate()
        seconds["… processor time of the senders"] = float(told.splitlines()[-1])
    sent = Letter.objects.filter(state=LetterState.SENT).count()
    if sent != number:
        raise SystemExit(f"Only {sent} of {number} letters were sent.")
    return seconds, {path: (before[path], during[path]) for path in PAGES}


def main() -> None:
    """Measure, and say whether the goals are reached."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--hand-over", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    place.enter()
    if options.hand_over:
        _hand_over(options.hand_over)
        return
    number: int = options.letters
    seconds, pages = measure(number)
    for what, one in seconds.items():
        print(f"{what}: {one:.1f} s")
    handed = seconds["letters handed over"]
    goal = GOAL * number / 10_000
    print(
        f"{number / handed:.0f} letters a second; goal {goal:.0f} s: {'kept' if handed <= goal else 'missed'}"
    )
    rows = [
        (path, f"{before:.1f} ms", f"{during:.1f} ms", f"{during / before:.2f} ×")
        for path, (before, during) in pages.items()
    ]
    place.say(place.table(("page", "before", "beside letters", f"(≤ {SLOWER} ×)"), rows))


if __name__ == "__main__":
    main()
