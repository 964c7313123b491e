"""Through which way the current request came: set by a middleware and by authentication, read by `recording`.

Without a request (commands, background jobs) it is the server itself.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from audit.actions import Way


@dataclass(frozen=True, slots=True)
class Through:
    """A way, and the name of the token or private link."""

    way: Way
    name: str = ""


ON_THE_SERVER: Final = Through(Way.SERVER)
_current: Final[ContextVar[Through]] = ContextVar("audit_way", default=ON_THE_SERVER)


def current_way() -> Through:
    """The way of what runs now."""
    return _current.get()


def came_by(way: Way, name: str = "") -> None:
    """Note that the current request came by a token or a private link of this name."""
    if _current.get() != ON_THE_SERVER:
        _current.set(Through(way, name))


class WayMiddleware:
    """Notes whether a request is for a page or for the administration, until it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; what is made while the answer is streamed must take the way along (`recording.record`)."""
        is_administration = request.path_info.startswith(reverse("admin:index"))
        before = _current.set(Through(Way.ADMINISTRATION if is_administration else Way.PAGE))
        try:
            return self.get_response(request)
        finally:
            _current.reset(before)
