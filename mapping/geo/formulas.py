"""Texts that spreadsheets evaluate as formulas: guarded when a table is written, restored when one is read.

The list is OWASP's ("CSV Injection"): the signs, the characters that begin a cell, and the full-width forms that
spreadsheets in East Asian editions treat alike. White space and zero-width characters may precede them.
"""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = r"=+@\uff1d\uff0b\uff0d\uff20-"
_BEGINNINGS: Final = r"\t\r\n"
_UNSEEN: Final = (
    r" \x0b\x0c\u0085\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff"
)

LIKE_FORMULA: Final = f"^'*[{_UNSEEN}{_BEGINNINGS}]*[{_BEGINNINGS}{_SIGNS}]"
"""Pattern of texts to guard, for Python and PostgreSQL; existing apostrophes are escaped by one more."""
FIRST_CHARACTERS: Final = f"^['{_UNSEEN}{_BEGINNINGS}{_SIGNS}]"
"""Pattern of the first character of such a text, for a quick check."""

_LIKE_FORMULA: Final = re.compile(LIKE_FORMULA)
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


def guarded(value: object) -> object:
    """Guard a cell of a table: a text that a spreadsheet would evaluate is prefixed by an apostrophe."""
    return f"'{value}" if isinstance(value, str) and _LIKE_FORMULA.match(value) else value


def guarded_unless_number(value: object) -> object:
    """Guard a cell of a foreign table, whose numbers are texts, except for numbers."""
    return value if isinstance(value, str) and _NUMBER.fullmatch(value) else guarded(value)


def unguarded(text: str) -> str:
    """Undo `guarded`."""
    return text[1:] if text.startswith("'") and _LIKE_FORMULA.match(text) else text
