"""The body of a section as blocks: paragraphs, lists, tables, with the offset of each line in the body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

_ITEM: Final = "- "
_CELLS: Final = " | "

Kind = Literal["paragraph", "list", "table"]


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


def blocks_of(body: str) -> Iterator[Block]:
    """The blocks of a body in its notation: empty lines between blocks, "- " before items, " | " between cells.

    Lines are a table where at least two in a row have cells: a single one may be a sentence with such a sign.
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
    if line.startswith(_ITEM):
        return "list"
    return "table" if _CELLS in line else "paragraph"


def _block(kind: Kind, lines: Sequence[Piece]) -> Iterator[Block]:
    if kind == "list":
        yield Block(kind, [[Piece(one.start + len(_ITEM), one.text[len(_ITEM) :])] for one in lines])
    elif kind == "table" and len(lines) > 1:
        yield Block(kind, [_cells(one) for one in lines])
    else:
        yield Block("paragraph", [[Piece(lines[0].start, "\n".join(one.text for one in lines))]])


def _cells(line: Piece) -> list[Piece]:
    cells, start = [], line.start
    for cell in line.text.split(_CELLS):
        cells.append(Piece(start, cell))
        start += len(cell) + len(_CELLS)
    return cells
