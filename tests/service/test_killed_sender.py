"""A sender that is killed between handing over a letter and the commit behind it: one repetition, recognisable."""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.running.cluster import Cluster
from tests.engagement.subscriptions.post import free_port, open_office
from tests.service.conftest import DATABASE, ROOT, run_python

LETTERS = 5
TAKEN = 3
"""Letters that the server has when the sender is killed."""
FILL = f"""
from engagement.models import Letter, Subscriber
for number in range({LETTERS}):
    reader = Subscriber.objects.create(mail=f"reader-{{number}}@example.org")
    waiting = reader.subscriptions.create(kind="calendar")
    Letter.objects.create(kind="confirmation", subscriber=reader, subscription=waiting)
"""


def states(cluster: Cluster) -> dict[str, int]:
    with cluster.connect(DATABASE) as connection:
        rows = connection.execute("SELECT state, count(*) FROM engagement_letter GROUP BY state").fetchall()
    return {str(state): int(number) for state, number in rows}


def test_killed_sender_loses_nothing_and_repeats_one_letter(cluster: Cluster, tmp_path: Path) -> None:
    run_python("manage.py", "shell", "-v0", "-c", FILL, database=cluster.url(DATABASE))
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": cluster.url(DATABASE),
        "VAR_DIR": str(tmp_path),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(port),
        "EMAIL_SECURITY": "none",
    }
    command = [sys.executable, "manage.py", "send_digests"]
    with open_office(port) as office:
        office.pause = 0.5
        sender = subprocess.Popen(command, cwd=ROOT, env=environment)
        until = time.monotonic() + 120
        while len(office.mails) < TAKEN and time.monotonic() < until:
            time.sleep(0.02)
        sender.kill()
        sender.wait(60)
        assert states(cluster) == {"sent": TAKEN - 1, "sending": 1, "waiting": LETTERS - TAKEN}
        office.pause = 0.0
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        assert states(cluster) == {"sent": LETTERS - 1, "sending": 1}
        with cluster.connect(DATABASE) as connection:  # as if some minutes had passed
            connection.execute("UPDATE engagement_letter SET taken_at = taken_at - interval '6 minutes'")
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        assert states(cluster) == {"sent": LETTERS}
        names = [str(mail["Message-ID"]) for mail in office.mails]
        assert len(set(names)) == len(set(office.recipients)) == LETTERS
        assert len(names) == LETTERS + 1
        assert names.count(names[TAKEN - 1]) == 2
