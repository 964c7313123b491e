"""Programs of operators ask a server by its address; the site itself answers under its own name only."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from geoparticipation import health
from geoparticipation.middleware.operators import ANY_HOST
from geoparticipation.watching.readings.collecting import readings

TOKEN = "a-token-for-prometheus"
HOSTS = ("127.0.0.1:8000", "10.0.0.21:8000", "[fd00::21]:8000", "web:8000", "evil.example", "not a host")


@pytest.fixture(autouse=True)
def public_site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_PATIENCE", 30.0)  # a busy machine may take longer than monitoring waits
    settings.ALLOWED_HOSTS = [".mitmachen.example.org"]
    settings.METRICS_TOKEN = TOKEN
    readings.forget()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("host", HOSTS)
def test_pages_for_operators_answer_under_any_host(client: Client, host: str) -> None:
    headers = {"Host": host, "Authorization": f"Bearer {TOKEN}"}
    statuses = {path: client.get(path, headers=headers).status_code for path in sorted(ANY_HOST)}
    assert statuses == {"/healthz": 200, "/metrics": 200, "/readyz": 200}


@pytest.mark.django_db
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/healthz/", "/metrics/", "/readyzz", "//metrics", "/api/v1/"]
)
def test_other_pages_answer_under_the_name_of_the_site_only(client: Client, path: str, host: str) -> None:
    assert client.get(path, headers={"Host": host}).status_code == 400


@pytest.mark.django_db
def test_metrics_need_their_token_under_any_host(client: Client) -> None:
    answer = client.get("/metrics", headers={"Host": "evil.example", "Authorization": "Bearer other"})
    assert answer.status_code == 404
    assert "evil.example" not in answer.content.decode()


def test_these_are_the_addresses_of_the_views() -> None:
    assert {reverse(name) for name in ("healthz", "readyz", "metrics")} == ANY_HOST
