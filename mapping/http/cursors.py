"""Opaque places between two pages: newest first, or by any keys.

They are sealed: the moment by which rows are in order is exact to the microsecond, which no answer tells.
"""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mapping.exports.page import Position
from mapping.exports.paging import Key
from mapping.http.sealed import BrokenSealError, opened, seal
from mapping.services.errors import invalid

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST: Final = 8_000


def write_cursor(position: Position, scope: str) -> str:
    """The text for a position; `scope` names campaign and filters, to which the seal binds it."""
    microseconds = (position.created_at - _EPOCH) // timedelta(microseconds=1)
    return write_keys((microseconds, position.id.hex), position.matched, f"position:{scope}")


def read_cursor(text: str, scope: str) -> Position:
    """The position; raises Invalid for the field `cursor` where the text is not ours."""
    (microseconds, pk), matched = _read(text, f"position:{scope}")
    moment = _EPOCH + timedelta(microseconds=microseconds)
    return Position(moment, uuid.UUID(hex=pk), matched)


def write_keys(keys: Sequence[Key], matched: int | None, scope: str) -> str:
    """The text for a place in any order: the keys of the last row, and what the first page counted."""
    packed = zlib.compress(json.dumps([matched, *keys], separators=(",", ":")).encode())
    return seal(packed, f"cursor:{scope}")


def read_keys(text: str, scope: str) -> tuple[tuple[Key, ...], int | None]:
    """Keys and count; raises Invalid for the field `cursor` where the text is not ours."""
    keys, matched = _read(text, scope)
    return tuple(keys), matched


def _read(text: str, scope: str) -> tuple[list[Any], int | None]:
    try:
        packed = opened(text[:_LONGEST], f"cursor:{scope}")
    except BrokenSealError as error:
        raise invalid("cursor", "cursor_invalid") from error
    matched, *keys = json.loads(zlib.decompress(packed))
    return keys, matched
