"""How results of the search are shown."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from mapping.search.snippets import Piece

register = template.Library()


@register.filter
def highlighted(pieces: Sequence[Piece]) -> SafeString:
    """A snippet with the words that were found in `<mark>`; everything is escaped."""
    parts = (format_html("<mark>{}</mark>" if one.is_found else "{}", one.text) for one in pieces)
    return format_html_join("", "{}", ((part,) for part in parts))
