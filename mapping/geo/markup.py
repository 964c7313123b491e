"""Simple formatting of texts that planners write: headings, bold, italics, lists, links. Anything else stays text.

A text without any of these signs looks as it did before there was formatting.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

import nh3
from markdown_it import MarkdownIt

_ALLOWED: Final = {"h3", "h4", "p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote"}
_ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}}
_SCHEMES: Final = {"http", "https", "mailto", "tel"}
_HIGHEST: Final = 3
"""Level of the largest heading: above it stand those of the page."""
_LOWEST: Final = 4

_WITHIN_WORD: Final = re.compile(r"(?<=\w)\*(?=\w)")
"""The star of gender-fair German ("Anwohner*innen"), which is no emphasis."""

_parser: Final = MarkdownIt("zero", {"breaks": True, "html": False, "linkify": False}).enable(
    ["heading", "list", "blockquote", "emphasis", "link", "autolink", "newline", "escape"]
)


def as_html(text: str) -> str:
    """The text as sanitised HTML: raw HTML in it is shown as text, links lead to the web, mail or a telephone only."""
    tokens = _parser.parse(_WITHIN_WORD.sub(r"\*", text))
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    # Whatever sign a text begins with: a level left out is one that screen readers miss (WCAG 2.2, technique G141).
    top = min((token.tag for token in headings), default="")
    for token in headings:
        token.tag = f"h{_HIGHEST if token.tag == top else _LOWEST}"
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(
        html, tags=_ALLOWED, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener nofollow"
    )


def without_markup(text: str) -> str:
    """The words of a text without its formatting, line by line: for calendars, feeds, mails and search results."""
    return unescape(nh3.clean(as_html(text), tags=set())).strip()
