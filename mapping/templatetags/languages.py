"""Marks of the language of texts: `{% load languages %}`."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from mapping.translated.reading import LanguageText

register = template.Library()


@register.simple_tag(name="lang")
def marks(text: object, otherwise: str = "") -> SafeString:
    """The attributes `lang` and `dir` of the element around a text, beginning with a blank.

    Nothing for a text in the page's language; for one that does not know its language, `otherwise` is its `dir`.
    """
    if not isinstance(text, LanguageText):
        return format_html(' dir="{}"', otherwise) if otherwise else mark_safe("")
    if text.language.tag == get_language() and not text.is_mixed:
        return mark_safe("")
    direction = format_html(' dir="{}"', text.language.direction) if text.is_mixed else ""
    return format_html(' lang="{}"{}', text.language.tag, direction)


@register.filter
def marked(text: object) -> SafeString:
    """A text within a sentence or a line: in an element of its own that names its language, if that is another one."""
    attributes = marks(text)
    return format_html("<span{}>{}</span>", attributes, text) if attributes else conditional_escape(str(text))


@register.simple_tag
def direction(text: object) -> SafeString:
    """The attribute `dir` of a block that is laid out as its text is written, if that is from right to left."""
    return mark_safe(' dir="rtl"' if isinstance(text, LanguageText) and text.language.is_rtl else "")
