"""The id of a request: on its log lines, in its response and on its error page."""

from __future__ import annotations

import re
from contextvars import ContextVar
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest

HEADER: Final = "X-Request-ID"
_PLAUSIBLE: Final = re.compile(r"[0-9A-Za-z-]{16,36}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def begin_request(request: HttpRequest) -> str:
    """Give a request its id: that of a trusted proxy if it is plausible, else a new one.

    The id stays the current one of this thread until the next request, so that lines of a streamed body have it, too.
    """
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES > 0 else ""
    request_id = given if _PLAUSIBLE.fullmatch(given) else uuid4().hex
    request.request_id = request_id  # type: ignore[attr-defined]
    _current.set(request_id)
    return request_id


def current_request_id() -> str:
    """The id of the request that this thread works on; empty outside of requests."""
    return _current.get()


def view_of(request: HttpRequest) -> str:
    """The name of a request's view, or its route where it has none: never a path, which may hold a secret.

    `static` for static files, `unmatched` for addresses that do not exist.
    """
    match = request.resolver_match
    if match is not None:
        return match.view_name if match.url_name else match.route
    return "static" if request.path_info.startswith(settings.STATIC_URL) else "unmatched"
