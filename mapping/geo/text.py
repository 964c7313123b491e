"""Cleaning of user input for storage and display without changing its meaning."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from mapping.geo.errors import TextProblem
from mapping.geo.unseen import undisguised

__all__ = ["TextProblem", "address_from_title", "cell_text", "clean_text"]

_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE: Final = " \n\t\xa0"
# Anchored at the first blank: tried from each of them, a long run would take quadratic time.
_BLANK_LINE_ENDS: Final = re.compile(r"(?<![ \t])[ \t]+\n")
_MANY_BLANK_LINES: Final = re.compile(r"\n{4,}")
_WHITE_SPACE: Final = re.compile(r"\s+")
_GERMAN: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe", "ł": "l", "đ": "d"}
)
_NO_ADDRESS: Final = re.compile(r"[^a-z0-9]+")
_MOST_MARKS: Final = 30
"""Combining marks in a row, the limit of the Stream-Safe Text Format (UAX #15 section 13)."""


def cell_text(value: object) -> str:
    """The cell of a table as text, without surrounding blanks; empty for an empty cell."""
    return "" if value is None else str(value).strip()


def address_from_title(title: str, *, max_length: int = 80) -> str:
    """A short name for addresses in German spelling: `Für Größe – Straße` becomes `fuer-groesse-strasse`.

    Letters, digits and single hyphens; cut at a word where one ends in the second half. Empty where nothing of the
    title is Latin.
    """
    letters = unicodedata.normalize("NFC", title).lower().translate(_GERMAN)
    plain = "".join(one for one in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(one))
    name = _NO_ADDRESS.sub("-", plain).strip("-")
    if len(name) <= max_length:
        return name
    whole_words, _hyphen, _rest = name[: max_length + 1].rpartition("-")
    return (whole_words if len(whole_words) > max_length // 2 else name[:max_length]).strip("-")


def clean_text(value: str, *, max_length: int, multiline: bool) -> str:
    """Return the text in NFC (UAX #15), stripped, without characters that nobody types on purpose.

    Removed silently: invisible characters that only disguise (`geo.unseen`), and combining marks beyond 30 in a row.
    Line ends become a newline; with `multiline` at most two blank lines stay in a row, without it every run of white
    space becomes one blank. HTML is left as it is: escaping is the business of whoever displays it.

    Raises TextProblem "too_long" with params max and length (characters after cleaning; where the raw text is so
    long that cleaning it would be a waste, before it).
    """
    if len(value) > 4 * max_length + 1024:
        raise TextProblem("too_long", max=max_length, length=len(value))
    text = _LINE_ENDS.sub("\n", value)
    if not text.isascii():
        text = unicodedata.normalize("NFC", _without_piled_marks(text))
    text = undisguised(text)
    if not text.isascii():
        # Removed characters may have separated a letter from its marks.
        text = unicodedata.normalize("NFC", _without_piled_marks(text))
    if multiline:
        text = _MANY_BLANK_LINES.sub("\n\n\n", _BLANK_LINE_ENDS.sub("\n", text))
    else:
        text = _WHITE_SPACE.sub(" ", text)
    text = text.strip(_INVISIBLE)
    if len(text) > max_length:
        raise TextProblem("too_long", max=max_length, length=len(text))
    return text


def _without_piled_marks(text: str) -> str:
    """Drop combining marks beyond the limit; they overflow a page and make normalising slow."""
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)
