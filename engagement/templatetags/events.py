"""Template filters for events: `{% load events %}`."""

from datetime import datetime
from typing import Final

from django import template
from django.utils import timezone

from engagement.calendar.wording import (
    in_words_clock,
    in_words_previous,
    in_words_span,
    in_words_times,
    in_words_zone,
)
from engagement.models import EventDate, EventKind
from mapping.languages import language_of
from mapping.translated.reading import LanguageText

register = template.Library()

_ICONS: Final = {EventKind.ON_SITE: "pin", EventKind.DIGITAL: "screen", EventKind.HYBRID: "people"}


@register.filter
def times(one: EventDate) -> str:
    """The times of day: `18–20 Uhr`."""
    return in_words_times(one)


@register.filter
def span(one: EventDate) -> str:
    """Day and times: `Fr., 6. Sept. 2026, 18–20 Uhr`."""
    return in_words_span(one)


@register.filter
def zone(one: EventDate) -> str:
    """The time zone at that date: `MEZ (Europe/Berlin)`."""
    return in_words_zone(one)


@register.filter
def clock(moment: datetime) -> str:
    """A time of day in the site's zone: `18 Uhr`, `18:00`."""
    return in_words_clock(timezone.localtime(moment))


@register.filter
def previous_start(one: EventDate) -> str:
    """When a moved date was to begin before."""
    return in_words_previous(one)


@register.filter
def icon_of_kind(kind: str) -> str:
    """The name of the icon of a kind of event."""
    return _ICONS[EventKind(kind)]


@register.filter
def written_in(text: str, tag: str) -> str:
    """A text that knows its language, so that `marked` and `lang` mark it on pages in another one."""
    return LanguageText(text, language_of(tag)) if text else text
