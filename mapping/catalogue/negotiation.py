"""Which of several representations a client likes best (RFC 9110 section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_LONGEST: Final = 1000
_QUALITY: Final = re.compile(r"q\s*=\s*([01](?:\.[0-9]{0,3})?)")


def preferred(accept: str, media_types: Sequence[str]) -> str:
    """The media type that `Accept` likes best; among equals, and where it likes none, the first one."""
    ranges = [_read(one) for one in accept[:_LONGEST].split(",") if one.strip()]
    if not ranges:
        return media_types[0]
    return max(media_types, key=lambda one: (_quality(one, ranges), -media_types.index(one)))


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """The most specific range decides."""
    known = dict(ranges)
    for one in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if one in known:
            return known[one]
    return 0.0


def _read(text: str) -> tuple[str, float]:
    name, *parameters = text.split(";")
    quality = next((float(found[1]) for one in parameters if (found := _QUALITY.fullmatch(one.strip()))), 1.0)
    return name.strip().lower(), quality
