"""Template filters for texts: `{% load texts %}`."""

from collections.abc import Iterable
from typing import Final

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from texts.models import Fate
from texts.reading.differences import Piece

register = template.Library()

_CHIPS: Final = {
    Fate.OPEN: "",
    Fate.ADOPTED: "chip--good",
    Fate.PARTLY: "chip--accent",
    Fate.DECLINED: "chip--bad",
}
_HIGHEST, _LOWEST = 2, 6
_MARK: Final = (
    '<{tag}><span class="visually-hidden">{begin} </span>{text}'
    '<span class="visually-hidden"> {end}</span></{tag}>'
)


@register.filter
def compared(pieces: Iterable[Piece]) -> SafeString:
    """Pieces of two wordings with marks, which words for screen readers name, too."""
    removed = {"tag": "del", "begin": _("removed:"), "end": _("(end of what is removed)")}
    added = {"tag": "ins", "begin": _("added:"), "end": _("(end of what is added)")}
    html = ""
    for one in pieces:
        if one.kind == "same":
            html += conditional_escape(one.text)
        else:
            html += format_html(_MARK, text=one.text, **(removed if one.kind == "removed" else added))
    return mark_safe(html)


@register.filter
def chip_of_fate(fate: str) -> str:
    """The chip's class for what became of a suggestion."""
    return _CHIPS[Fate(fate)]


@register.filter
def heading_tag(level: int) -> str:
    """The element of a heading below the title of a page: `h2` for levels 0 and 1, never below `h6`."""
    return f"h{min(max(level, 1) + _HIGHEST - 1, _LOWEST)}"
