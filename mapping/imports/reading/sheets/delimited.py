"""Text with separators (CSV, TSV, Excel's "Unicode text"): detection of encoding and separator, reading of lines."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from mapping.geo.formulas import unguarded
from mapping.imports.problems import TableProblem

_SAMPLE: Final = 65_536
"""Characters in which the separator is detected."""
_MOST_LINES: Final = 100
_SEPARATORS: Final = (";", ",", "\t", "|")
_LONGEST_CELL: Final = 16 * 2**20
"""Characters of one cell: outlines in WKT are long."""
# The first line of some exports, specific to Excel.
_EXCEL_LINE: Final = re.compile(r"""["']?sep=(\\t|.)["']?\s*""", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text with separators; each iteration reads it from the start."""

    path: Path
    name: str
    encoding: str
    separator: str
    skipped: int = 0
    """Lines above the table that only Excel reads."""
    has_blanks: bool = False
    """Whether a blank follows each separator and precedes quotation marks."""

    def __iter__(self) -> Iterator[list[str]]:
        """The cells of each line with formula guards removed, empty for blank lines.

        Raises TableProblem if the text is not in its encoding, or if a quotation mark is never closed: it would swallow
        everything after it.
        """
        with (
            _readable(self.name, self.encoding),
            self.path.open(encoding=self.encoding, newline="") as file,
        ):
            lines = _Lines(file, self.name)
            for _ in range(self.skipped):
                next(lines, None)
            reader = csv.reader(lines, delimiter=self.separator, skipinitialspace=self.has_blanks)
            record: list[str] = []
            try:
                for cells in reader:
                    record = lines.taken()
                    yield [unguarded(cell) for cell in cells]
            except csv.Error as error:
                raise self._open_quote(lines.count - len(lines.taken()) + 1) from error
            if _is_open(record, self.separator):
                raise self._open_quote(lines.count - len(record) + 1)

    def _open_quote(self, line: int) -> TableProblem:
        return TableProblem(
            f"{self.name}: the quotation mark that opens in line {line} is never closed.",
            "file_open_quote",
            line=line,
        )


class _Lines:
    """The lines of a file, recording those of the current record."""

    def __init__(self, file: Iterator[str], name: str) -> None:
        self._file, self._name = file, name
        self._taken: list[str] = []
        self.count = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._file)
        if "\0" in line:
            raise TableProblem(
                f"{self._name} does not hold CSV as its ending says.", "file_other_content", driver="CSV"
            )
        self.count += 1
        self._taken.append(line)
        return line

    def taken(self) -> list[str]:
        """The lines since the last call."""
        taken, self._taken = self._taken, []
        return taken


def delimited(path: Path, name: str, encoding: str | None) -> Delimited:
    """Detect the dialect at the start of a text; raises TableProblem if it is not in its encoding."""
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((found for mark, found in _MARKS if start.startswith(mark)), None)
    chosen = marked or encoding or "utf-8"
    with _readable(name, chosen), path.open(encoding=chosen, newline="") as text:
        sample = text.read(_SAMPLE)
    if len(sample) == _SAMPLE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    lines = sample.splitlines(keepends=True)
    told = _EXCEL_LINE.fullmatch(lines[0]) if lines else None
    if told:
        return Delimited(path, name, chosen, "\t" if told[1] == r"\t" else told[1], skipped=1)
    separator = _separator(lines)
    has_blanks = f'{separator} "' in sample and f'{separator}"' not in sample
    return Delimited(path, name, chosen, separator, has_blanks=has_blanks)


def _separator(lines: list[str]) -> str:
    """The separator that splits most lines into the same, largest number of cells."""
    best = max(_SEPARATORS, key=lambda one: (_likeness(lines, one), -_SEPARATORS.index(one)))
    return best if _likeness(lines, best) > (0, 0) else ","


def _likeness(lines: list[str], separator: str) -> tuple[float, int]:
    try:
        widths = [
            len(cells) for cells in islice(csv.reader(lines, delimiter=separator), _MOST_LINES) if cells
        ]
    except csv.Error:
        return 0, 0
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0, 0
    width, number = max(several.items(), key=lambda one: (one[1], one[0]))
    return round(number / len(widths), 1), width


def _is_open(record: list[str], separator: str) -> bool:
    """Whether the last record of a text ends inside of quotation marks."""
    if len(record) < 2 and not (record and '"' in record[0]):
        return False
    try:
        list(csv.reader(record, delimiter=separator, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


@contextmanager
def _readable(name: str, encoding: str) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:
        raise TableProblem(
            f"{name} is not {encoding.upper()}; name its encoding with --encoding, e.g. cp1252.",
            "file_not_utf8",
        ) from error
