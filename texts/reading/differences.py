"""Differences between two wordings, word by word.

Method: the longest common runs of Ratcliff and Obershelp (Python's `difflib`), of lines first and of words within lines
that differ, so that a long text costs little and a moved paragraph does not spread over the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, Literal

Kind = Literal["same", "added", "removed"]

_TOKENS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
MOST_TOKENS: Final = 1000
"""Most lines, and most words and signs of lines that differ, that are compared; more are removed and added as a whole.

`difflib` leaves out what stands everywhere ("autojunk") from 200 on: it would take time by the cube of the length.
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that both wordings have, or one of them."""

    kind: Kind
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both wordings in reading order: what is removed stands before what is added in its place."""
    found: list[Piece] = []
    for kind, old, new in _runs(_LINES.findall(before), _LINES.findall(after)):
        if kind == "same":
            found.append(Piece("same", new))
            continue
        for sort, old_words, new_words in _runs(_TOKENS.findall(old), _TOKENS.findall(new)):
            found += [Piece("same", new_words)] if sort == "same" else _changed(old_words, new_words)
    return _joined(found)


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    if max(len(before), len(after)) > MOST_TOKENS:
        yield "changed", "".join(before), "".join(after)
        return
    matcher = SequenceMatcher(None, before, after)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        kind = "same" if tag == "equal" else "changed"
        yield kind, "".join(before[old_from:old_to]), "".join(after[new_from:new_to])


def _changed(old: str, new: str) -> list[Piece]:
    pieces: list[Piece] = []
    if old:
        pieces.append(Piece("removed", old))
    if new:
        pieces.append(Piece("added", new))
    return pieces


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind as one; a space alone between two changes is part of them, so that phrases stay whole."""
    found: list[Piece] = []
    old = new = ""
    kept = list(pieces)
    for number, one in enumerate(kept):
        is_last = number + 1 == len(kept)
        if one.kind == "removed":
            old += one.text
        elif one.kind == "added":
            new += one.text
        elif one.text == " " and (old or new) and not is_last and kept[number + 1].kind != "same":
            old, new = old + " ", new + " "
        else:
            found += [*_changed(old, new), one]
            old = new = ""
    return _merged([*found, *_changed(old, new)])


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    runs = groupby(pieces, key=lambda one: one.kind)
    return [Piece(kind, "".join(one.text for one in run)) for kind, run in runs]
