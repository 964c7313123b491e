"""Background exports whose database goes away, or whose files are ordered by many at the same time."""

import json
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Role
from mapping import tasks
from mapping.exports.streams.files import write_file
from mapping.http import export_jobs as running
from mapping.http import streaming
from mapping.http.problems import DownloadsBusy
from mapping.models import Campaign, ExportJob, ExportStatus
from mapping.services import export_jobs, retention
from tests.api.conftest import with_token
from tests.background import waiting_tasks, work
from tests.personas import make_campaign, make_contribution, make_user

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/api/v1/campaigns/fear-spaces/exports/"
LOST = [
    OperationalError("the connection is lost"),
    InterfaceError("the connection is closed"),
    psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
    RuntimeError("Could not read from the stream"),
]


@pytest.fixture
def busy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A campaign with more contributions than are written at once."""
    settings.EXPORTS_AT_ONCE = 3
    monkeypatch.setattr(running, "_BETWEEN_NOTINGS", 0.0)
    campaign = make_campaign()
    for number in range(5):
        make_contribution(campaign, (7.75 + number / 1000, 49.44), text=f"Number {number}")
    return campaign


def order(ending: str, client: Client | None = None) -> int:
    """The status of an order."""
    body = json.dumps({"format": ending})
    return (client or Client()).post(URL, body, content_type="application/json").status_code


def failing(action: Callable[..., Any], *errors: Exception) -> Callable[..., Any]:
    """The action, which first fails in the given ways."""
    left = list(errors)

    def wrapped(*args: Any, **options: Any) -> Any:
        if left:
            raise left.pop(0)
        return action(*args, **options)

    return wrapped


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
def test_file_is_written_anew_after_the_database_went_away(
    busy: Campaign, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    order("gpkg")
    monkeypatch.setattr(running, "write_file", failing(write_file, error))
    work()
    job = ExportJob.objects.get()
    assert (job.status, job.attempts) == (ExportStatus.DONE, 2)
    assert [path.name for path in export_jobs.directory().iterdir()] == [f"{job.pk}.gpkg"]


@pytest.mark.parametrize("step", ["finish", "retry", "fail"])
def test_worker_waits_for_the_database_to_note_an_outcome(
    busy: Campaign, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    order("gpkg")
    away = [OperationalError("the database system is shutting down")] * 3
    if step == "retry":
        monkeypatch.setattr(running, "write_file", failing(write_file, *LOST[:1]))
    elif step == "fail":
        Campaign.objects.update(is_draft=True)
    monkeypatch.setattr(export_jobs, step, failing(getattr(export_jobs, step), *away))
    work()
    expected = ExportStatus.FAILED if step == "fail" else ExportStatus.DONE
    assert ExportJob.objects.get().status == expected


def test_finish_whose_answer_was_lost_is_a_finish(busy: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    order("gpkg")
    finish = export_jobs.finish

    def finished_unheard(job: ExportJob) -> bool:
        monkeypatch.setattr(export_jobs, "finish", finish)
        finish(job)
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(export_jobs, "finish", finished_unheard)
    work()
    job = ExportJob.objects.get()
    assert (job.status, job.attempts) == (ExportStatus.DONE, 1)
    assert export_jobs.file_of(job).is_file()


def test_file_that_cannot_be_removed_keeps_no_job_from_being_written(
    busy: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    order("gpkg")
    remove = failing(retention.remove_expired, PermissionError("Operation not permitted"))
    monkeypatch.setattr(tasks, "remove_expired", remove)
    work()
    assert ExportJob.objects.get().status == ExportStatus.DONE


def test_orders_of_the_public_leave_the_staff_theirs(busy: Campaign, settings: Settings) -> None:
    settings.EXPORT_JOBS_PER_MINUTE = 2
    analyst = with_token(make_user("analyst@example.org", busy, Role.ANALYST))
    assert [order("gpkg"), order("fgb"), order("xlsx")] == [202, 202, 429]
    assert [order(ending, analyst) for ending in ("xlsx", "shp.zip", "parquet")] == [202, 202, 429]


def test_full_queue_of_the_public_leaves_the_staff_theirs(busy: Campaign, settings: Settings) -> None:
    settings.EXPORT_JOBS_WAITING = 1
    moderator = with_token(make_user("moderator@example.org", busy, Role.MODERATOR))
    assert [order("gpkg"), order("fgb"), order("fgb", moderator)] == [202, 429, 202]


def test_users_without_a_role_in_the_campaign_share_the_limits_of_the_public(
    busy: Campaign, outsider: Any, settings: Settings
) -> None:
    settings.EXPORT_JOBS_PER_MINUTE = 1
    assert [order("gpkg"), order("fgb", with_token(outsider))] == [202, 429]


def test_files_of_the_staff_are_written_first(busy: Campaign) -> None:
    analyst = with_token(make_user("analyst@example.org", busy, Role.ANALYST))
    order("gpkg")
    order("fgb")
    order("xlsx", analyst)
    order("fgb", analyst)  # what the public has ordered already goes first from now on
    endings = {str(job.pk): job.ending for job in ExportJob.objects.all()}
    waiting = [endings[str(arguments["export"])] for _name, arguments in waiting_tasks()]
    assert waiting == ["xlsx", "fgb", "gpkg"]


def test_slow_readers_of_the_public_leave_the_staff_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "_slots", threading.BoundedSemaphore(3))
    monkeypatch.setattr(streaming, "_public_slots", threading.BoundedSemaphore(2))

    def pieces() -> Any:
        yield b"piece"

    held = [streaming.LimitedStream(pieces), streaming.LimitedStream(pieces)]
    with pytest.raises(DownloadsBusy):
        streaming.LimitedStream(pieces)
    staff = streaming.LimitedStream(pieces, for_staff=True)
    with pytest.raises(DownloadsBusy):
        streaming.LimitedStream(pieces, for_staff=True)
    held.pop().close()
    staff.close()
    assert list(streaming.LimitedStream(pieces)) == [b"piece"]
