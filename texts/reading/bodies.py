"""The body of a section as blocks: paragraphs, lists, tables, with the offset of each line in the body."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

_ITEM: Final = re.compile(r"- ")
_NUMBERED: Final = re.compile(r"(\d{1,3})[.)] ")
_CELLS: Final = " | "

Kind = Literal["paragraph", "list", "numbered", "table"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a body; `start` is the offset of the first of them."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (one row of one piece, lines and all), a list (a row an item), or a table (a row a line)."""

    kind: Kind
    rows: Sequence[Sequence[Piece]]
    first: int = 1
    """The number of the first item."""


def blocks_of(body: str) -> Iterator[Block]:
    """The blocks of a body in its notation (`Wording`): empty lines between blocks, "- " or "1. " before items, " | "
    between cells.

    Lines are a table or a numbered list where at least two of them follow each other: a single one may be a sentence.
    """
    group: list[Piece] = []
    kind: Kind = "paragraph"
    for line in (*_lines(body), Piece(len(body), "")):
        found = _kind(line.text)
        if group and (not line.text.strip() or found != kind):
            yield from _block(kind, group)
            group = []
        if line.text.strip():
            kind = found
            group.append(line)


def _lines(body: str) -> Iterator[Piece]:
    start = 0
    for line in body.split("\n"):
        yield Piece(start, line)
        start += len(line) + 1


def _kind(line: str) -> Kind:
    if _ITEM.match(line):
        return "list"
    if _NUMBERED.match(line):
        return "numbered"
    return "table" if _CELLS in line else "paragraph"


def _block(kind: Kind, lines: Sequence[Piece]) -> Iterator[Block]:
    numbered = _NUMBERED.match(lines[0].text)
    if kind == "list":
        yield Block(kind, [[_item(one, _ITEM)] for one in lines])
    elif kind == "numbered" and numbered is not None and len(lines) > 1:
        yield Block(kind, [[_item(one, _NUMBERED)] for one in lines], int(numbered[1]))
    elif kind == "table" and len(lines) > 1:
        yield Block(kind, [_cells(one) for one in lines])
    else:
        yield Block("paragraph", [[Piece(lines[0].start, "\n".join(one.text for one in lines))]])


def _item(line: Piece, sign: re.Pattern[str]) -> Piece:
    found = sign.match(line.text)
    length = 0 if found is None else found.end()
    return Piece(line.start + length, line.text[length:])


def _cells(line: Piece) -> list[Piece]:
    cells, start = [], line.start
    for cell in line.text.split(_CELLS):
        cells.append(Piece(start, cell))
        start += len(cell) + len(_CELLS)
    return cells
