"""Opaque, signed places between two pages: newest first, or by any keys."""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.core.signing import BadSignature, Signer, b64_decode, b64_encode

from mapping.exports.page import Position
from mapping.exports.paging import Key
from mapping.services.errors import invalid

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SALT: Final = "geoparticipation.api.cursor"
_LONGEST: Final = 200
_LONGEST_KEYS: Final = 8_000


def write_cursor(position: Position, scope: str) -> str:
    """The text for a position; `scope` names campaign and filters, to which the signature binds it."""
    microseconds = (position.created_at - _EPOCH) // timedelta(microseconds=1)
    matched = "" if position.matched is None else f"{position.matched:x}"
    return _signer(scope).sign(f"{microseconds:x}.{position.id.hex}.{matched}")


def read_cursor(text: str, scope: str) -> Position:
    """The position; raises Invalid for the field `cursor` where the text is not ours."""
    try:
        microseconds, pk, matched = _signer(scope).unsign(text[:_LONGEST]).split(".")
    except BadSignature as error:
        raise invalid("cursor", "cursor_invalid") from error
    moment = _EPOCH + timedelta(microseconds=int(microseconds, 16))
    return Position(moment, uuid.UUID(hex=pk), int(matched, 16) if matched else None)


def write_keys(keys: Sequence[Key], matched: int | None, scope: str) -> str:
    """The text for a place in any order: the keys of the last row, and what the first page counted."""
    packed = zlib.compress(json.dumps([matched, *keys], separators=(",", ":")).encode())
    return _signer(scope).sign(b64_encode(packed).decode())


def read_keys(text: str, scope: str) -> tuple[tuple[Key, ...], int | None]:
    """Keys and count; raises Invalid for the field `cursor` where the text is not ours."""
    try:
        packed = b64_decode(_signer(scope).unsign(text[:_LONGEST_KEYS]).encode())
    except (BadSignature, ValueError) as error:
        raise invalid("cursor", "cursor_invalid") from error
    matched, *keys = json.loads(zlib.decompress(packed))
    return tuple(keys), matched


def _signer(scope: str) -> Signer:
    return Signer(salt=f"{_SALT}:{scope}")
