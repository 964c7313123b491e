"""Request bodies: parsed completely or refused, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, Final
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import QueryDict
from django.http.request import HttpHeaders
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext_lazy as _
from rest_framework import status
from rest_framework.exceptions import APIException, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from mapping.geo.errors import JsonProblem
from mapping.geo.geojson import loads_strict
from mapping.services.errors import invalid

MAX_FORM_BYTES: Final = 64 * 1024
MAX_FORM_FIELDS: Final = 500
MAX_PHOTO_BYTES: Final = 10 * 1024 * 1024


class BodyTooLarge(APIException):
    """The body exceeds the limit of this address (RFC 9110 section 15.5.14)."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class LengthRequired(APIException):
    """The body is sent in chunks without a Content-Length (RFC 9110 section 15.5.12)."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = _("Please send the length of the body (Content-Length).")
    default_code = "length_required"


class StrictJSONParser(BaseParser):
    """JSON as `mapping.geo` reads it: UTF-8 only, no NaN, no repeated keys, no NUL, limited depth and length."""

    media_type = "application/json"

    def parse(  # type: ignore[override] # the stubs know forms only
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> object:
        """Decode the body; raises Invalid for the field `body`."""
        _require_utf8(media_type or "")
        try:
            return loads_strict(_read(stream, parser_context, settings.DATA_UPLOAD_MAX_MEMORY_SIZE))
        except JsonProblem as problem:
            raise invalid("body", problem.code, **problem.params) from problem


class StrictGeoJSONParser(StrictJSONParser):
    """Strict JSON in the media type of RFC 7946 (application/geo+json)."""

    media_type = "application/geo+json"


class MergePatchParser(StrictJSONParser):
    """Strict JSON in the media type of JSON Merge Patch (RFC 7396)."""

    media_type = "application/merge-patch+json"


class StrictFormParser(BaseParser):
    """Fields of a form (application/x-www-form-urlencoded) in UTF-8, limited in length and number."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> QueryDict:
        """Read the body; raises Invalid for the field `body`."""
        _require_utf8(media_type or "")
        try:
            text = _read(stream, parser_context, MAX_FORM_BYTES).decode("utf-8")
            # QueryDict itself would put a question mark for what it cannot read.
            parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FORM_FIELDS)
        except UnicodeDecodeError as error:
            raise invalid("body", "not_utf8", position=error.start) from error
        except ValueError as error:
            raise BodyTooLarge(MAX_FORM_BYTES) from error
        return QueryDict(text, encoding="utf-8")


class PhotoParser(BaseParser):
    """The bytes of one picture; `services.photos.pictures` checks whether it is one."""

    media_type = "image/*"

    def parse(  # type: ignore[override] # the stubs know forms only
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """Read the body."""
        if (media_type or "").partition(";")[0].strip().lower() not in {
            "image/jpeg",
            "image/png",
            "image/webp",
        }:
            raise UnsupportedMediaType(media_type or "")
        return _read(stream, parser_context, MAX_PHOTO_BYTES)


def _read(stream: IO[Any], context: Mapping[str, Any] | None, limit: int) -> bytes:
    """Read up to the limit, whatever Content-Length claims or omits."""
    headers: HttpHeaders | None = context["request"].headers if context else None
    announced = headers.get("Content-Length", "") if headers else ""
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise BodyTooLarge(limit)
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise BodyTooLarge(limit)
    return body


def _require_utf8(media_type: str) -> None:
    """RFC 8259 section 8.1: JSON is UTF-8; a charset parameter may only repeat that."""
    charset = parse_header_parameters(media_type)[1].get("charset", "utf-8")
    if charset.strip("\"' ").lower() not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(media_type)
