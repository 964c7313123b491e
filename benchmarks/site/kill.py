"""Kill test: what was acknowledged is stored, photos too: `bin/bench kill [--rounds N] [--minutes M] [--writers W]`.

People write through the API and the plain form, with photos, while processes are killed: web workers, their master, a
backend of PostgreSQL, the postmaster. A PostgreSQL and a server of its own on 127.0.0.1; nothing else is touched.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PIL import Image

from benchmarks.running import place
from benchmarks.running.cluster import Cluster, running_cluster
from benchmarks.running.server import Server, running
from benchmarks.site.writers import Answer, Browser, Sent, Writers

SLUG: Final = "kill-test"
DATABASE: Final = "killed"
WITHOUT_LIMITS: Final = {"SUBMISSIONS_PER_MINUTE": "1000000", "NETWORK_LIMITS": "0"}
_HALF: Final = """
    SELECT count(*) FROM mapping_contribution c JOIN mapping_campaign g ON g.id = c.campaign_id
    WHERE g.slug = %s AND NOT (
        EXISTS (SELECT FROM mapping_footprint f WHERE f.contribution_id = c.id)
        AND EXISTS (SELECT FROM mapping_moderationevent e WHERE e.contribution_id = c.id))
"""
_STORED: Final = """
    SELECT c.id::text, c.text, (SELECT count(*) FROM mapping_photo p WHERE p.contribution_id = c.id)
    FROM mapping_contribution c JOIN mapping_campaign g ON g.id = c.campaign_id WHERE g.slug = %s
"""


@dataclass
class Outcome:
    """What was sent, what was killed, and what of the acknowledged is missing (nothing may be)."""

    sent: list[Sent]
    kills: list[tuple[str, float]]
    """The victim, and the seconds until something was acknowledged again."""
    lost: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    lost_photos: list[str] = field(default_factory=list)
    doubled_photos: list[str] = field(default_factory=list)
    half: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether everything acknowledged is there, once and whole."""
        return not (self.lost or self.altered or self.lost_photos or self.doubled_photos or self.half)


def prepare() -> None:
    """Make the campaign in the database that `DATABASE_URL` names: contributions are public at once."""
    from datetime import timedelta

    from django.utils import timezone

    from mapping.models import Campaign, Category, Moderation

    now = timezone.now()
    campaign = Campaign.objects.create(
        slug=SLUG,
        title="Kill test",
        moderation=Moderation.POST,
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
    )
    Category.objects.create(campaign=campaign, slug="spot", title="Spot", geometry_types=["point"])


def kill(
    cluster: Cluster,
    server: Server,
    database: str,
    *,
    rounds: int,
    writers: int,
    minutes: float = 15.0,
    note: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Kill one process after the other while people write; then compare what they were told with what is there."""
    victims: dict[str, Callable[[], None]] = {
        "web worker": lambda: os.kill(random.choice(server.workers()), signal.SIGKILL),
        "backend": lambda: _kill_backend(cluster, database),
        "postmaster": lambda: _kill_postmaster(cluster),
        "web master": lambda: _kill_master(server),
        "backend, politely": lambda: _terminate_backends(cluster, database),
    }
    kills: list[tuple[str, float]] = []
    until = time.monotonic() + minutes * 60
    with Writers(server, SLUG, writers) as people:
        people.wait_for_acknowledgement(time.monotonic())
        for number in range(rounds):
            if time.monotonic() > until:
                break
            time.sleep(random.uniform(0.2, 1.5))
            victim = list(victims)[number % len(victims)]
            killed_at = time.monotonic()
            victims[victim]()
            if (
                not server.is_running
            ):  # granian gives up where workers die within seconds; service managers do this
                server.start()
            silence = people.wait_for_acknowledgement(killed_at)
            kills.append((victim, silence))
            note(f"{number + 1:4d}  {victim:<18}  {silence:5.1f} s  {len(people.sent):6d} sent")
    server.wait()
    return _compared(cluster, server, database, Outcome(people.sent, kills))


def _kill_backend(cluster: Cluster, database: str) -> None:
    """One process of PostgreSQL; the postmaster then ends all others and recovers."""
    pids = cluster.backends(database)
    if pids:
        os.kill(random.choice(pids), signal.SIGKILL)


def _kill_postmaster(cluster: Cluster) -> None:
    cluster.signal(signal.SIGKILL)
    cluster.start()


def _terminate_backends(cluster: Cluster, database: str) -> None:
    with cluster.connect() as connection:
        for pid in cluster.backends(database):
            connection.execute("SELECT pg_terminate_backend(%s)", [pid])


def _kill_master(server: Server) -> None:
    os.kill(server.master, signal.SIGKILL)
    server.wait_for_end()


def _compared(cluster: Cluster, server: Server, database: str, outcome: Outcome) -> Outcome:
    with cluster.connect(database) as connection:
        stored = {pk: (text, photos) for pk, text, photos in connection.execute(_STORED, [SLUG])}
        [(outcome.half,)] = connection.execute(_HALF, [SLUG])
    browser = Browser(server)
    for sent in outcome.sent:
        text, photos = stored.get(str(sent.id), (None, 0))
        if photos > 1:
            outcome.doubled_photos.append(str(sent.id))
        if not sent.is_acknowledged:
            continue
        if text is None:
            outcome.lost.append(str(sent.id))
        elif text != sent.text:
            outcome.altered.append(str(sent.id))
        if sent.has_acknowledged_photo and not _has_photo(browser, sent):
            outcome.lost_photos.append(str(sent.id))
    return outcome


def _has_photo(browser: Browser, sent: Sent) -> bool:
    """Whether everybody can fetch the photo, and it is a picture."""
    answer = browser.ask("GET", f"/api/v1/campaigns/{SLUG}/contributions/{sent.id}/")
    if answer.status != 200:
        return False
    addresses = json.loads(answer.body)["properties"]["photos"]
    return bool(addresses) and all(_is_picture(browser.ask("GET", _path(one))) for one in addresses)


def _path(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def _is_picture(answer: Answer) -> bool:
    if answer.status != 200:
        return False
    try:
        Image.open(io.BytesIO(answer.body)).load()
    except OSError:
        return False
    return True


def _report(outcome: Outcome) -> None:
    rows: list[list[object]] = []
    for victim in dict(outcome.kills):
        silences = [silence for name, silence in outcome.kills if name == victim]
        median = sorted(silences)[len(silences) // 2]
        rows.append([victim, len(silences), f"{median:.1f} s", f"{max(silences):.1f} s"])
    place.say(place.table(("killed", "times", "median silence", "longest"), rows))
    acknowledged = [sent for sent in outcome.sent if sent.is_acknowledged]
    photos = [sent for sent in acknowledged if sent.has_acknowledged_photo]
    by_form = sum(sent.way == "form" for sent in acknowledged)
    place.say(
        f"\n{len(outcome.sent)} contributions sent, {len(acknowledged)} acknowledged ({by_form} by form,"
        f" {sum(sent.attempts > 2 for sent in acknowledged)} after repetitions), {len(photos)} photos acknowledged."
    )
    place.say(
        f"Lost: {len(outcome.lost)} contributions, {len(outcome.lost_photos)} photos. Altered: {len(outcome.altered)}."
        f" Photos doubled: {len(outcome.doubled_photos)}. Half stored: {outcome.half}."
    )


def main() -> None:
    """Run and report; the exit status tells whether anything was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=15.0, help="no further round after so many")
    parser.add_argument("--writers", type=int, default=6)
    options = parser.parse_args()
    with running_cluster() as cluster, tempfile.TemporaryDirectory(prefix="gp-kill-") as var:
        cluster.create(DATABASE)
        environment: dict[str, Any] = {"DATABASE_URL": cluster.url(DATABASE), "VAR_DIR": var}
        for script in (("manage.py", "migrate", "-v", "0"), ("-c", _PREPARE)):
            root = Path(__file__).parents[2]
            subprocess.run([sys.executable, *script], cwd=root, env={**os.environ, **environment}, check=True)
        with running(environment={**environment, **WITHOUT_LIMITS}) as server:
            outcome = kill(
                cluster,
                server,
                DATABASE,
                rounds=options.rounds,
                writers=options.writers,
                minutes=options.minutes,
                note=place.say,
            )
    _report(outcome)
    sys.exit(not outcome.is_sound)


_PREPARE: Final = "import django; django.setup(); from benchmarks.site.kill import prepare; prepare()"

if __name__ == "__main__":
    main()
