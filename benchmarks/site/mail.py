"""10,000 letters about a new date, handed to a mail server on this machine: `bin/bench mail [--letters N]`.

As the worker does it: what happened is found, notices and letters are written, and two senders hand over 200 at a time.
The server is a process of its own that takes everything.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from benchmarks.running import place

SENDERS: Final = 2
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


def measure(number: int) -> dict[str, float]:
    """Seconds of each part."""
    from django.conf import settings

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
    with sink() as port:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.SENDS_MAIL = "127.0.0.1", port, True
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        began, busy = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(SENDERS) as executor:
            list(executor.map(_send_all, range(SENDERS)))
        seconds["letters handed over"] = time.perf_counter() - began
        seconds["… processor time of the senders"] = time.process_time() - busy
    sent = Letter.objects.filter(state=LetterState.SENT).count()
    if sent != number:
        raise SystemExit(f"Only {sent} of {number} letters were sent.")
    return seconds


def main() -> None:
    """Measure, and say whether the goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--letters", type=int, default=10_000)
    number: int = parser.parse_args().letters
    place.enter()
    seconds = measure(number)
    for what, one in seconds.items():
        print(f"{what}: {one:.1f} s")
    handed = seconds["letters handed over"]
    goal = GOAL * number / 10_000
    print(
        f"{number / handed:.0f} letters a second; goal {goal:.0f} s: {'kept' if handed <= goal else 'missed'}"
    )


if __name__ == "__main__":
    main()
