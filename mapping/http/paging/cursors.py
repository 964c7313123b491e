"""Opaque cursors for keyset paging: newest first, or by any keys.

They are encrypted: they hold the sort time to the microsecond, which no response reveals.
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
from mapping.http.paging.sealed import BrokenSealError, opened, seal
from mapping.services.errors import invalid

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST: Final = 8_000


def write_cursor(position: Position, scope: str) -> str:
    """Encode a position; `scope` names the campaign and filters that the cursor is bound to."""
    microseconds = (position.created_at - _EPOCH) // timedelta(microseconds=1)
    keys = (microseconds, position.id.hex, position.position, position.rank)
    return write_keys(keys, position.matched, f"position:{scope}")


def read_cursor(text: str, scope: str) -> Position:
    """Decode a position; raises Invalid for the field `cursor` where the text was not made here."""
    (microseconds, pk, *more), matched = _read(text, f"position:{scope}")
    moment = _EPOCH + timedelta(microseconds=microseconds)
    # Cursors that were made before places had an order, and lists several, have fewer keys.
    position, rank = [*more, None, None][:2]
    return Position(moment, uuid.UUID(hex=pk), matched, position, rank)


def write_keys(keys: Sequence[Key], matched: int | None, scope: str) -> str:
    """Encode a cursor for any sort order: the keys of the last row, and the total that the first page counted."""
    packed = zlib.compress(json.dumps([matched, *keys], separators=(",", ":")).encode())
    return seal(packed, f"cursor:{scope}")


def read_keys(text: str, scope: str) -> tuple[tuple[Key, ...], int | None]:
    """Decode keys and count; raises Invalid for the field `cursor` where the text was not made here."""
    keys, matched = _read(text, scope)
    return tuple(keys), matched


def _read(text: str, scope: str) -> tuple[list[Any], int | None]:
    try:
        packed = opened(text[:_LONGEST], f"cursor:{scope}")
    except BrokenSealError as error:
        raise invalid("cursor", "cursor_invalid") from error
    matched, *keys = json.loads(zlib.decompress(packed))
    return keys, matched
