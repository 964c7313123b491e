"""Who gets files of responses, by which ways, and what is logged."""

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from mapping.exports.responses.formats import RESPONSES_FORMATS
from mapping.models import Campaign, Question, Response
from tests.api.conftest import code, reasons, with_token
from tests.exports.responses.world import url
from tests.personas import staff_browser, user_called

pytestmark = pytest.mark.django_db

WHO = {
    "anonymous": (401, "unauthenticated"),
    "outsider": (403, "analysts_only"),
    "moderator": (403, "analysts_only"),
    "analyst": (200, ""),
    "manager": (200, ""),
    "administrator": (200, ""),
}


@pytest.mark.parametrize("who", WHO)
def test_responses_are_for_analysts_and_managers(survey: Campaign, client: Any, who: str) -> None:
    status, reason = WHO[who]
    user = user_called(who, survey)
    for browser in (staff_browser(user), with_token(user)) if isinstance(user, User) else (client,):
        for known in RESPONSES_FORMATS:
            response = browser.get(url(known.name))
            assert response.status_code == status, known.name
            if reason:
                assert code(response) == reason
                continue
            assert response.headers["Content-Type"] == known.media_type
            assert response.headers["Content-Disposition"].startswith(
                'attachment; filename="fear-spaces-responses-'
            )
            assert response.headers["Cache-Control"] == "no-store"
            assert "Access-Control-Allow-Origin" not in response.headers
            assert response.getvalue()
            assert browser.head(url(known.name)).headers["Content-Type"] == known.media_type


def test_each_download_is_logged(survey: Campaign, analyst: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        staff_browser(analyst).get(url("csv")).getvalue()
    assert caplog.messages == [f"user={analyst.pk} campaign=fear-spaces view=responses-download format=csv"]


def test_wrong_addresses_and_parameters_are_told(survey: Campaign, analyst: User) -> None:
    browser = staff_browser(analyst)
    assert code(browser.get(url("pdf"))) == "not_found"
    assert reasons(browser.get(url("csv") + "?labels=both")) == {"labels": "unknown_choice"}
    assert reasons(browser.get(url("csv") + "?crs=4326")) == {"crs": "unknown_parameter"}
    Response.objects.all().delete()
    Question.objects.filter(campaign=survey).delete()
    assert code(browser.get(url("csv"))) == "no_survey"


@pytest.mark.parametrize("known", RESPONSES_FORMATS, ids=lambda known: known.name)
def test_command_writes_responses(survey: Campaign, tmp_path: Path, known: Any) -> None:
    file = tmp_path / f"out.{known.name}"
    told = io.StringIO()
    call_command("export", "fear-spaces", what="responses", format=known.name, out=file, stderr=told)
    assert file.stat().st_size > 500
    assert "public" in told.getvalue()


def test_command_refuses_what_does_not_belong_together(survey: Campaign, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for options, words in (
        ({"what": "responses", "format": "fgb"}, "csv, xlsx, sav, gpkg"),
        ({"format": "sav"}, "responses"),
        ({"what": "responses", "format": "csv", "bbox": "7,49,8,50"}, "--bbox"),
        ({"what": "responses", "format": "csv", "exact": True}, "--exact"),
        ({"what": "responses", "format": "sav", "labels": "titles"}, "--labels"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("export", "fear-spaces", out=out, **options)
    Question.objects.filter(campaign=survey).delete()
    Response.objects.all().delete()
    with pytest.raises(CommandError, match="keine Umfrage"):
        call_command("export", "fear-spaces", what="responses", format="csv", out=out)
    assert not out.exists()
