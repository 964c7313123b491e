"""CQL text as GDAL writes it (`filter-lang=cql-text`, the name of a draft of the standard), with unquoted names.

GDAL 3.12 (OGROAPIFLayer::BuildFilterCQLText) sends `>`, OR, LIKE and NOT only to servers that list this language. It
writes names without quotes, moments as texts, times of day cut short (`2026-05-01T`, `2026-05-01T12Z`), yes and no as
1 and 0, and ILIKE.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mapping.ogc.cql2.tree import LONGEST

_PLAIN: Final = re.compile(r"[^\W\d][\w.:]*")
_KEYWORDS: Final = frozenset(
    {"and", "or", "not", "like", "ilike", "between", "in", "is", "null", "true", "false", "div", "empty"}
)
_STRETCH: Final = re.compile(r"""'(?:''|[^'])*'|"(?:""|[^"])*"|[\w.:-]+|\s+|.""", re.DOTALL)
_COMPARED: Final = re.compile(
    r"\s{0,100}(?:[=<>]|(?:NOT\s+)?I?LIKE\b|IS\b|IN\b|(?:NOT\s+)?BETWEEN\b)", re.IGNORECASE
)
_CUT_SHORT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2})?(:[0-9]{2})?(:[0-9]{2}(?:\.[0-9]+)?)?(.*)"
)


class Quoted:
    """A filter text with quotes added to known names that need them, and the original positions of its characters."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        self.text = text
        self._shifts: list[int] = []
        """Where each quotation mark that was added stands."""
        known = {name for name in names if not _PLAIN.fullmatch(name) or name.lower() in _KEYWORDS}
        if not known or len(text) > LONGEST:
            return
        pieces: list[str] = []
        length = 0
        for match in _STRETCH.finditer(text):
            piece = match[0]
            is_name = piece in known and (
                piece.lower() not in _KEYWORDS or _COMPARED.match(text, match.end())
            )
            if is_name:
                self._shifts += [length, length + len(piece) + 1]
                piece = f'"{piece}"'
            pieces.append(piece)
            length += len(piece)
        self.text = "".join(pieces)

    def before(self, at: int) -> int:
        """The position of a character in the original text."""
        return at - sum(shift < at for shift in self._shifts)


def moment_text(text: str) -> str:
    """Normalise a day or moment to the standard; missing parts are zero, in UTC."""
    match = _CUT_SHORT.fullmatch(text)
    if match is None:
        return text
    day, hour, minute, second, zone = match.groups()
    return f"{day}T{hour or '00'}{minute or ':00'}{second or ':00'}{zone or 'Z'}"
