"""PostgreSQL goes and comes back: the site with it, `/readyz` knows of it."""

import http.client
import json
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from benchmarks.running.cluster import Cluster
from benchmarks.running.server import HOST, Server

MANY = 24


def status(server: Server) -> int:
    """The status of an answer; the pool gives up long before this client does."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def statuses(server: Server) -> set[int]:
    """The statuses of many pages at the same time, for which the pools of all processes need many connections."""
    with ThreadPoolExecutor(MANY) as people:
        return set(people.map(lambda _: status(server), range(MANY)))


def ready(server: Server) -> tuple[int, dict[str, str]]:
    """What `/readyz` answers."""
    connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


@contextmanager
def stopped(cluster: Cluster) -> Iterator[None]:
    """While PostgreSQL is down."""
    cluster.stop("fast")
    try:
        yield
    finally:
        cluster.start()


def test_site_answers_at_once_after_a_restart(cluster: Cluster, server: Server) -> None:
    assert statuses(server) == {200}
    with stopped(cluster):
        pass
    assert statuses(server) == {200}


def test_site_answers_at_once_after_it_was_asked_while_the_database_was_down(
    cluster: Cluster, server: Server
) -> None:
    assert statuses(server) == {200}
    with stopped(cluster):
        assert min(statuses(server)) >= 500
    assert statuses(server) == {200}


@pytest.mark.parametrize("mode", ["immediate", "killed"])
def test_site_answers_after_a_crash_of_the_database(cluster: Cluster, server: Server, mode: str) -> None:
    assert statuses(server) == {200}
    if mode == "killed":
        cluster.signal(signal.SIGKILL)
    else:
        cluster.stop("immediate")
    cluster.start()
    assert statuses(server) == {200}


def test_readyz_says_that_the_database_is_gone_and_that_it_is_back(cluster: Cluster, server: Server) -> None:
    assert ready(server)[0] == 200
    with stopped(cluster):
        code, said = ready(server)
        assert (code, said["status"], said["database"]) == (503, "unavailable", "unreachable")
    assert ready(server)[0] == 200


def test_readyz_does_not_wait_for_a_database_that_hangs(cluster: Cluster, server: Server) -> None:
    cluster.signal(signal.SIGSTOP)
    try:
        code, said = ready(server)
    finally:
        cluster.signal(signal.SIGCONT)
    assert (code, said["database"]) == (503, "no answer")


def test_readyz_keeps_no_connection_of_the_pools(server: Server) -> None:
    assert {ready(server)[0] for _ in range(3 * MANY)} == {200}
    assert statuses(server) == {200}
