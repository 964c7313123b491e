"""Which requests read from a replica, and which replica they may not read."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import MiddlewareNotUsed
from django.core.signing import get_cookie_signer
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, resolve
from pytest_django.fixtures import Settings

from geoparticipation.middleware import replicas
from geoparticipation.middleware.replicas import ReplicaMiddleware
from geoparticipation.replicas.choice import chosen
from geoparticipation.replicas.routes import ROUTES

HEATMAP = "/api/v1/campaigns/fear-spaces/heatmap"


class KnownReplica:
    """Stands for the watch: one replica that has replayed position 100."""

    def __init__(self) -> None:
        self.distrusted: list[str] = []

    def usable(self, needed: int) -> str | None:
        return "replica1" if needed <= 100 and not self.distrusted else None

    def distrust(self, alias: str) -> None:
        self.distrusted.append(alias)


class Connections:
    """Stands for Django's connections: that of the replica opens, or fails."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def __getitem__(self, alias: str) -> Any:
        assert alias == "replica1"
        return SimpleNamespace(ensure_connection=self._open, close=lambda: None)

    def _open(self) -> None:
        if self.error is not None:
            raise self.error


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> KnownReplica:
    settings.REPLICAS = ("replica1",)
    known = KnownReplica()
    monkeypatch.setattr(replicas, "watch", known)
    monkeypatch.setattr(replicas, "connections", Connections())
    return known


def request_for(path: str, method: str = "GET", **more: Any) -> HttpRequest:
    request = RequestFactory().generic(method, path, **more)
    request.resolver_match = resolve(path)
    return request


def read_from(request: HttpRequest, response: HttpResponseBase | None = None) -> str | None:
    """Where the view of a request reads from."""
    found: list[str | None] = []

    def view(request: HttpRequest) -> HttpResponseBase:
        middleware.process_view(request)
        found.append(chosen())
        return response or HttpResponse()

    middleware = ReplicaMiddleware(view)
    middleware(request)
    assert chosen() is None
    [alias] = found
    return alias


def test_without_replicas_nothing_is_in_the_way() -> None:
    assert site.REPLICAS == ()
    assert site.DATABASE_ROUTERS == []
    with pytest.raises(MiddlewareNotUsed):
        ReplicaMiddleware(lambda _request: HttpResponse())


def test_every_named_route_exists() -> None:
    assert ROUTES - set(_names(get_resolver(), "")) == set()


def _names(resolver: URLResolver, space: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _names(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif one.name:
            yield f"{space}{one.name}"


@pytest.mark.parametrize("kept", ["home", "campaigns"])
def test_pages_that_are_kept_by_snapshot_are_the_primary_s(kept: str) -> None:
    assert kept not in ROUTES


def test_anonymous_reads_go_to_the_replica(watch: KnownReplica) -> None:
    assert read_from(request_for(HEATMAP)) == "replica1"
    assert read_from(request_for(HEATMAP, "HEAD")) == "replica1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "request_",
    [
        request_for(HEATMAP, headers={"Authorization": "Bearer abc"}),
        request_for(HEATMAP, headers={"X-Edit-Token": "abc"}),
        request_for(HEATMAP, headers={"Cookie": "sessionid=abc"}),
        request_for("/api/v1/campaigns/fear-spaces/contributions/", "POST"),
        request_for("/ogc/key/abc/collections"),
        request_for("/api/v1/campaigns/fear-spaces/survey/results/"),
        request_for("/planning/"),
        request_for("/"),
    ],
    ids=["token", "private link", "session", "write", "private address", "remembered", "staff", "kept"],
)
def test_all_others_go_to_the_primary(watch: KnownReplica, request_: HttpRequest) -> None:
    assert read_from(request_) is None


def position(number: int, salt: str = "replicas.position") -> dict[str, str]:
    signer = get_cookie_signer(salt=site.POSITION_COOKIE_NAME + salt)
    return {"Cookie": f"{site.POSITION_COOKIE_NAME}={signer.sign(f'{number:x}')}"}


def test_own_position_decides_which_replica_may_answer(watch: KnownReplica) -> None:
    assert read_from(request_for(HEATMAP, headers=position(100))) == "replica1"
    assert read_from(request_for(HEATMAP, headers=position(101))) is None


def test_forged_position_counts_for_nothing(watch: KnownReplica) -> None:
    assert read_from(request_for(HEATMAP, headers=position(101, salt="other"))) == "replica1"


@pytest.mark.django_db
def test_whoever_writes_gets_the_position_after_it(watch: KnownReplica) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")
        [before] = cursor.fetchone()
    response = ReplicaMiddleware(lambda _request: HttpResponse())(request_for(HEATMAP, "POST"))
    cookie = response.cookies[site.POSITION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 60)
    again = request_for(HEATMAP)
    again.COOKIES[site.POSITION_COOKIE_NAME] = cookie.value
    known = again.get_signed_cookie(site.POSITION_COOKIE_NAME, salt="replicas.position")
    assert known is not None
    assert int(known, 16) >= before


def test_reading_sets_no_cookie(watch: KnownReplica) -> None:
    response = ReplicaMiddleware(lambda _request: HttpResponse())(request_for(HEATMAP))
    assert not response.cookies


def test_replica_that_gives_no_connection_is_left(
    watch: KnownReplica, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Connections()
    broken.error = OperationalError("gone")
    monkeypatch.setattr(replicas, "connections", broken)
    assert read_from(request_for(HEATMAP)) is None
    assert watch.distrusted == ["replica1"]


@pytest.mark.parametrize("error", [OperationalError("gone"), DatabaseError("a mistake"), ValueError()])
def test_view_that_a_replica_failed_is_repeated_on_the_primary(watch: KnownReplica, error: Exception) -> None:
    request = request_for(HEATMAP)
    assert request.resolver_match is not None
    answered_by: list[str | None] = []

    def view(_request: HttpRequest, **_kwargs: str) -> HttpResponse:
        answered_by.append(chosen())
        return HttpResponse("from the primary")

    def failing(request: HttpRequest) -> HttpResponseBase:
        middleware.process_view(request)
        again = middleware.process_exception(request, error)
        return again or HttpResponse(status=500)

    request.resolver_match.func = view
    middleware = ReplicaMiddleware(failing)
    response = middleware(request)
    if isinstance(error, OperationalError):
        assert (response.status_code, answered_by, watch.distrusted) == (200, [None], ["replica1"])
    else:
        assert (response.status_code, answered_by, watch.distrusted) == (500, [], [])


def test_streams_are_read_from_the_replica_too(watch: KnownReplica) -> None:
    def pieces() -> Iterator[bytes]:
        yield (chosen() or "primary").encode()
        yield (chosen() or "primary").encode()

    response = StreamingHttpResponse(pieces())
    assert read_from(request_for(HEATMAP), response) == "replica1"
    assert response.getvalue() == b"replica1replica1"
    assert chosen() is None


@pytest.mark.django_db
def test_privacy_page_names_the_cookie_where_there_are_replicas(client: Client, settings: Settings) -> None:
    assert '<dt class="mono">position</dt>' not in client.get("/privacy/").content.decode()
    settings.REPLICAS = ("replica1",)
    assert '<dt class="mono">position</dt>' in client.get("/privacy/").content.decode()
