"""Tables of translations as translators send them back: XLSX or CSV with the columns key, original and translation.

All faults are reported by row, and nothing is stored as long as there is one. Texts that are gone, or whose originals
were changed since the table was made, are no faults: they are noted.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.geo.errors import TextProblem
from mapping.geo.text import cell_text, clean_text
from mapping.imports.problems import TableProblem
from mapping.imports.reading.sheets.delimited import delimited
from mapping.imports.reading.sheets.workbook import opened_sheets
from mapping.imports.reading.unpacking import unpacked
from mapping.services.messages import filled
from mapping.translated.texts import Text

KEY: Final = "key"
ORIGINAL: Final = "original"
TRANSLATION: Final = "translation"
MOST_BYTES: Final = 4 * 2**20
MOST_UNPACKED: Final = 32 * 2**20
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 50
ENDINGS: Final = (".xlsx", ".csv")
_LONGEST_ORIGINAL: Final = 20_000
_MOST_GROWTH: Final = 3
"""Times that a text may become longer in NFC (UAX #15, section 9)."""

SENTENCES: Final[Mapping[str, Promise]] = {
    "column_missing": _("The table has no column “%(column)s”."),
    "too_many_rows": _("The table has more than %(most)s rows. Nothing of it was read."),
    "key_twice": _("The key stands already in row %(row)s, with another translation."),
    "text_gone": _("This text does not exist any more. Its translation is left out: %(text)s"),
    "original_changed": _(
        "The original was changed since the table was made. The translation is stored as out of date."
    ),
    "too_long": _("The translation is longer than %(max)s characters."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault or a note: the row as spreadsheets number it, a code and the parameters of its message."""

    row: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The message in the active language."""
        return filled(SENTENCES[self.code], self.params)


@dataclass(slots=True)
class TranslatedTable:
    """What a table holds: translations by the names of their texts, and the originals that are others by now.

    Empty translations are left out: those that are stored stay. With `problems` nothing can be stored.
    """

    texts: dict[str, str] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


def read_translations(file: UploadedFile[bytes], texts: Sequence[Text]) -> TranslatedTable:
    """Read a table of translations of these texts.

    Raises TableProblem for a file of another kind, or beyond the limits, which are checked before it is read.
    """
    ending = PurePath(str(file.name or "")).suffix.lower()
    if ending not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise TableProblem("The file is of a kind that is not read.", "file_unknown_ending", known=known)
    if not file.size:
        raise TableProblem("The file is empty.", "file_empty")
    if file.size > MOST_BYTES:
        raise TableProblem("The file is too large.", "upload_too_large", megabytes=MOST_BYTES // 2**20)
    with tempfile.TemporaryDirectory(prefix="geoparticipation-") as folder:
        path = Path(folder) / f"table{ending}"
        with path.open("wb") as target:
            target.writelines(file.chunks())
        with _lines(path) as lines:
            return _read(lines, {cell_text(text.name): text for text in texts})


@contextmanager
def _lines(path: Path) -> Iterator[Iterable[Sequence[object]]]:
    """The lines of a text, or of the first sheet of a workbook."""
    with unpacked(path, MOST_UNPACKED) as found:
        if path.suffix == ".csv":
            yield delimited(found.plain, path.name, None)
            return
        with opened_sheets(found.plain, path.name, MOST_COLUMNS) as sheets:
            yield next(iter(sheets.values()), ())


def _read(lines: Iterable[Sequence[object]], known: Mapping[str, Text]) -> TranslatedTable:
    table, rows = TranslatedTable(), 0
    columns: dict[str, int] = {}
    seen: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, start=1):
        cells = [cell_text(cell) for cell in line]
        if not any(cells):
            continue
        if not columns:
            columns = {name.casefold(): at for at, name in reversed(list(enumerate(cells))) if name}
            missing = [one for one in (KEY, TRANSLATION) if one not in columns]
            table.problems += (Finding(number, "column_missing", {"column": one}) for one in missing)
            if missing:
                return table
            continue
        rows += 1
        if rows > MOST_ROWS:
            table.problems.append(Finding(number, "too_many_rows", {"most": MOST_ROWS}))
            return table
        key, original, words = (_cell(cells, columns.get(one)) for one in (KEY, ORIGINAL, TRANSLATION))
        if not words:
            continue
        first, former = seen.setdefault(key, (number, words))
        if first != number:
            table.problems += [Finding(number, "key_twice", {"row": first})] if former != words else []
        elif key in known:
            _add(table, known[key], original, words, number)
        else:
            table.notes.append(Finding(number, "text_gone", {"text": words[:200]}))
    if not columns:
        raise TableProblem("The file has no rows.", "file_without_rows")
    return table


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at] if at is not None and at < len(cells) else ""


def _add(table: TranslatedTable, text: Text, original: str, words: str, number: int) -> None:
    try:
        cleaned = clean_text(words, max_length=text.max_length, multiline=text.is_long)
    except TextProblem:
        table.problems.append(Finding(number, "too_long", {"max": text.max_length}))
        return
    if not cleaned:
        # A cell of invisible characters is an empty one, which changes nothing.
        return
    table.texts[text.name] = cleaned
    if original and " ".join(original.split()) != " ".join(text.original.split()):
        table.originals[text.name] = clean_text(
            original[:_LONGEST_ORIGINAL], max_length=_MOST_GROWTH * _LONGEST_ORIGINAL, multiline=True
        )
        table.notes.append(Finding(number, "original_changed"))
