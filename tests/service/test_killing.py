"""The kill test in short; `bin/bench kill` runs it for longer."""

from benchmarks.running.cluster import Cluster
from benchmarks.running.server import Server
from benchmarks.site.kill import kill
from tests.service.conftest import DATABASE


def test_what_was_acknowledged_survives_kills(cluster: Cluster, server: Server) -> None:
    outcome = kill(cluster, server, DATABASE, rounds=5, writers=3)
    assert (outcome.lost, outcome.altered, outcome.lost_photos) == ([], [], [])
    assert (outcome.doubled_photos, outcome.half) == ([], 0)
    ways = {sent.way for sent in outcome.sent if sent.is_acknowledged and sent.has_acknowledged_photo}
    assert ways == {"api", "form"}
    assert len(outcome.kills) == 5
