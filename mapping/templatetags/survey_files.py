"""The formats of responses for the planners' page of a survey: `{% load survey_files %}`."""

from django import template

from mapping.exports.responses.formats import RESPONSES_FORMATS, ResponsesFormat

register = template.Library()


@register.simple_tag
def responses_formats() -> tuple[ResponsesFormat, ...]:
    """All formats in which responses can be taken home."""
    return RESPONSES_FORMATS
