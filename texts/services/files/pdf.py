"""A text with its comments as tagged PDF."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string

from mapping.exports.documents.pdf import as_pdf
from mapping.models.setup.profile import current_city
from texts.services.files.rows import Frame, SectionWithRemarks


def comments_as_pdf(frame: Frame, rows: Sequence[SectionWithRemarks]) -> bytes:
    """The text section by section, each with its comments; raises OSError as `as_pdf` does."""
    context = {"frame": frame, "rows": rows, "city": current_city(), "language": frame.language}
    return as_pdf(render_to_string("texts/printed.html", context))
