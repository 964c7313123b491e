"""Pages for programs of operators, which ask one server by its address, not the site by its name."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

ANY_HOST: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Paths that are answered under every name of a host: their responses hold no link."""


class OperatorsMiddleware:
    """Replace the host of requests to `ANY_HOST` by one of `ALLOWED_HOSTS`, so that no later step refuses them.

    Prometheus, load balancers and shells ask `http://127.0.0.1:8000/metrics` or an inner address. What the client has
    sent as its host is forgotten; all other paths keep Django's check.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in ANY_HOST:
            request.META["HTTP_HOST"] = _allowed_host()
        return self.get_response(request)


def _allowed_host() -> str:
    named = (host.removeprefix(".") for host in settings.ALLOWED_HOSTS if host != "*")
    return next(named, "localhost")
