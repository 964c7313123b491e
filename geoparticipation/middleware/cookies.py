"""Ignores damaged or forged cookies.

The session is looked up in the database by its cookie, on every page; PostgreSQL refuses a text with NUL.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

_LONGEST: Final = 4096


class PlausibleCookiesMiddleware:
    """Drops cookies with control characters or of a length that browsers do not store (RFC 6265, sections 4.1.1, 6.1).

    Placed before everything that reads a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wrong = [name for name, value in request.COOKIES.items() if not _is_plausible(value)]
        for name in wrong:
            del request.COOKIES[name]
        return self.get_response(request)


def _is_plausible(value: str) -> bool:
    return len(value) <= _LONGEST and value.isprintable()
