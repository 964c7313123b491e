"""What the views of this room have in common: nobody is known, and what was not changed is not sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date, quote_etag
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from mapping.http.answers import not_modified
from mapping.http.views import ApiView
from mapping.models import Campaign


class PublicView(ApiView):
    """Answers are the same for everyone: no session, no token, no cookie is looked at."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """None."""
        return []


@extend_schema(exclude=True)
class NowhereView(PublicView):
    """Every other address below an interface for programs: an error that they can read, never a page."""

    def http_method_not_allowed(  # type: ignore[override] # the stubs know Django's own request only
        self,
        request: Request,  # noqa: ARG002 - the interface
        *_args: Any,
        **_kwargs: Any,
    ) -> NoReturn:
        """Whatever the method."""
        raise Http404

    options = http_method_not_allowed  # type: ignore[assignment]


def public_campaign(slug: str) -> Campaign:
    """A campaign that everyone may see, without its area; raises Http404."""
    campaign = Campaign.objects.visible().defer("area").filter(slug=slug).first()
    if campaign is None:
        raise Http404
    return campaign


def unchanged(request: Request, version: str) -> HttpResponseBase | None:
    """The answer 304 where the client holds this version (RFC 9110 section 13.1.2), else None.

    `If-Modified-Since` is not asked: titles and texts of campaigns change without a date.
    """
    if "If-None-Match" not in request.headers:
        return None
    return not_modified(request._request, _etag(version))  # noqa: SLF001 - DRF's way to the plain request


def with_version(response: HttpResponseBase, version: str, modified: datetime | None) -> HttpResponseBase:
    """Tell clients what they hold; the tag is weak, for the same content is sent in several codings."""
    response["ETag"] = _etag(version)
    if modified is not None:
        response["Last-Modified"] = http_date(modified.timestamp())
    return response


def see_other(address: str) -> HttpResponseBase:
    """Lead on to a document about what was asked for (RFC 9110 section 15.4.4)."""
    response = HttpResponse(status=303)
    response["Location"] = address
    response["Vary"] = "Accept"
    return response


def _etag(version: str) -> str:
    return f"W/{quote_etag(version)}"
