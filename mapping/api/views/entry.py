"""Entry point, and the response for addresses that do not exist."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from mapping.api.entry_points import ENTRY_POINTS
from mapping.api.openapi import problems
from mapping.http.views import ApiView, absolute, json_response

NOWHERE = "nowhere"


class EntryView(ApiView):
    """The entry points of the API."""

    @extend_schema(
        operation_id="entry",
        tags=["entry"],
        summary="Entry points",
        responses={
            200: OpenApiResponse({"type": "object", "additionalProperties": {"type": "string"}}),
            **problems(),
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Addresses by name."""
        return json_response(request, {one.name: absolute(request, one.route) for one in ENTRY_POINTS})


class _MovedPermanently(HttpResponsePermanentRedirect):
    """308, which unlike 301 keeps method and body (RFC 9110 section 15.4.9)."""

    status_code = 308


@extend_schema(exclude=True)
class NowhereView(ApiView):
    """All other addresses below the API: redirect for superfluous or missing slashes, else 404."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Skip authentication; the handler below answers every method."""

    def http_method_not_allowed(  # type: ignore[override] # the stubs know DRF's own Response only
        self, request: Request, *_args: Any, **_kwargs: Any
    ) -> HttpResponseBase:
        """Respond to any method."""
        path = request.path
        other = path.removesuffix("/") if path.endswith("/") else path + "/"
        try:
            exists = resolve(other).url_name != NOWHERE
        except Resolver404:
            exists = False
        if not exists:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        return _MovedPermanently(f"{other}?{query}" if query else other)

    options = http_method_not_allowed  # type: ignore[assignment]
