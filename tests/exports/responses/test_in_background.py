"""Large files of responses as background jobs: who may order and fetch them, progress, what closes them."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from mapping.http import export_jobs as running
from mapping.models import Campaign, ExportJob, ExportStatus, Response
from mapping.services import export_jobs
from mapping.services.surveys.responses import withdraw_response
from tests.api.conftest import code, reasons, with_token
from tests.exports.responses.world import NAMES, url
from tests.personas import make_user, staff_browser, user_called

pytestmark = pytest.mark.django_db
EXPORTS = "/api/v1/campaigns/fear-spaces/exports/"
PAGE = "/planning/fear-spaces/survey/"


@pytest.fixture
def large(survey: Campaign, settings: Settings) -> Campaign:
    """A survey with more responses than are written at once."""
    settings.EXPORTS_AT_ONCE = 2
    return survey


def order(user: User, **options: Any) -> Any:
    asked = {"what": "responses", "format": "xlsx", **options}
    return with_token(user).post(EXPORTS, json.dumps(asked), content_type="application/json")


def written(pk: str) -> ExportJob:
    job = export_jobs.claim(ExportJob.objects.get(pk=pk).pk)
    assert job is not None
    running.run(job)
    job.refresh_from_db()
    return job


def test_large_files_need_a_job_and_csv_never(large: Campaign, analyst: User) -> None:
    browser = staff_browser(analyst)
    for ending in ("xlsx", "sav", "gpkg"):
        refused = browser.get(url(ending))
        assert (refused.status_code, code(refused)) == (409, "responses_need_job")
        assert EXPORTS in refused.json()["detail"]
    assert browser.get(url("csv")).status_code == 200


@pytest.mark.parametrize("ending", ["csv", "xlsx", "sav", "gpkg"])
def test_file_is_written_in_the_background_with_progress(
    large: Campaign, analyst: User, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []
    set_progress = export_jobs.set_progress

    def noted(job: ExportJob, done: int, total: int) -> bool:
        seen.append((done, total))
        return set_progress(job, done, total)

    monkeypatch.setattr(export_jobs, "set_progress", noted)
    monkeypatch.setattr(running, "_BETWEEN_UPDATES", 0.0)
    ordered = order(analyst, format=ending)
    assert ordered.status_code == 202
    assert ordered.json()["status"] == "waiting"
    job = written(ordered.json()["id"])
    assert (job.status, seen[0], seen[-1]) == (ExportStatus.DONE, (0, 3), (3, 3))
    fetched = with_token(analyst).get(f"{EXPORTS}{job.pk}/file")
    assert fetched.status_code == 200
    assert 'filename="fear-spaces-responses-' in fetched.headers["Content-Disposition"]
    assert fetched.headers["Content-Disposition"].endswith(f'.{ending}"')
    body = fetched.getvalue()
    assert len(body) == job.size
    if ending == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(body))["Antworten"]
        assert [cell.value for cell in sheet[1]] == NAMES
        assert sheet.max_row == 4


def test_labels_of_the_order_are_kept(large: Campaign, analyst: User) -> None:
    job = written(order(analyst, labels="titles").json()["id"])
    body = with_token(analyst).get(f"{EXPORTS}{job.pk}/file").getvalue()
    _head, full, *_rest = openpyxl.load_workbook(io.BytesIO(body))["Antworten"].iter_rows(values_only=True)
    assert full[NAMES.index("way")] == "Anderes"


@pytest.mark.parametrize("who", ["outsider", "moderator"])
def test_others_order_no_responses(large: Campaign, who: str) -> None:
    user = user_called(who, large)
    assert isinstance(user, User)
    refused = order(user)
    assert (refused.status_code, code(refused)) == (403, "analysts_only")
    page = staff_browser(user).post(f"{PAGE}file/", {"format": "xlsx"})
    assert page.status_code == 403
    assert not ExportJob.objects.exists()


def test_public_orders_no_responses(large: Campaign) -> None:
    asked = json.dumps({"what": "responses", "format": "xlsx"})
    refused = Client().post(EXPORTS, asked, content_type="application/json")
    assert refused.status_code == 401
    assert Client().post(f"{PAGE}file/", {"format": "xlsx"}).status_code == 302
    assert not ExportJob.objects.exists()


def test_wrong_orders_are_explained(large: Campaign, analyst: User) -> None:
    assert reasons(order(analyst, format="parquet")) == {"format": "unknown_choice"}
    assert reasons(order(analyst, what="letters")) == {"what": "unknown_choice"}
    assert reasons(order(analyst, category="spot")) == {"category": "unknown_parameter"}
    assert reasons(order(analyst, labels="both")) == {"labels": "unknown_choice"}
    contributions = json.dumps({"what": "contributions", "format": "sav"})
    refused = with_token(analyst).post(EXPORTS, contributions, content_type="application/json")
    assert reasons(refused) == {"format": "unknown_choice"}


def test_job_is_for_who_ordered_it_as_long_as_they_may(large: Campaign, analyst: User) -> None:
    job = written(order(analyst).json()["id"])
    address = f"/campaigns/fear-spaces/data/{job.pk}/"
    page = staff_browser(analyst).get(address)
    assert f'href="{PAGE}"' in page.content.decode()
    other = make_user("other@example.org", large, Role.MANAGER)
    for stranger in (Client(), staff_browser(other)):
        assert stranger.get(address).status_code == 404
        assert stranger.get(f"{EXPORTS}{job.pk}/").status_code == 404
        assert stranger.get(f"{EXPORTS}{job.pk}/file").status_code == 404
    analyst.memberships.update(role=Role.MODERATOR)
    assert staff_browser(analyst).get(f"{EXPORTS}{job.pk}/file").status_code == 404


def test_order_of_somebody_who_lost_the_role_is_not_written(large: Campaign, analyst: User) -> None:
    pk = order(analyst).json()["id"]
    analyst.memberships.update(role=Role.MODERATOR)
    job = written(pk)
    assert (job.status, job.problem) == (ExportStatus.FAILED, "analysts_only")
    assert not export_jobs.file_of(job).exists()


def test_withdrawn_response_closes_the_file(
    large: Campaign, analyst: User, django_capture_on_commit_callbacks: Any
) -> None:
    job = written(order(analyst).json()["id"])
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_response(Response.objects.of(large).complete()[0])
    assert with_token(analyst).get(f"{EXPORTS}{job.pk}/file").status_code == 410
    assert not export_jobs.file_of(job).exists()


def test_page_sends_small_files_and_orders_large_ones(
    survey: Campaign, analyst: User, settings: Settings
) -> None:
    browser = staff_browser(analyst)
    small = browser.post(f"{PAGE}file/", {"format": "xlsx", "labels": "titles"})
    assert small.headers["Location"] == f"{url('xlsx')}?labels=titles"
    assert browser.post(f"{PAGE}file/", {"format": "sav", "labels": "titles"}).headers["Location"] == url(
        "sav"
    )
    assert browser.post(f"{PAGE}file/", {"format": "exe"}).status_code == 404
    assert browser.get(f"{PAGE}file/").status_code == 405
    settings.EXPORTS_AT_ONCE = 2
    large = browser.post(f"{PAGE}file/", {"format": "xlsx", "labels": "titles"})
    job = ExportJob.objects.get()
    assert large.headers["Location"] == f"/campaigns/fear-spaces/data/{job.pk}/"
    assert browser.get(large.headers["Location"]).status_code == 200
    again = browser.post(f"{PAGE}file/", {"format": "xlsx", "labels": "titles"})
    assert again.headers["Location"] == large.headers["Location"]
    settings.EXPORT_JOBS_PER_MINUTE = 1
    busy = browser.post(f"{PAGE}file/", {"format": "gpkg"}, follow=True)
    assert "Es werden gerade schon zu viele Dateien" in busy.content.decode()


def test_too_many_columns_are_named(large: Campaign, analyst: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapping.exports.responses.geopackage._MOST_COLUMNS", 5)
    job = written(order(analyst, format="gpkg").json()["id"])
    assert (job.status, job.problem) == (ExportStatus.FAILED, "too_many_columns")
