"""The papers as files to go on with: Markdown, and Office Open XML for word processors."""

from __future__ import annotations

import io

from django.utils.translation import get_language

from mapping.exports.documents.markdown import in_markdown
from mapping.exports.protection.sections import BLANK, Paper
from mapping.models.setup.profile import current_city


def as_markdown(paper: Paper) -> bytes:
    """The paper in CommonMark; texts of the campaign are plain words in it."""
    lines = [
        f"# {in_markdown(paper.title)}",
        "",
        f"**{in_markdown(paper.campaign)}**",
        "",
        f"*{paper.note}*",
        "",
    ]
    for number, section in enumerate(paper.sections, 1):
        lines += [f"## {number}. {in_markdown(section.title)}", ""]
        for name, text in section.rows:
            lines += [f"- **{in_markdown(name)}:** {_plain(text)}"]
        lines += [f"- {_plain(point)}" for point in section.points]
        lines += [f"- {_plain(blank)}: {BLANK}" for blank in section.blanks]
        lines.append("")
    return "\n".join(lines).encode()


def as_docx(paper: Paper) -> bytes:
    """The paper as a document in the language of the page, with headings that programs know."""
    import docx

    document = docx.Document()
    facts = document.core_properties
    facts.title, facts.author, facts.language = paper.title, current_city().name, get_language() or "de"
    document.add_heading(paper.title, level=1)
    document.add_paragraph().add_run(paper.campaign).bold = True
    document.add_paragraph().add_run(paper.note).italic = True
    for number, section in enumerate(paper.sections, 1):
        document.add_heading(f"{number}. {section.title}", level=2)
        for name, text in section.rows:
            paragraph = document.add_paragraph()
            paragraph.add_run(f"{name}: ").bold = True
            paragraph.add_run(text)
        for point in section.points:
            document.add_paragraph(point, style="List Bullet")
        for blank in section.blanks:
            document.add_paragraph(f"{blank}: {BLANK}")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _plain(text: str) -> str:
    """A text as plain words; a blank stays one."""
    return text if text == BLANK else in_markdown(text)
