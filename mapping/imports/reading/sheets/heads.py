"""Detection of the header line of a table, and names of columns."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from mapping.imports.reading.columns import guessed

LOOKED_AT: Final = 30
"""Number of first lines in which the header is searched."""
_LONGEST_NAME: Final = 200
# Values that occur in rows and never in a header: coordinates, dates with a time, geometries.
_DATA: Final = re.compile(
    r"[+-]?[0-9]{1,3}[.,][0-9]{3,}|[+-]?[0-9]{6,}(?:[.,][0-9]+)?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:.*|(?:SRID=[0-9]+;)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*Z?\s*\(.*",
    re.IGNORECASE | re.DOTALL,
)
_TELLING: Final = ("lon", "lat", "category", "time", "text", "name")

Line = Sequence[object]


def guessed_header(lines: Sequence[Line]) -> int:
    """Guess the number of the header line, from 1; 0 if there seems to be none.

    Titles and dates of a report above the table fill fewer cells than the table is wide; a line that holds coordinates
    or moments is a row.
    """
    filled = [sum(map(is_filled, line)) for line in lines]
    widest = max(filled, default=0)
    if not widest:
        return 1
    first = next(at for at, number in enumerate(filled) if number >= min(widest, max(2, 0.6 * widest)))
    if _telling(lines[first]):
        return first + 1
    below = range(first + 1, min(len(lines), LOOKED_AT))
    named = next((at for at in below if names_coordinates(lines[at])), None)
    if named is not None:
        return named + 1
    if any(map(_is_data, lines[first])):
        return 0
    return first + 1


def names_of(line: Line | None, width: int, unnamed: str) -> tuple[str, ...]:
    """A unique name for each column: the second "Answer" is "Answer (2)", the unnamed third one "field_3"."""
    cells = list(line or ())
    cells += [None] * (width - len(cells))
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        name = _as_name(cell) or f"{unnamed}{number}"
        different, again = name, 1
        while different in names:
            again += 1
            different = f"{name} ({again})"
        names[different] = None
    return tuple(names)


def as_words(line: Line, most: int = 60) -> str:
    """The start of a line, for a list of choices."""
    words = " · ".join(_as_name(cell) for cell in line if is_filled(cell))
    return words if len(words) <= most else f"{words[:most]}…"


def _as_name(cell: object) -> str:
    """A cell as a name, without line breaks and doubled blanks."""
    text = "" if cell is None else str(cell)
    return " ".join(text.replace("\0", "").split())[:_LONGEST_NAME]


def is_filled(cell: object) -> bool:
    """Whether a cell is not blank."""
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _is_data(cell: object) -> bool:
    return isinstance(cell, date) or _DATA.fullmatch(str(cell).strip()) is not None


def _telling(line: Line) -> int:
    names = [_as_name(cell) for cell in line]
    return sum(guessed(meaning, names) is not None for meaning in _TELLING)


def names_coordinates(line: Line) -> bool:
    """Whether two cells are names of columns with coordinates."""
    names = [_as_name(cell) for cell in line]
    lon, lat = guessed("lon", names), guessed("lat", names)
    return not any(map(_is_data, line)) and lon is not None and lat is not None and lon != lat
