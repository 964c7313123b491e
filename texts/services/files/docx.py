"""Comments on a text as a table for word processors (Office Open XML): a row for each section and for each comment."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mapping.models import CommentStatus
from mapping.models.setup.profile import current_city
from mapping.wording import in_words_day
from texts.models import Fate, Suggestion
from texts.services.discussion import Remark, ShownSection
from texts.services.files.rows import Frame, SectionWithRemarks, paragraphs

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell, _Row

_WIDTHS: Final = (1.3, 14.2, 3.6, 6.6)
"""Of the columns in centimetres; together the width of the text on A4 across."""


def comments_as_docx(frame: Frame, rows: Iterable[SectionWithRemarks]) -> bytes:
    """The document. Suggested words are marked by signs and words, not only by how they look."""
    document = _document(frame)
    table = document.add_table(rows=1, cols=len(_WIDTHS), style="Table Grid")
    heads = (_("No."), _("Comment or suggestion"), _("Written"), _("What became of it"))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    _repeat(table.rows[0])
    number = 0
    for row in rows:
        _add_section(table, row.section)
        for remark in row.remarks:
            number += 1
            _add_remark(table, number, remark)
    _set_widths(table)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _document(frame: Frame) -> Document:
    """A page across with title, version and address."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    document = docx.Document()
    page = document.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    document.styles["Normal"].font.size = Pt(10)
    facts = document.core_properties
    facts.title, facts.author, facts.language = frame.title, current_city().name, get_language() or "de"
    document.add_heading(frame.title, level=1)
    document.add_paragraph(frame.subtitle)
    document.add_paragraph(frame.address)
    return document


def _add_section(table: Table, section: ShownSection) -> None:
    cells = table.add_row().cells  # type: ignore[no-untyped-call]
    cell = cells[0].merge(cells[-1])
    cell.paragraphs[0].add_run(f"{section.number} {section.wording.heading}").bold = True
    for part in paragraphs(section.wording.body):
        cell.add_paragraph(part)


def _add_remark(table: Table, number: int, remark: Remark) -> None:
    index, words, written, fate = table.add_row().cells  # type: ignore[no-untyped-call]
    index.text = str(number)
    parts = list(paragraphs(remark.words))
    if remark.comment.answers_comment:
        parts.insert(0, _("Answer to a comment:"))
    _fill(words, parts)
    if remark.suggestion is not None:
        _add_suggestion(words, remark.suggestion, is_first=not parts)
        _fill(fate, _fate(remark.suggestion))
    facts = [in_words_day(remark.comment.created_at)]
    if remark.earlier is not None:
        facts.append(_("on version %(number)s") % {"number": remark.earlier.number})
    if remark.comment.status == CommentStatus.PENDING:
        facts.append(str(CommentStatus.PENDING.label))
    _fill(written, facts)


def _add_suggestion(cell: _Cell, suggestion: Suggestion, *, is_first: bool) -> None:
    for name, text, is_old in (
        (_("Instead of:"), suggestion.exact, True),
        (_("Behind:"), "" if suggestion.exact.strip() else suggestion.prefix, False),
        (_("Suggested:"), suggestion.replacement, False),
    ):
        if not text.strip():
            continue
        paragraph = cell.paragraphs[0] if is_first else cell.add_paragraph()
        is_first = False
        paragraph.add_run(f"{name} ").bold = True
        run = paragraph.add_run(" ".join(paragraphs(text)))
        run.font.strike, run.font.underline = is_old or None, text == suggestion.replacement or None


def _fate(suggestion: Suggestion) -> list[str]:
    words = [str(Fate(suggestion.fate).label)]
    if suggestion.adopted_in is not None and suggestion.adopted_in.published_at is not None:
        words.append(_("In version %(number)s") % {"number": suggestion.adopted_in.number})
    return [*words, *paragraphs(suggestion.reason)]


def _fill(cell: _Cell, parts: Sequence[str]) -> None:
    for number, part in enumerate(parts):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        paragraph.add_run(part)


def _repeat(row: _Row) -> None:
    """Mark the row as the header of the table: repeated on each page, and read out with each cell."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no name for it (ISO 29500-1, 17.4.49)
    properties.append(OxmlElement("w:tblHeader"))


def _set_widths(table: Table) -> None:
    from docx.shared import Cm

    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, _WIDTHS, strict=True):  # noqa: SLF001 - as above
        column.w = Cm(width)
    for row in table._tbl.tr_lst:  # noqa: SLF001 - `row.cells` would be looked up once more
        cells = row.tc_lst
        for cell, width in zip(
            cells, _WIDTHS if len(cells) == len(_WIDTHS) else (sum(_WIDTHS),), strict=True
        ):
            cell.width = Cm(width)
