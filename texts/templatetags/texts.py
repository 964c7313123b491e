"""Template filters for texts: `{% load texts %}`."""

from typing import Final

from django import template

from texts.models import Fate

register = template.Library()

_CHIPS: Final = {
    Fate.OPEN: "",
    Fate.ADOPTED: "chip--good",
    Fate.PARTLY: "chip--accent",
    Fate.DECLINED: "chip--bad",
}
_HIGHEST, _LOWEST = 2, 6


@register.filter
def chip_of_fate(fate: str) -> str:
    """The chip's class for what became of a suggestion."""
    return _CHIPS[Fate(fate)]


@register.filter
def heading_tag(level: int) -> str:
    """The element of a heading below the title of a page: `h2` for level 1, never below `h6`."""
    return f"h{min(level + _HIGHEST - 1, _LOWEST)}"
