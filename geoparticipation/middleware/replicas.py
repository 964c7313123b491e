"""Reads of anonymous visitors from replicas, where there are any (`geoparticipation.replicas`).

A replica is chosen once per request, for all that it reads of campaigns, also while its response is streamed. Whoever
has just sent something reads it at once: the response to it sets a short-lived cookie with the position of the
write-ahead log at which it had been committed, and replicas that have not replayed that position are not used.
Sessions, tokens and private links are always served by the primary, and permissions with them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.signing import BadSignature
from django.db import Error, InterfaceError, InternalError, OperationalError, connection, connections
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from psycopg.errors import SerializationFailure

from geoparticipation.replicas.choice import choose, chosen, reading_from
from geoparticipation.replicas.positions import EVERYTHING, parse_position
from geoparticipation.replicas.routes import ROUTES
from geoparticipation.replicas.watch import watch

logger = logging.getLogger(__name__)

_SAFE: Final = frozenset({"GET", "HEAD"})
_OF_A_PERSON: Final = ("Authorization", "X-Edit-Token")
"""Headers with which somebody reads what the public may not."""
_REMEMBERED: Final = 60
"""Seconds for which a browser's own position is kept: longer than the largest lag of a replica that is used."""
_SALT: Final = "replicas.position"
_POSITION: Final = "SELECT pg_current_wal_insert_lsn()::text"
_FAILURES: Final = (OperationalError, InterfaceError, InternalError)
"""A replica that is gone, a query that replaying cancelled (40001), a write in a read-only transaction (25006)."""


class ReplicaMiddleware:
    """Chooses the database of each request; the last of all, so that a view can be repeated on the primary."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with reading_from(None):
            response = self.get_response(request)
            if request.method not in _SAFE:
                _remember_position(response)
            elif isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                _keep_choice(response)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Choose, as soon as the route is known; a replica that gives no connection is left at once."""
        if not _may_read_replica(request):
            return
        alias = watch.usable(_needed_position(request))
        if alias is None:
            return
        try:
            connections[alias].ensure_connection()
        except Error:
            _leave(alias)
        else:
            choose(alias)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Repeat on the primary what a replica has failed: reading changes nothing."""
        alias = chosen()
        match = request.resolver_match
        if alias is None or match is None or not isinstance(error, _FAILURES):
            return None
        choose(None)
        if isinstance(error.__cause__, SerializationFailure):
            connections[alias].close()
        else:
            _leave(alias)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        render = getattr(response, "render", None)
        return render() if callable(render) else response


def _may_read_replica(request: HttpRequest) -> bool:
    return (
        request.method in _SAFE
        and request.resolver_match is not None
        and request.resolver_match.view_name in ROUTES
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not any(header in request.headers for header in _OF_A_PERSON)
    )


def _needed_position(request: HttpRequest) -> int:
    if settings.POSITION_COOKIE_NAME not in request.COOKIES:
        return 0
    try:
        return int(request.get_signed_cookie(settings.POSITION_COOKIE_NAME, salt=_SALT) or "", 16)
    except (BadSignature, ValueError):
        return 0


def _remember_position(response: HttpResponseBase) -> None:
    """Set the cookie after the commit; where the position cannot be read, the browser stays with the primary."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_POSITION)
            position = parse_position(cursor.fetchone()[0])
    except Error:
        position = EVERYTHING
    response.set_signed_cookie(
        settings.POSITION_COOKIE_NAME,
        f"{position:x}",
        salt=_SALT,
        max_age=_REMEMBERED,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def _leave(alias: str) -> None:
    watch.distrust(alias)
    connections[alias].close()
    logger.warning("A replica failed, its requests go to the primary: %s", alias)


def _keep_choice(response: StreamingHttpResponse) -> None:
    alias = chosen()
    if alias is not None:
        response.streaming_content = _Chosen(alias, iter(response.streaming_content))  # type: ignore[arg-type]


class _Chosen(Iterator[bytes]):
    """Pieces of a body, made while the request's replica is chosen, in whatever thread the server takes them."""

    def __init__(self, alias: str, pieces: Iterator[bytes]) -> None:
        self._alias = alias
        self._pieces = pieces

    def __next__(self) -> bytes:
        with reading_from(self._alias):
            return next(self._pieces)
