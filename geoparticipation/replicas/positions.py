"""Positions in PostgreSQL's write-ahead log (LSN), as whole numbers."""

from __future__ import annotations

import re
from typing import Final

EVERYTHING: Final = (1 << 64) - 1
"""A position that no replica has reached."""
_LSN: Final = re.compile(r"([0-9A-F]{1,8})/([0-9A-F]{1,8})")


def parse_position(text: str) -> int:
    """The number of a position such as `16/B374D848`; raises ValueError."""
    found = _LSN.fullmatch(text)
    if found is None:
        raise ValueError(text)
    high, low = (int(part, 16) for part in found.groups())
    return high << 32 | low
