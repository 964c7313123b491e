"""The id of a request, and the access log."""

import logging
import re
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from geoparticipation.watching.middleware import WatchingMiddleware
from geoparticipation.watching.requests import begin_request, current_request_id
from mapping.models import Contribution
from mapping.services.identity import edit_token

OWN = re.compile(r"[0-9a-f]{32}")
GIVEN = "0123456789abcdef-XYZ"


def test_every_answer_has_an_id_of_its_own(client: Client) -> None:
    ids = [client.get("/healthz")["X-Request-ID"] for _ in range(2)]
    assert all(OWN.fullmatch(one) for one in ids)
    assert len(set(ids)) == 2


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, GIVEN, True),
        (0, GIVEN, False),
        (1, "short", False),
        (1, "x" * 37, False),
        (1, "0123456789abcdef <b>", False),
        (1, "", False),
    ],
)
def test_id_of_a_trusted_proxy_is_taken_if_it_is_plausible(
    client: Client, settings: Settings, proxies: int, given: str, is_taken: bool
) -> None:
    settings.TRUSTED_PROXIES = proxies
    answer = client.get("/healthz", headers={"X-Request-ID": given})
    assert (answer["X-Request-ID"] == given) is is_taken


@pytest.mark.django_db
def test_errors_name_the_id_as_a_reference(client: Client) -> None:
    problem = client.get("/api/v1/campaigns/nowhere/")
    assert problem.json()["request_id"] == problem["X-Request-ID"]
    page = client.get("/nowhere/")
    assert page["X-Request-ID"] in page.content.decode()


@pytest.mark.django_db
def test_page_of_an_unexpected_error_names_the_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mapping.web.overview.home.cards_of", lambda *_: 1 / 0)
    page = Client(raise_request_exception=False).get("/")
    assert page.status_code == 500
    assert page["X-Request-ID"] in page.content.decode()


@pytest.mark.django_db
def test_lines_of_a_request_have_its_id(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(current_request_id())

    handler = Listening()
    logging.getLogger("django.request").addHandler(handler)
    try:
        answer = Client().get("/nowhere/")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    assert seen == [answer["X-Request-ID"]]


@pytest.mark.django_db
def test_access_log_names_views_and_no_secret(
    client: Client, published: Contribution, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ACCESS_LOG = True
    token = edit_token(published.pk)
    with caplog.at_level("INFO", "geoparticipation.requests"):
        answer = client.get(f"/mine/{token}/?x=secret", REMOTE_ADDR="203.0.113.9")
    [record] = caplog.records
    said: dict[str, Any] = vars(record)
    assert (said["method"], said["view"], said["status"]) == ("GET", "my-contribution", 200)
    assert said["bytes"] == len(answer.content)
    assert said["ms"] > 0
    assert not any(word in str(said) for word in (token, "secret", "203.0.113.9"))


def test_access_log_is_off_by_default(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        client.get("/healthz")
    assert "geoparticipation.requests" not in {record.name for record in caplog.records}


@pytest.mark.django_db  # the end of a request looks at its connections
def test_streams_are_logged_at_their_end(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.ACCESS_LOG = True

    def stream(_request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(iter([b"a", b"b"]))

    with caplog.at_level("INFO", "geoparticipation.requests"):
        answer = WatchingMiddleware(stream)(RequestFactory().get("/"))
        assert isinstance(answer, StreamingHttpResponse)
        assert answer.getvalue() == b"ab"
        assert not caplog.records
        answer.close()
    assert [(vars(one)["status"], vars(one)["bytes"]) for one in caplog.records] == [(200, None)]


def test_id_outlives_its_request_in_the_thread(settings: Settings) -> None:
    answer = WatchingMiddleware(lambda _request: HttpResponse())(RequestFactory().get("/"))
    assert current_request_id() == answer["X-Request-ID"]
    assert begin_request(RequestFactory().get("/")) == current_request_id() != answer["X-Request-ID"]
