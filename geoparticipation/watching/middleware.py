"""The outermost middleware: ids, counts and the access log of requests."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from geoparticipation.watching.counting import count_request
from geoparticipation.watching.requests import HEADER, begin_request, view_of

access: Final = logging.getLogger("geoparticipation.requests")


class WatchingMiddleware:
    """Give each request an id, count it, and log it where `ACCESS_LOG` says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = begin_request(request)
        started = time.perf_counter()
        response = self.get_response(request)
        view = view_of(request)
        count_request(view, response.status_code, time.perf_counter() - started)
        response.headers[HEADER] = request_id
        if settings.ACCESS_LOG:
            _log(request, response, view, started)
        return response


def _log(request: HttpRequest, response: HttpResponseBase, view: str, started: float) -> None:
    """Log a request without anything of its path, its query or its sender; streams when they end."""

    def write() -> None:
        ms = round((time.perf_counter() - started) * 1000, 1)
        fields = {
            "method": request.method,
            "view": view,
            "status": response.status_code,
            "ms": ms,
            "bytes": _size(response),
        }
        access.info("%(method)s %(view)s %(status)s %(ms)s ms", fields, extra=fields)

    if response.streaming:
        response._resource_closers.append(write)  # type: ignore[attr-defined]  # noqa: SLF001 - called at its end
    else:
        write()


def _size(response: HttpResponseBase) -> int | None:
    """Bytes of the body; None of a stream whose length nobody knew."""
    if isinstance(response, HttpResponse):
        return len(response.content)
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None
