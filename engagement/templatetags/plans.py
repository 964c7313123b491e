"""Looks of plans, and the language of what staff write: `{% load plans %}`."""

from typing import Final, Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from engagement.models import Stage
from mapping.languages import language_of

register = template.Library()

_LOOKS: Final = {
    Stage.PLANNING: "chip--accent",
    Stage.DECIDED: "chip--accent",
    Stage.REALISATION: "chip--warning",
    Stage.DONE: "chip--good",
}


class Written(Protocol):
    """A row that names the language of its texts."""

    language: str


@register.filter
def chip_of_stage(stage: str) -> str:
    """The chip's class for a stage."""
    return _LOOKS.get(Stage(stage), "")


@register.simple_tag
def lang_of(row: Written) -> SafeString:
    """The attributes `lang` and `dir` of the element around a text of a row; nothing in the page's language."""
    if row.language == get_language():
        return mark_safe("")
    language = language_of(row.language)
    direction = ' dir="rtl"' if language.is_rtl else ""
    return format_html(' lang="{}"{}', language.tag, mark_safe(direction))
