"""Template filters for the planners' pages, in addition to `participation`."""

from typing import Final

from django import template

from mapping.planning.heatmap.tables import Number
from mapping.wording import in_words_chance, in_words_number, in_words_signed

register = template.Library()

UNKNOWN: Final = "–"


@register.filter
def tabular(number: Number) -> str:
    """A number of a table as text: counts, means, differences, probabilities; a dash if unknown."""
    if number.value is None:
        return UNKNOWN
    match number.kind:
        case "signed":
            return in_words_signed(number.value)
        case "mean":
            return in_words_number(round(number.value, 2))
        case "chance":
            return in_words_chance(number.value)
        case _:
            return in_words_number(number.value)
