"""The content security policy: all of it on pages, and on data that nothing may be loaded by them."""

from __future__ import annotations

from typing import Final

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase

_HEADER: Final = "Content-Security-Policy"
_OF_DATA: Final = "default-src 'none'; frame-ancestors 'none'"
"""Stricter than that of pages, and a fifth as long: maps ask for many small pieces of data."""
_DATA: Final = ("image/png", "image/webp", "image/jpeg", "application/vnd.mapbox-vector-tile")


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, with a policy of their own for pictures, tiles and JSON."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the policy where a view has set none."""
        if _is_data(response) and _HEADER not in response:
            response[_HEADER] = _OF_DATA
        changed: HttpResponseBase = super().process_response(request, response)
        return changed


def _is_data(response: HttpResponseBase) -> bool:
    kind = response.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind in _DATA or kind == "application/json" or kind.endswith("+json")
