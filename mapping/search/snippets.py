"""Pieces of a text around the words that were found, as plain text with marked spans."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LENGTH: Final = 240
"""Letters of a snippet."""
_BEFORE: Final = 60
"""Letters before the first word that was found."""
_MOST_READ: Final = 100_000
"""Letters of a text that are looked through, as many as are indexed."""
_WORD: Final = re.compile(r"[^\W_]+")
_SPACES: Final = re.compile(r"\s+")
_SPELLED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_SHORTEST_INSIDE: Final = 4
"""Stems of so many letters are marked inside of words, too: parts of compounds."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet; `is_found` for words that fit."""

    text: str
    is_found: bool = False


def snippet(text: str, lexemes: Sequence[str]) -> list[Piece]:
    """The text from a little before the first word that fits, at most 240 letters; from its beginning if none does."""
    text = _SPACES.sub(" ", text[:_MOST_READ]).strip()
    spans = [match.span() for match in _WORD.finditer(text) if _fits(match.group(), lexemes)]
    start = _word_start(text, spans[0][0] - _BEFORE) if spans else 0
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + LENGTH // 2)
    pieces = list(_pieces(text, start, end, spans))
    if start > 0:
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return pieces


def marked(title: str, lexemes: Sequence[str]) -> list[Piece]:
    """A whole line with the words that fit."""
    spans = [match.span() for match in _WORD.finditer(title) if _fits(match.group(), lexemes)]
    return list(_pieces(title, 0, len(title), spans))


def _pieces(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    at = start
    for first, last in spans:
        if first < at or last > end:
            continue
        if first > at:
            yield Piece(text[at:first])
        yield Piece(text[first:last], is_found=True)
        at = last
    if at < end:
        yield Piece(text[at:end])


def _word_start(text: str, at: int) -> int:
    """The beginning of the word at a place, so that none is cut."""
    return text.rfind(" ", 0, at) + 1 if at > 0 else 0


def _fits(word: str, lexemes: Sequence[str]) -> bool:
    """Whether a word begins with a stem or, for longer stems, has it inside; in either spelling of umlauts."""
    small = unicodedata.normalize("NFC", word.lower())
    plain = "".join(one for one in unicodedata.normalize("NFD", small) if not unicodedata.combining(one))
    spellings = (small, plain.replace("ß", "ss"), small.translate(_SPELLED))
    return any(
        spelling.startswith(lexeme) or (len(lexeme) >= _SHORTEST_INSIDE and lexeme in spelling)
        for lexeme in lexemes
        for spelling in spellings
    )
