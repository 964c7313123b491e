"""Pages behind an author's private link: kept out of caches, search engines and the Referer header.

Everybody with the link counts as the author.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from doors.models import LogInDoor
from doors.views import too_many
from mapping.services.errors import TooMany
from mapping.visitor import note_wrong_key

type_of_view = Callable[..., HttpResponseBase]
Page = TypeVar("Page", bound=HttpResponseBase)


def private(of_token: Callable[[str], object | None]) -> Callable[[type_of_view], type_of_view]:
    """Decorator for views of a private link: passes what `of_token` finds and sets headers that keep it private."""

    def decorate(view: type_of_view) -> type_of_view:
        @wraps(view)
        def opened(request: HttpRequest, token: str, **arguments: Any) -> HttpResponseBase:
            found = of_token(token)
            if found is None:
                return gone(request)
            return kept_private(view(request, found, token=token, **arguments))

        return opened

    return decorate


def gone(request: HttpRequest) -> HttpResponseBase:
    """The answer to a link that opens nothing; guesses are limited."""
    try:
        note_wrong_key(request, LogInDoor.PRIVATE_LINK)
    except TooMany as error:
        return kept_private(too_many(request, error.retry_after))
    return kept_private(render(request, "mapping/my_contribution_gone.html", status=404))


def kept_private(response: Page) -> Page:
    """Set the headers that keep a link private."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # Not "no-referrer": browsers would then hide the origin of forms as well, which Django's CSRF check needs.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
