"""Word files (.docx, ISO/IEC 29500-1) as blocks, read with python-docx.

The library's lists of paragraphs leave out tables, content controls and tracked insertions without a word; the body is
therefore walked element by element. Insertions are read, deletions left out, as if all changes were accepted.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from texts.reading.blocks import Block, Notice, one_line, several_lines
from texts.reading.problems import DocumentProblem

MOST_UNPACKED: Final = 100 * 2**20
"""Most bytes of all parts, and below how much of one part of XML is read."""
MOST_XML: Final = 30 * 2**20
_MOST_PARTS: Final = 2000
_RATIO: Final = 250
"""Highest compression ratio of honest files, as in `mapping.imports.reading.archives`."""
_HARMLESS: Final = 8 * 2**20
_MACROS: Final = re.compile(r"vbaproject|vbadata|macroenabled", re.IGNORECASE)
_BODY_TEXT: Final = 9
"""The outline level of what is no heading (17.3.1.20)."""
_HEADING_NAME: Final = re.compile(r"(?:heading|überschrift) ([1-9])", re.IGNORECASE)
_TITLE_NAMES: Final = frozenset({"title", "titel"})

_SKIPPED: Final = frozenset(map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:instrText", "w:delText")))
_TRACKED: Final = frozenset(map(qn, ("w:ins", "w:del", "w:moveTo", "w:moveFrom")))
_PICTURES: Final = frozenset(
    {
        *map(qn, ("w:drawing", "w:pict", "w:object")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
    }
)
_NOTES: Final = frozenset(map(qn, ("w:footnoteReference", "w:endnoteReference")))
_PLAIN: Final = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_WRAPPERS: Final = frozenset(map(qn, ("w:ins", "w:moveTo", "w:sdtContent", "w:customXml", "w:smartTag")))


def blocks_of_word(data: bytes) -> tuple[list[Block], list[Notice]]:
    """The blocks of a file and what was left out.

    Raises DocumentProblem: not_a_word_file, word_macros, word_bomb, word_broken.
    """
    _check_package(data)
    try:
        document = Document(io.BytesIO(data))
        reader = _Reader(document)
        return list(reader.blocks()), list(reader.notices)
    except DocumentProblem:
        raise
    except PackageNotFoundError as error:
        raise DocumentProblem("not_a_word_file") from error
    except Exception as error:
        # lxml, zipfile and the library raise a dozen kinds of errors for broken files.
        raise DocumentProblem("word_broken") from error


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            names = [one.filename for one in members]
            if "[Content_Types].xml" not in names:
                raise DocumentProblem("not_a_word_file")
            size = sum(one.file_size for one in members)
            packed = min(sum(one.compress_size for one in members), len(data))
            xml = (one.file_size for one in members if not one.filename.startswith("word/media/"))
            is_bomb = size > max(_HARMLESS, _RATIO * packed) or len(members) > _MOST_PARTS
            if is_bomb or size > MOST_UNPACKED or max(xml, default=0) > MOST_XML:
                raise DocumentProblem("word_bomb")
            types = archive.read("[Content_Types].xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise DocumentProblem("not_a_word_file") from error
    if _MACROS.search(types) or any(map(_MACROS.search, names)):
        raise DocumentProblem("word_macros")
    if "wordprocessingml" not in types:
        raise DocumentProblem("not_a_word_file")


class _Reader:
    def __init__(self, document: Any) -> None:
        self.body = document.element.body
        self.notices: dict[Notice, None] = {}
        self.styles = {one.get(qn("w:styleId")): one for one in document.styles.element.iter(qn("w:style"))}
        self.formats = _formats_of_lists(document)
        self.counts: Counter[tuple[str, int]] = Counter()

    def blocks(self) -> Iterator[Block]:
        yield from self._within(self.body)

    def _within(self, parent: Any) -> Iterator[Block]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag == qn("w:sdt"):
                if not _is_table_of_contents(child):
                    yield from self._within(child)
            elif child.tag in _WRAPPERS:
                yield from self._within(child)

    def _paragraph(self, paragraph: Any) -> Block:
        text = several_lines("".join(self._words(paragraph)))
        level, is_title = self._standing_of(paragraph)
        if is_title:
            return Block("title", one_line(text))
        if level is not None:
            return Block("heading", one_line(text), level)
        sign = self._sign(paragraph)
        return Block("item", f"{sign}{one_line(text)}") if sign and text else Block("paragraph", text)

    def _words(self, parent: Any) -> Iterator[str]:
        for child in parent:
            if child.tag in _TRACKED:
                self.notices[Notice.TRACKED_CHANGES] = None
            if child.tag == qn("w:t"):
                yield child.text or ""
            elif child.tag in _PLAIN:
                yield _PLAIN[child.tag]
            elif child.tag in _PICTURES:
                self.notices[Notice.PICTURES] = None
            elif child.tag in _NOTES:
                self.notices[Notice.NOTES] = None
            elif child.tag == qn("w:commentReference"):
                self.notices[Notice.COMMENTS] = None
            elif child.tag == qn("w:r") and _is_hidden(child):
                self.notices[Notice.HIDDEN] = None
            elif child.tag not in _SKIPPED:
                yield from self._words(child)

    def _table(self, table: Any) -> Iterator[Block]:
        for row in table.iter(qn("w:tr")):
            cells = [self._cell(one) for one in row.iter(qn("w:tc")) if _row_of(one) is row]
            yield Block("row", " | ".join(cells) if any(cells) else "")

    def _cell(self, cell: Any) -> str:
        paragraphs = (one for one in cell.iter(qn("w:p")) if _cell_of(one) is cell)
        return one_line(" ".join("".join(self._words(one)) for one in paragraphs))

    def _standing_of(self, paragraph: Any) -> tuple[int | None, bool]:
        """The level of a heading from 1, or None; and whether it is the title of the document."""
        properties = paragraph.find(qn("w:pPr"))
        level = _outline_level(properties)
        name = "" if properties is None else _value(properties.find(qn("w:pStyle")))
        seen: set[str] = set()
        while name in self.styles and name not in seen:
            seen.add(name)
            style = self.styles[name]
            called = _value(style.find(qn("w:name")))
            if level is None and called.casefold() in _TITLE_NAMES:
                return None, True
            if level is None:
                level = _outline_level(style.find(qn("w:pPr")))
            named = _HEADING_NAME.fullmatch(called)
            if level is None and named is not None:
                level = int(named[1]) - 1
            name = _value(style.find(qn("w:basedOn")))
        return (None if level is None or level >= _BODY_TEXT else level + 1), False

    def _sign(self, paragraph: Any) -> str:
        """What stands before an item of a list: "- ", or its number; empty outside of lists."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        numbering = properties.find(qn("w:numPr"))
        style = self.styles.get(_value(properties.find(qn("w:pStyle"))))
        if numbering is None and style is not None and style.find(qn("w:pPr")) is not None:
            numbering = style.find(qn("w:pPr")).find(qn("w:numPr"))
        if numbering is None:
            return ""
        of, depth = _value(numbering.find(qn("w:numId"))), _number(_value(numbering.find(qn("w:ilvl"))))
        if of in ("", "0"):
            return ""
        indent = "  " * min(depth, 5)
        if self.formats.get((of, depth), "bullet") in ("bullet", "none"):
            return f"{indent}- "
        self.counts[of, depth] += 1
        for key in [key for key in self.counts if key[0] == of and key[1] > depth]:
            del self.counts[key]
        return f"{indent}{self.counts[of, depth]}. "


def _formats_of_lists(document: Any) -> dict[tuple[str, int], str]:
    """The number format of each list and depth: `bullet`, `decimal`, ... (17.9.17)."""
    try:
        numbering = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return {}
    abstract: dict[str, dict[int, str]] = {}
    for one in numbering.iter(qn("w:abstractNum")):
        levels = {
            _number(level.get(qn("w:ilvl"), "")): _value(level.find(qn("w:numFmt")))
            for level in one.iter(qn("w:lvl"))
        }
        abstract[one.get(qn("w:abstractNumId"), "")] = levels
    return {
        (one.get(qn("w:numId"), ""), depth): kind
        for one in numbering.iter(qn("w:num"))
        for depth, kind in abstract.get(_value(one.find(qn("w:abstractNumId"))), {}).items()
    }


def _is_table_of_contents(control: Any) -> bool:
    """Whether a content control holds a table of contents that Word made (17.5.2.12)."""
    return any("table of contents" in _value(one).casefold() for one in control.iter(qn("w:docPartGallery")))


def _is_hidden(run: Any) -> bool:
    properties = run.find(qn("w:rPr"))
    found = None if properties is None else properties.find(qn("w:vanish"))
    return found is not None and found.get(qn("w:val"), "true") not in ("0", "false", "off")


def _outline_level(properties: Any) -> int | None:
    found = None if properties is None else properties.find(qn("w:outlineLvl"))
    return None if found is None else _number(_value(found), default=_BODY_TEXT)


def _value(element: Any) -> str:
    return "" if element is None else str(element.get(qn("w:val"), ""))


def _number(value: str, default: int = 0) -> int:
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else default


def _row_of(cell: Any) -> Any:
    return next(cell.iterancestors(qn("w:tr")), None)


def _cell_of(paragraph: Any) -> Any:
    return next(paragraph.iterancestors(qn("w:tc")), None)
