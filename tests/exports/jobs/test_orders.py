"""Large files as background jobs: their way, their limits, who opens them, what happens when something breaks."""

import asyncio
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app as queue
from procrastinate.periodic import PeriodicDeferrer
from pytest_django.fixtures import Settings

from accounts.models import Role
from mapping.exports.streams.files import write_file
from mapping.http import export_jobs as running
from mapping.models import Campaign, Contribution, ContributionStatus, ExportJob, ExportStatus, Publication
from mapping.services import export_jobs
from mapping.services.erase import withdraw
from tests.api.conftest import code, with_token
from tests.background import waiting_tasks, work
from tests.personas import make_campaign, make_contribution, make_user, staff_browser

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/api/v1/campaigns/fear-spaces/exports/"


@pytest.fixture
def busy(settings: Settings) -> Campaign:
    """A campaign with more contributions than are written at once."""
    settings.EXPORTS_AT_ONCE = 3
    campaign = make_campaign()
    for number in range(5):
        make_contribution(campaign, (7.75 + number / 1000, 49.44), text=f"Number {number}")
    return campaign


def ask(answer: int = 202, **options: Any) -> Any:
    response = Client().post(URL, json.dumps(options), content_type="application/json")
    assert response.status_code == answer, response.content
    return response


def state(address: str, client: Client | None = None) -> dict[str, Any]:
    response = (client or Client()).get(address)
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def test_large_file_is_written_in_the_background(busy: Campaign, tmp_path: Path) -> None:
    refused = Client().get("/api/v1/campaigns/fear-spaces/download.gpkg")
    assert refused.status_code == 409
    assert code(refused) == "export_needs_job"
    assert URL in refused.json()["detail"]
    assert Client().get("/api/v1/campaigns/fear-spaces/download.csv").status_code == 200

    asked = ask(format="gpkg", crs=25832, category="spot", include="comments")
    address = asked.headers["Location"]
    waiting = state(address)
    assert (waiting["status"], waiting["file"]) == ("waiting", None)
    early = Client().get(address + "file")
    assert (early.status_code, code(early)) == (409, "export_not_ready")

    work()
    done = state(address)
    assert (done["status"], done["progress"]) == ("done", {"done": 5, "total": 5, "percent": 100})
    fetched = Client().get(done["file"])
    assert fetched.headers["Content-Type"] == "application/geopackage+sqlite3"
    assert "-epsg25832.gpkg" in fetched.headers["Content-Disposition"]
    file = tmp_path / "fetched.gpkg"
    file.write_bytes(fetched.getvalue())
    assert file.stat().st_size == done["size"] == int(fetched.headers["Content-Length"])
    assert pyogrio.read_info(file, layer="points")["features"] == 5


def test_asked_twice_it_is_written_once(busy: Campaign) -> None:
    first, second = ask(format="gpkg"), ask(format="gpkg")
    assert first.headers["Location"] == second.headers["Location"]
    assert ask(format="fgb").headers["Location"] != first.headers["Location"]
    work()
    assert ask(format="gpkg").headers["Location"] != first.headers["Location"]


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "format"),
        ({"format": "docx"}, "format"),
        ({"format": 3}, "format"),
        ({"format": "gpkg", "crs": 2056}, "crs"),
        ({"format": "gpkg", "crs": True}, "crs"),
        ({"format": "gpkg", "category": {"a": 1}}, "category"),
        ({"format": "gpkg", "nonsense": "1"}, "nonsense"),
        ({"format": "gpkg", "status": "nonsense"}, "status"),
    ],
)
def test_wrong_wishes_are_refused_before_anything_waits(
    busy: Campaign, options: dict[str, Any], field: str
) -> None:
    response = ask(answer=400, **options)
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert not ExportJob.objects.exists()


def test_file_is_gone_when_its_time_is_up(busy: Campaign) -> None:
    address = ask(format="fgb").headers["Location"]
    work()
    job = ExportJob.objects.get()
    path = export_jobs.file_of(job)
    assert path.is_file()
    assert path.stat().st_mode & 0o077 == 0 or path.parent.stat().st_mode & 0o077 == 0
    ExportJob.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    gone = Client().get(address + "file")
    assert (gone.status_code, code(gone)) == (410, "export_gone")
    call_command("remove_expired_exports")
    assert not path.exists()
    assert Client().get(address).status_code == 404


def test_file_is_gone_when_somebody_takes_back_what_it_holds(busy: Campaign) -> None:
    address = ask(format="fgb").headers["Location"]
    work()
    make_contribution(busy, status=ContributionStatus.PENDING)
    assert Client().get(address + "file").status_code == 200
    withdraw(Contribution.objects.filter(status=ContributionStatus.PUBLISHED)[0])
    assert Client().get(address + "file").status_code == 410


@pytest.mark.parametrize("change", [{"is_draft": True}, {"publication": Publication.CELLS}])
def test_campaign_that_closed_itself_tells_nothing(busy: Campaign, change: dict[str, Any]) -> None:
    written, waiting = ask(format="fgb").headers["Location"], ""
    work()
    waiting = ask(format="gpkg").headers["Location"]
    Campaign.objects.filter(pk=busy.pk).update(**change)
    work()
    for address in (written, waiting):
        assert Client().get(address).status_code == 404
        assert Client().get(address + "file").status_code == 404
    job = ExportJob.objects.get(ending="gpkg")
    if change.get("is_draft"):
        assert (job.status, job.problem) == (ExportStatus.FAILED, "not_found")
    else:
        # Written by the rules of that moment: the release, of which there is none yet.
        assert job.status == ExportStatus.DONE
        assert pyogrio.list_layers(export_jobs.file_of(job))[0][0] == "cells"


def test_files_of_the_staff_open_for_who_asked_alone(busy: Campaign) -> None:
    make_contribution(busy, status=ContributionStatus.PENDING, text="pending")
    analyst = make_user("analyst@example.org", busy, Role.ANALYST)
    colleague = make_user("colleague@example.org", busy, Role.ANALYST)
    asked = with_token(analyst).post(
        URL, json.dumps({"format": "ndjson", "status": "pending"}), content_type="application/json"
    )
    assert asked.status_code == 202
    address = asked.headers["Location"]
    work()
    for stranger in (Client(), with_token(colleague), staff_browser(colleague)):
        assert stranger.get(address).status_code == 404
        assert stranger.get(address + "file").status_code == 404
    for way in (with_token(analyst), staff_browser(analyst)):
        assert b"pending" in way.get(address + "file").getvalue()
    analyst.memberships.all().delete()
    assert with_token(analyst).get(address + "file").status_code == 404


def test_role_taken_away_while_waiting_fails_the_job(busy: Campaign) -> None:
    analyst = make_user("analyst@example.org", busy, Role.ANALYST)
    with_token(analyst).post(
        URL, json.dumps({"format": "ndjson", "status": "pending"}), content_type="application/json"
    )
    analyst.memberships.all().delete()
    work()
    job = ExportJob.objects.get()
    assert (job.status, job.problem) == (ExportStatus.FAILED, "analysts_only")
    assert not export_jobs.file_of(job).exists()


def test_failing_job_says_so_and_leaves_nothing(busy: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_options: Any) -> None:
        raise OSError("No space left on device")

    address = ask(format="gpkg").headers["Location"]
    monkeypatch.setattr(running, "write_file", broken)
    work()
    failed = state(address)
    assert failed["status"] == "failed"
    assert failed["problem"]
    assert Client().get(address + "file").status_code == 410
    assert list(export_jobs.directory().iterdir()) == []


def test_job_of_a_worker_that_is_stopped_is_requeued_and_no_attempt(
    busy: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []

    def stopped(*_args: Any, **_options: Any) -> None:
        monkeypatch.setattr(running, "write_file", write_file)
        raise running.WorkerStoppingError

    requeue = export_jobs.requeue

    def noted(job: ExportJob) -> None:
        requeue(job)
        states.append(ExportJob.objects.values_list("status", "attempts").get())

    monkeypatch.setattr(running, "write_file", stopped)
    monkeypatch.setattr(export_jobs, "requeue", noted)
    address = ask(format="gpkg").headers["Location"]
    work()
    assert states == [("waiting", 0)]
    assert state(address)["status"] == "done"
    assert ExportJob.objects.get().attempts == 1


def test_job_of_a_worker_that_was_killed_is_claimed_three_times(busy: Campaign) -> None:
    address = ask(format="gpkg").headers["Location"]
    for attempt in (1, 2, 3):
        job = export_jobs.claim(ExportJob.objects.get().pk)
        assert job is not None
        assert job.attempts == attempt
        export_jobs.unfinished_file_of(job).write_bytes(b"half")
    work()
    failed = state(address)
    assert (failed["status"], ExportJob.objects.get().problem) == ("failed", "worker_lost")
    assert waiting_tasks() == []
    export_jobs.remove_expired(timezone.now() + timedelta(days=2))
    assert list(export_jobs.directory().iterdir()) == []


def test_task_of_a_worker_that_was_killed_is_given_to_another(busy: Campaign) -> None:
    address = ask(format="gpkg").headers["Location"]
    export_jobs.claim(ExportJob.objects.get().pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes') RETURNING id"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", cursor.fetchone())
    work()  # finds it and gives it back
    work()
    assert state(address)["status"] == "done"
    assert ExportJob.objects.get().attempts == 2


def test_worker_that_was_taken_for_dead_cannot_spoil_the_file(busy: Campaign) -> None:
    ask(format="gpkg")
    slow = export_jobs.claim(ExportJob.objects.get().pk)
    assert slow is not None
    work()
    assert not export_jobs.set_progress(slow, 1, 5)
    running.run(slow)
    job = ExportJob.objects.get()
    assert (job.status, job.attempts) == (ExportStatus.DONE, 2)
    assert [path.name for path in export_jobs.directory().iterdir()] == [f"{job.pk}.gpkg"]


def test_job_without_a_task_gets_one(busy: Campaign) -> None:
    """From before there was the queue, say."""
    ask(format="gpkg")
    job = ExportJob.objects.get()
    [(name, arguments)] = waiting_tasks()
    assert export_jobs.enqueue_missing() == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert export_jobs.enqueue_missing() == 1
    assert waiting_tasks() == [(name, arguments)] == [("mapping.write_export", {"export": str(job.pk)})]


def test_order_that_is_rolled_back_leaves_no_task(busy: Campaign) -> None:
    with transaction.atomic():
        ask(format="gpkg")
        assert len(waiting_tasks()) == 1
        transaction.set_rollback(True)
    assert waiting_tasks() == []


def test_finished_jobs_leave_nothing_in_the_queue(busy: Campaign) -> None:
    ask(format="gpkg")
    work()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM procrastinate_jobs), (SELECT count(*) FROM procrastinate_events),"
            " (SELECT count(*) FROM procrastinate_workers)"
        )
        assert cursor.fetchone() == (0, 0, 0)


def test_worker_that_runs_once_enqueues_nothing_meanwhile(
    busy: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fell due after the lane for it has ended would be left in the queue."""

    async def wait(deferrer: PeriodicDeferrer, next_tick: float) -> None:
        clocks.append(deferrer)
        await asyncio.Event().wait()

    clocks: list[PeriodicDeferrer] = []
    monkeypatch.setattr(PeriodicDeferrer, "wait", wait)
    ask(format="gpkg")
    work()
    assert ExportJob.objects.get().status == ExportStatus.DONE
    assert clocks == []
    assert queue.periodic_registry.periodic_tasks


def test_jobs_are_limited(busy: Campaign, settings: Settings) -> None:
    settings.EXPORT_JOBS_PER_MINUTE = 2
    ask(format="gpkg")
    ask(format="fgb")
    assert ask(answer=429, format="xlsx").headers["Retry-After"] == "60"
    ExportJob.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    settings.EXPORT_JOBS_WAITING = 2
    assert ask(answer=429, format="xlsx").headers["Retry-After"] == "300"
    work()
    ask(format="xlsx")


def test_page_starts_a_job_and_shows_it(busy: Campaign) -> None:
    browser = Client()
    page = browser.get("/campaigns/fear-spaces/data/")
    assert "GeoPackage" in page.content.decode()
    small = browser.post("/campaigns/fear-spaces/data/", {"format": "geojson", "crs": "25832"})
    assert small.headers["Location"] == "/api/v1/campaigns/fear-spaces/download.geojson?crs=25832"
    for ending, query in (("kml", "?include=comments"), ("gpx", "")):
        options = {"format": ending, "crs": "25832", "include": "comments"}
        degrees = browser.post("/campaigns/fear-spaces/data/", options)
        assert degrees.headers["Location"] == f"/api/v1/campaigns/fear-spaces/download.{ending}{query}"
    large = browser.post(
        "/campaigns/fear-spaces/data/", {"format": "gpkg", "include": ["comments", "replies"]}
    )
    assert large.status_code == 302
    waiting = browser.get(large.headers["Location"]).content.decode()
    assert '<meta http-equiv="refresh" content="3">' in waiting
    assert "progress" in waiting
    work()
    ready = browser.get(large.headers["Location"]).content.decode()
    [job] = ExportJob.objects.all()
    assert f'href="/api/v1/campaigns/fear-spaces/exports/{job.pk}/file"' in ready
    assert job.query == "include=comments%2Creplies"
    nonsense = browser.post("/campaigns/fear-spaces/data/", {"format": "docx"})
    assert nonsense.status_code == 400
    wrong = browser.post("/campaigns/fear-spaces/data/", {"format": "csv", "crs": "drop table"})
    assert wrong.status_code == 400


def test_package_documents_itself(busy: Campaign, tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "package.zip"
    call_command("export", "fear-spaces", format="package.zip", out=file)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert names == {
            "fear-spaces.gpkg",
            "fear-spaces.csv",
            "comments.csv",
            "replies.csv",
            "support.csv",
            "datenlexikon.csv",
            "metadaten.ttl",
            "LIESMICH.md",
            "schutz.md",
            "lizenz.txt",
        }
        assert "govdata.de/dl-de/by-2-0" in archive.read("lizenz.txt").decode()
        lexicon = archive.read("datenlexikon.csv").decode("utf-8-sig")
        assert "single-choice,Eine Auswahl" in lexicon or "single-choice," in lexicon
        assert "night,At night" in lexicon
        assert "dcat:Dataset" in archive.read("metadaten.ttl").decode()
        archive.extract("fear-spaces.gpkg", tmp_path)
    layers = {name for name, _shape in pyogrio.list_layers(tmp_path / "fear-spaces.gpkg")}
    assert {"points", "comments", "replies", "support"} <= layers


def test_command_exports_with_filters(
    busy: Campaign, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_contribution(busy, status=ContributionStatus.PENDING, text="pending")
    file = tmp_path / "out.gpkg"
    call_command("export", "fear-spaces", format="gpkg", out=file, crs="25832", bbox="7.7495,49,7.7515,50")
    assert pyogrio.read_info(file, layer="points")["features"] == 2
    assert "2 of 2 (100 %)" in capsys.readouterr().err
    call_command("export", "fear-spaces", format="csv", out=tmp_path / "all.csv", status="pending")
    assert "pending" in (tmp_path / "all.csv").read_text()
    assert "does not see" in capsys.readouterr().err
