"""What all views of the API have in common."""

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

from mapping.http.authentication import BearerTokenAuthentication
from mapping.http.compression import chosen_coding, compressed
from mapping.http.parsers import LengthRequired, StrictGeoJSONParser, StrictJSONParser
from mapping.services.errors import NotAllowed

GEOJSON = "application/geo+json"
_ANY_PHOTO: Final = UUID(int=0)


class AnyAccept(BaseContentNegotiation):
    """Each address has one representation and answers with it whatever `Accept` says (RFC 9110 section 12.4.1)."""

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

    Reading knows the session, so that the planners' pages can use the API. Writing is what citizens do, by their own
    cookie; the session counts for nothing there, hence neither does a forged request with it. Against forged
    requests with the citizens' cookie stand SameSite=Lax, bodies that no HTML form can send, and `Origin`.
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
        """Refuse what another site's page sends, then go on as usual."""
        if request.method not in SAFE_METHODS:
            _refuse_foreign_origin(request._request)  # noqa: SLF001 - DRF's way to the plain request
            _refuse_unknown_length(request._request)  # noqa: SLF001 - as above
        super().initial(request, *args, **kwargs)

    def options(self, *_args: Any, **_kwargs: Any) -> Response:
        """Name the methods; the OpenAPI document has the rest."""
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def finalize_response(  # type: ignore[override] # the stubs know DRF's own Response only
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Say who may read and keep the answer."""
        done: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(done, ["Authorization"])
        # What a member of the staff reads may be more than the public's: no cache keeps it, no other site reads it.
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
    """A finished body, compressed where the client takes that.

    Not what may hold a secret, such as a private link: beside words that somebody else chose, its compressed length
    tells of it (the BREACH attack). Unless the caller says better, that is whatever the view does not call public.
    """
    if holds_secrets is None:
        view: ApiView = request.parser_context["view"]
        holds_secrets = not view.is_public_data
    coding = None if holds_secrets else chosen_coding(request.headers.get("Accept-Encoding", ""))
    smaller = compressed(body, coding)
    response = HttpResponse(body if smaller is None else smaller, content_type=content_type, **more)
    if smaller is not None and coding is not None:
        response["Content-Encoding"] = coding
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def absolute(request: Request, name: str, *args: object) -> str:
    """The full address of a page or view."""
    return request.build_absolute_uri(reverse(name, args=args))


def photo_base(request: Request) -> str:
    """What goes before `<id>.jpg` in the address of a photo."""
    return request.build_absolute_uri(photos_path())


def photos_path() -> str:
    """The same on this site."""
    return reverse("photo", args=(_ANY_PHOTO,)).removesuffix(f"{_ANY_PHOTO}.jpg")


def _refuse_unknown_length(request: HttpRequest) -> None:
    """Django reads as many bytes as Content-Length says: without it a body would be lost, and the reason with it."""
    if "Content-Length" not in request.headers and "Transfer-Encoding" in request.headers:
        raise LengthRequired


def _is_of_staff(request: Request) -> bool:
    """Whether somebody showed who they are; after a failed authentication nobody did."""
    user = getattr(request, "_user", None)
    return user is not None and user.is_authenticated


def _refuse_foreign_origin(request: HttpRequest) -> None:
    """Browsers name the page that sends (Fetch standard, section 3.2); scripts and QGIS send no Origin."""
    origin = request.headers.get("Origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # no browser sends such a thing
        host = ""
    if host != request.get_host():
        raise NotAllowed("foreign_origin")
