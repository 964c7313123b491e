"""Contributions sent to the service, against bare INSERTs of the same row by pgbench, by as many clients."""

from __future__ import annotations

import http.client
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.running import data, load
from benchmarks.running.server import Server

if TYPE_CHECKING:
    from mapping.models import Campaign

CLIENTS: Final = (1, 16)
_TABLE: Final = "bench_bare_contribution"
_TEXT: Final = "Hier ist es abends dunkel."
# Keys, limits and indexes as ours has them, no triggers and no references.
_MAKE: Final = f"CREATE TABLE {_TABLE} (LIKE mapping_contribution INCLUDING ALL)"
_DROP: Final = f"DROP TABLE IF EXISTS {_TABLE}"
_INSERT: Final = """
INSERT INTO {table} (id, campaign_id, category_id, participant_id, geom, title, text, answers, staff_answers, status,
    source, fingerprint, created_at, updated_at, support_count, opposition_count, comment_count)
VALUES (gen_random_uuid(), {campaign}, {category}, 1,
    ST_SetSRID(ST_MakePoint({lon} + random() * 0.04, {lat} + random() * 0.03), 4326), '', '{text}', '{{}}', '{{}}',
    'pending', 'online', sha256(now()::text::bytea), now(), now(), 0, 0, 0);
"""
_WARM: Final = 1.0
"""Seconds."""
_MICROSECONDS: Final = 2
"""The column of pgbench's log with the duration of a transaction."""


@dataclass
class Took:
    """Seconds of each of many writes, and how many there were a second."""

    seconds: list[float] = field(default_factory=list)
    spans: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.seconds) / sum(self.spans)

    def percentile(self, share: float) -> float:
        return float(np.percentile(self.seconds, share))


def measure(
    server: Server, campaign: Campaign, clients: int, *, seconds: float, rounds: int
) -> tuple[Took, Took]:
    """Return pgbench's writes and ours, in turns; nothing of them stays."""
    from django.db import connection
    from django.utils import timezone

    from mapping.models import Contribution, Participant

    bare, ours = Took(), Took()
    began = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_MAKE)
    try:
        _post(server, campaign, clients, _WARM, Took())  # the service opens its connections
        for _ in range(rounds):
            _insert(campaign, clients, seconds, bare)
            _post(server, campaign, clients, seconds, ours)
    finally:
        stored = Contribution.objects.filter(campaign=campaign, created_at__gte=began)
        people = list(stored.values_list("participant", flat=True))
        stored.delete()
        Participant.objects.filter(pk__in=people).delete()
        with connection.cursor() as cursor:
            cursor.execute(_DROP)
    return bare, ours


def settings_of_database() -> str:
    """Whether a commit waits for the disk."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, synchronous = cursor.fetchone()
    return f"fsync={fsync}, synchronous_commit={synchronous}"


def _insert(campaign: Campaign, clients: int, seconds: float, took: Took) -> None:
    program = shutil.which("pgbench")
    if program is None:
        raise SystemExit("pgbench is missing: it is part of PostgreSQL's client programs.")
    category = campaign.categories.get(slug="kind-0")
    script = _INSERT.format(
        table=_TABLE,
        campaign=campaign.pk,
        category=category.pk,
        lon=data.CENTRE[0] - 0.02,
        lat=data.CENTRE[1] - 0.015,
        text=_TEXT,
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "insert.sql"
        file.write_text(" ".join(script.split()))
        load = f"-n -c {clients} -j {min(2, clients)} -T {max(1, round(seconds))} -l".split()
        logs = ["--log-prefix", str(Path(folder) / "log")]
        command = [program, *load, *logs, "-f", str(file), _connection()]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took.spans.append(time.perf_counter() - began)
        for log in Path(folder).glob("log*"):
            lines = log.read_text().splitlines()
            took.seconds += [int(line.split()[_MICROSECONDS]) / 1e6 for line in lines]


def _connection() -> str:
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    given: dict[str, Any] = connection.settings_dict
    return make_conninfo(
        dbname=given["NAME"],
        host=given["HOST"] or None,
        port=given["PORT"] or None,
        user=given["USER"] or None,
        password=given["PASSWORD"] or None,
    )


def _post(server: Server, campaign: Campaign, clients: int, seconds: float, took: Took) -> None:
    """Each client is another person every time, as poster readers are."""
    path = f"/api/v1/campaigns/{campaign.slug}/contributions/"
    places = np.array(data.CENTRE) + np.random.default_rng(7).normal(0, 0.01, (1_000, 2))
    rounded: Sequence[Sequence[float]] = places.round(6).tolist()
    orders = [itertools.cycle(rounded[number::clients]) for number in range(clients)]

    def turn(connection: http.client.HTTPConnection, number: int) -> None:
        start = time.perf_counter()
        _send(connection, path, next(orders[number]))
        took.seconds.append(time.perf_counter() - start)

    took.spans.append(load.keep_busy(server, clients, seconds, turn))


def _send(connection: http.client.HTTPConnection, path: str, place: Sequence[float]) -> None:
    feature = {
        "type": "Feature",
        "id": str(uuid.uuid4()),
        "geometry": {"type": "Point", "coordinates": place},
        "properties": {"category": "kind-0", "text": _TEXT},
    }
    connection.request("POST", path, json.dumps(feature), {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    if response.status != http.client.CREATED:
        raise RuntimeError(f"{path} answers {response.status}")
