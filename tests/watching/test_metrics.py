"""/metrics: who reads it, what it holds, what it never holds."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from doors.models import LogInRecord
from geoparticipation.tasks import send_barrier_report
from geoparticipation.watching import processes
from geoparticipation.watching.counting import look_at_process
from geoparticipation.watching.models import FailedJob
from geoparticipation.watching.readings import collecting, database, registry, work
from geoparticipation.watching.readings.collecting import read_all, readings
from geoparticipation.watching.readings.registry import Reading
from geoparticipation.watching.views import metrics_text
from mapping.models import Campaign, ExportJob, ReleaseAttempt
from mapping.registry import Registry
from tests.walk import routes

TOKEN = "a-token-for-prometheus"
NAMES = re.compile(r"geoparticipation_[a-z_]+")


@pytest.fixture(autouse=True)
def read_anew() -> None:
    readings.forget()


@pytest.fixture
def numbers(settings: Settings) -> Callable[[], dict[tuple[str, str], float]]:
    """What Prometheus reads: values by name and labels."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[tuple[str, str], float]:
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain")
        families = text_string_to_metric_families(answer.content.decode())
        return {
            (one.name, " ".join(value for _, value in sorted(one.labels.items()))): one.value
            for family in families
            for one in family.samples
        }

    return read


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "sent"),
    [
        ("", ""),
        ("", "Bearer "),
        (TOKEN, ""),
        (TOKEN, "Bearer "),
        (TOKEN, "Bearer another-token"),
        (TOKEN, TOKEN),
        (TOKEN, f"Basic {TOKEN}"),
        (TOKEN, f"Bearer {TOKEN}ö"),
    ],
)
def test_without_the_token_there_is_nothing(
    client: Client, settings: Settings, token: str, sent: str
) -> None:
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers={"Authorization": sent} if sent else {}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_requests_are_counted_by_view_and_status(
    client: Client, numbers: Callable[[], dict[tuple[str, str], float]]
) -> None:
    before = numbers()
    for _ in range(3):
        client.get("/healthz")
    after = numbers()

    def more(name: str, label: str) -> float:
        return after[(name, label)] - before.get((name, label), 0.0)

    assert more("geoparticipation_requests_total", "2xx healthz") == 3
    assert more("geoparticipation_request_seconds_count", "healthz") == 3
    assert after[("geoparticipation_database_up", "")] == 1


@pytest.mark.django_db
def test_labels_are_few_whatever_is_asked(client: Client, campaign: Campaign) -> None:
    known = {"unmatched", "static"}
    for number in range(20):
        client.get(f"/nowhere-{number}/")
        client.get(f"/campaigns/nothing-{number}/")
        client.get(f"/mine/secret-{number}/")
        client.get(f"/static/nothing-{number}.js")
        client.get(f"/tiles/name-{number}/1/1/1.png")
    client.get(campaign.get_absolute_url())
    text = metrics_text().decode()
    labels = set(re.findall(r'geoparticipation_requests_total\{status="\dxx",view="([^"]*)"\}', text))
    assert {"unmatched", "campaign", "my-contribution", "tile", "static"} <= labels
    assert len(labels - known) <= len(set(routes()))
    assert not re.search(r"nothing-|nowhere-|secret-|name-\d", text)
    assert campaign.slug not in text


@pytest.mark.django_db
def test_work_is_read(campaign: Campaign) -> None:
    send_barrier_report.defer(page="/", text="dark", email="")
    FailedJob.objects.create(
        hour=timezone.now().replace(minute=0), task="send_barrier_report", times=3, last_at=timezone.now()
    )
    FailedJob.objects.create(
        hour=timezone.now() - timedelta(days=3), task="old", times=9, last_at=timezone.now()
    )
    now = timezone.now()
    for status in ("waiting", "waiting", "running", "failed", "done"):
        ExportJob.objects.create(
            campaign=campaign,
            ending="gpkg",
            language="de",
            status=status,
            created_at=now - timedelta(minutes=5),
            expires_at=now + timedelta(hours=1),
        )
    with connection.cursor() as cursor:
        [jobs] = [one for one in work.read_jobs(cursor) if one.task == "send_barrier_report"]
        assert (jobs.queue, jobs.waiting, jobs.running) == ("mail", 1, 0)
        assert [(one.task, one.times) for one in work.read_failures(cursor)] == [("send_barrier_report", 3)]
        exports = work.read_exports(cursor)
        assert (exports.waiting, exports.running, exports.failed) == (2, 1, 1)
        assert 299 <= exports.age < 3600
        assert work.read_workers(cursor).alive == 0


@pytest.mark.django_db
def test_age_is_that_of_the_oldest_job_that_could_run() -> None:
    later = send_barrier_report.configure(schedule_at=timezone.now() + timedelta(hours=1))
    due = send_barrier_report.configure(schedule_at=timezone.now() - timedelta(minutes=10))
    later.defer(page="/", text="later", email="")
    with connection.cursor() as cursor:
        assert work.read_jobs(cursor)[0].age == 0
        due.defer(page="/", text="due", email="")
        [jobs] = work.read_jobs(cursor)
    assert jobs.waiting == 2
    assert 599 <= jobs.age < 3600


@pytest.mark.django_db
def test_late_releases_are_read(cells_campaign: Campaign) -> None:
    def read() -> tuple[int, int]:
        with connection.cursor() as cursor:
            return work.read_releases(cursor)

    long_ago = timezone.now() - timedelta(days=3)
    attempt = ReleaseAttempt.objects.create(campaign=cells_campaign, tried_at=long_ago)
    assert read() == (1, 1)
    attempt.tried_at = timezone.now()
    attempt.save()
    assert read() == (0, 0)


@pytest.mark.django_db
def test_log_ins_are_read() -> None:
    now = timezone.now()
    for hours, outcome, times in ((0, "failed", 4), (0, "succeeded", 2), (30, "failed", 50)):
        LogInRecord.objects.create(
            hour=now - timedelta(hours=hours),
            door="password",
            outcome=outcome,
            network=b"12345678",
            times=times,
            first_at=now - timedelta(hours=hours),
            last_at=now - timedelta(hours=hours),
        )
    with connection.cursor() as cursor:
        assert database.read_log_ins(cursor, 24) == {"succeeded": 2, "failed": 4, "throttled": 0}


class Standbys:
    """A cursor over pg_stat_replication as it looks with some replicas."""

    def __init__(self, *rows: str) -> None:
        self.rows = rows

    def execute(self, statement: str) -> None:
        table = f"(VALUES {', '.join(self.rows)}) AS one (state, replay_lag)"
        self.cursor = connection.cursor()
        self.cursor.execute(statement.replace("pg_stat_replication", table))

    def fetchone(self) -> Any:
        return self.cursor.fetchone()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "lag"),
    [
        (["('streaming', interval '70 s')", "('streaming', NULL)"], 70.0),
        (["('streaming', NULL::interval)"], 0.0),  # nothing left to replay
        (["(NULL::text, NULL::interval)"], None),  # without pg_monitor
    ],
)
def test_lag_that_is_not_visible_is_left_out(rows: list[str], lag: float | None) -> None:
    replicas = database.read_replicas(Standbys(*rows))
    assert replicas == database.Replicas(len(rows), lag)
    assert len(registry.gauge("x", "", replicas.lag).samples) == (lag is not None)


@pytest.mark.django_db(transaction=True)
def test_a_slow_reading_costs_the_others_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(cursor: Any) -> Iterator[GaugeMetricFamily]:
        cursor.execute("SELECT pg_sleep(600)")
        yield registry.gauge("never", "", 1)

    some: Registry[Reading] = Registry("reading")
    for one in (Reading("slow", slow), *work.READINGS):
        some.register(one)
    monkeypatch.setattr(collecting, "READINGS", some)
    found = {family.name: family for family in read_all()}
    failed = {one.labels["reading"]: one.value for one in found["geoparticipation_reading_failed"].samples}
    assert failed.pop("slow") == 1
    assert set(failed.values()) == {0}
    assert "geoparticipation_queue_waiting_jobs" in found


@pytest.mark.django_db(transaction=True)
def test_readings_may_not_write(monkeypatch: pytest.MonkeyPatch) -> None:
    def writes(cursor: Any) -> Iterator[GaugeMetricFamily]:
        cursor.execute("DELETE FROM watching_failedjob")
        yield registry.gauge("never", "", 1)

    some: Registry[Reading] = Registry("reading")
    some.register(Reading("writes", writes))
    monkeypatch.setattr(collecting, "READINGS", some)
    [failed] = [one for one in read_all() if one.name == "geoparticipation_reading_failed"]
    assert [one.value for one in failed.samples] == [1]


def test_metrics_without_a_database_say_so(
    monkeypatch: pytest.MonkeyPatch, numbers: Callable[[], dict[tuple[str, str], float]]
) -> None:
    def away(**_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(collecting, "connection_beside_the_pool", away)
    found = numbers()
    assert found[("geoparticipation_database_up", "")] == 0
    assert found[("geoparticipation_reading_failed", "queues")] == 1
    assert found[("geoparticipation_disk_free_bytes", "var")] > 0


@pytest.mark.django_db(transaction=True)
def test_readings_are_kept_for_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []

    def counted() -> Iterator[GaugeMetricFamily]:
        times.append(1)
        yield registry.gauge("x", "", 1)

    monkeypatch.setattr(collecting, "read_all", counted)
    assert [len(list(readings.collect())) for _ in range(3)] == [1, 1, 1]
    assert len(times) == 1
    readings.forget()


@pytest.mark.django_db(transaction=True)
def test_dashboard_and_alerts_name_metrics_that_exist(client: Client, campaign: Campaign) -> None:
    client.get("/healthz")
    client.get("/ogc/collections?f=json")
    client.get("/tiles/colour/1/1/1.png")
    look_at_process()
    exists = set(NAMES.findall(metrics_text().decode()))
    for name in ("grafana/geoparticipation.json", "prometheus/alerts.yml"):
        text = Path(site.BASE_DIR, "deploy", name).read_text()
        named = set(NAMES.findall(text))
        assert len(named) > 10
        assert named - exists == set(), name


def test_folders_of_servers_that_have_ended_are_deleted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Parent:
        pid = os.getppid()

    monkeypatch.setattr("multiprocessing.parent_process", Parent)
    monkeypatch.setenv(processes.SHARED_BY, str(tmp_path))
    host = socket.gethostname()
    dead, restarted, others = (
        tmp_path / name for name in (f"{host}.999999999.5", f"{host}.{os.getpid()}.5", "elsewhere.1.5")
    )
    for folder in (dead, restarted, others):
        folder.mkdir()
    processes.share_metrics()
    own = Path(os.environ[processes.SHARED_BY])
    assert own.parent == tmp_path
    assert sorted(tmp_path.iterdir()) == sorted([own, others])
    assert processes.is_alive(own)


def test_processes_without_a_server_share_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("multiprocessing.parent_process", lambda: None)
    monkeypatch.setenv(processes.SHARED_BY, str(tmp_path))
    processes.share_metrics()
    assert processes.SHARED_BY not in os.environ


def test_an_empty_folder_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library would take it for the current directory."""
    monkeypatch.setenv(processes.SHARED_BY, "")
    processes.share_metrics()
    assert processes.SHARED_BY not in os.environ


def test_commands_run_with_the_folder_of_the_server_in_their_settings(tmp_path: Path) -> None:
    """The settings file is one for server, worker and commands; the folder may be there or not."""
    for folder in (tmp_path, tmp_path / "missing"):
        done = subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=site.BASE_DIR,
            env={**os.environ, processes.SHARED_BY: str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_gauges_of_dead_processes_are_deleted(tmp_path: Path) -> None:
    for pid in (999999999, os.getpid()):
        for kind in ("gauge_livesum", "counter"):
            (tmp_path / f"{kind}_{pid}.db").touch()
    processes.forget_dead_processes(str(tmp_path))
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {
        f"gauge_livesum_{os.getpid()}.db",
        f"counter_{os.getpid()}.db",
        "counter_999999999.db",
    }


@pytest.mark.django_db
def test_last_backup_is_read(
    settings: Settings, tmp_path: Path, numbers: Callable[[], dict[tuple[str, str], float]]
) -> None:
    settings.VAR_DIR = tmp_path
    name = ("geoparticipation_backup_finished_timestamp_seconds", "")
    assert numbers()[name] == 0
    readings.forget()
    (tmp_path / "backup.json").write_text(
        '{"finished_at": "2026-11-30T02:00:00+00:00", "set": "s", "bytes": 7, "verified": true}'
    )
    assert numbers()[name] == datetime(2026, 11, 30, 2, tzinfo=UTC).timestamp()
