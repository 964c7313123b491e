"""Base class and response helpers of all API views."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.mediatypes import media_type_matches
from rest_framework.views import APIView

from mapping.http.answers import encode, entity_tag, unless_known
from mapping.http.authentication import BearerTokenAuthentication
from mapping.http.compression import chosen_coding
from mapping.http.parsers import LengthRequired, StrictGeoJSONParser, StrictJSONParser
from mapping.services.errors import NotAllowed

GEOJSON = "application/geo+json"
_ANY_PHOTO: Final = UUID(int=0)


class AnyAccept(BaseContentNegotiation):
    """Each address has one representation, sent whatever `Accept` prefers (RFC 9110 section 12.4.1)."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        """The parser for the body's media type."""
        return next(
            (parser for parser in parsers if media_type_matches(parser.media_type, request.content_type)),
            None,
        )

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002 - the interface
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,  # noqa: ARG002 - the interface
    ) -> tuple[BaseRenderer, str]:
        """The only renderer."""
        [renderer] = renderers
        return renderer, renderer.media_type


class ApiView(APIView):
    """A view whose errors are problems, readable from any origin where it shows public data.

    GET accepts the session, so that the planners' pages can use the API. Writing is for citizens, who have a cookie of
    their own; the session is ignored there, hence a forged request cannot use it. Forged requests with the citizens'
    cookie are prevented by SameSite=Lax, bodies that no HTML form can send, and a check of `Origin`.
    """

    content_negotiation_class = AnyAccept
    parser_classes: Sequence[type[BaseParser]] = (StrictJSONParser, StrictGeoJSONParser)
    is_public_data = True
    """False for what belongs to one person: never readable from another site, not compressed (see `text_response`)."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Session and token for reading, the token alone for writing."""
        request: HttpRequest | Request | None = self.request  # None while the OpenAPI document is made
        if request is not None and request.method not in SAFE_METHODS:
            return [BearerTokenAuthentication()]
        return super().get_authenticators()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse requests from pages of other sites, then continue as usual."""
        if request.method not in SAFE_METHODS:
            _refuse_foreign_origin(request._request)  # noqa: SLF001 - DRF's way to the plain request
            _refuse_unknown_length(request._request)  # noqa: SLF001 - as above
        super().initial(request, *args, **kwargs)

    def options(self, *_args: Any, **_kwargs: Any) -> Response:
        """Return the allowed methods; the OpenAPI document has the rest."""
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def finalize_response(  # type: ignore[override] # the stubs know DRF's own Response only
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Set CORS and caching headers."""
        done: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(done, ["Authorization"])
        # Responses for staff may hold more than the public's: no cache may store them, no other site may read them.
        is_public_data = self.is_public_data and not _is_of_staff(request)
        is_reading = request.method in SAFE_METHODS
        if is_reading and is_public_data:
            # Without credentials only: `*` makes browsers keep cookies out, and a token needs a preflight (refused).
            done["Access-Control-Allow-Origin"] = "*"
        if "Cache-Control" not in done:
            done["Cache-Control"] = "no-cache" if is_reading and is_public_data else "no-store"
        return done


def json_response(
    request: Request, body: object, *, content_type: str = "application/json", **more: Any
) -> HttpResponse:
    """A JSON body without DRF's renderer."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return text_response(request, text, content_type=content_type, **more)


def text_response(
    request: Request,
    body: bytes,
    *,
    content_type: str = GEOJSON,
    holds_secrets: bool | None = None,
    **more: Any,
) -> HttpResponse:
    """Return a finished body, compressed where the client accepts that.

    Bodies that may hold a secret, such as a private link, are not compressed: beside text chosen by an attacker, the
    compressed length reveals it (the BREACH attack). By default these are all that the view does not declare public.
    """
    if holds_secrets is None:
        view: ApiView = request.parser_context["view"]
        holds_secrets = not view.is_public_data
    coding = None if holds_secrets else chosen_coding(request.headers.get("Accept-Encoding", ""))
    return encode(HttpResponse(body, content_type=content_type, **more), coding)


def tagged(request: Request, response: HttpResponse) -> HttpResponseBase:
    """A public answer with an entity tag; 304 to clients that have it already (RFC 9110 section 13)."""
    response["ETag"] = entity_tag(response)
    return unless_known(request._request, response)  # noqa: SLF001 - DRF's way to the plain request


def absolute(request: Request, name: str, *args: object) -> str:
    """Return the absolute URL of a page or view."""
    return request.build_absolute_uri(reverse(name, args=args))


def photo_base(request: Request) -> str:
    """The absolute URL prefix of photos, before `<id>.jpg`."""
    return request.build_absolute_uri(photos_path())


def photos_path() -> str:
    """The path prefix of photos on this site, before `<id>.jpg`."""
    return reverse("photo", args=(_ANY_PHOTO,)).removesuffix(f"{_ANY_PHOTO}.jpg")


def _refuse_unknown_length(request: HttpRequest) -> None:
    """Raise LengthRequired for a chunked body: Django reads Content-Length bytes and would drop it silently."""
    if "Content-Length" not in request.headers and "Transfer-Encoding" in request.headers:
        raise LengthRequired


def _is_of_staff(request: Request) -> bool:
    """Whether the request is authenticated; false after a failed authentication."""
    user = getattr(request, "_user", None)
    return user is not None and user.is_authenticated


def _refuse_foreign_origin(request: HttpRequest) -> None:
    """Raise for a foreign Origin, which browsers send (Fetch standard, section 3.2) and scripts and QGIS do not."""
    origin = request.headers.get("Origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # no browser sends such a thing
        host = ""
    if host != request.get_host():
        raise NotAllowed("foreign_origin")
