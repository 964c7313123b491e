"""Documents that were written here, as tagged PDF in the language of their text."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from engagement.models import Document
from mapping.exports.documents.pdf import as_pdf
from mapping.geo.markup import as_html
from mapping.languages import listed, site_language
from mapping.models.setup.profile import current_city


def printed(document: Document, holders: Sequence[str] = ()) -> bytes:
    """The PDF of a document with a text; `holders` are the names of what it belongs to.

    Raises OSError where `exports.documents.pdf.is_possible` is not.
    """
    language = next(iter(listed({document.language})), None)
    with translation.override(site_language(document.language)):
        context = {
            "document": document,
            "text": mark_safe(_text(document)),
            "language": language,
            "holders": holders,
            "city": current_city(),
            "address": f"{settings.SITE_URL}{document.get_absolute_url()}",
        }
        html = render_to_string("engagement/papers/printed.html", context)
    return as_pdf(html)


def _text(document: Document) -> str:
    """The formatted text, whose headings follow that of the page without a level between them (ISO 14289-1, 7.4)."""
    return as_html(document.text).replace("h3>", "h2>").replace("h4>", "h3>")
