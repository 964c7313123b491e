"""What templates of the planners' pages need besides `participation`."""

from typing import Final

from django import template

from mapping.planning.heatmap_tables import Number
from mapping.templatetags.participation import signed
from mapping.wording import in_words_number

register = template.Library()

UNKNOWN: Final = "–"
_SMALLEST_CHANCE: Final = 0.001


@register.filter
def tabular(number: Number) -> str:
    """A number of a table in words: counts, means, differences, chances; a dash where it is unknown."""
    if number.value is None:
        return UNKNOWN
    match number.kind:
        case "signed":
            return signed(number.value)
        case "mean":
            return in_words_number(round(number.value, 2))
        case "chance":
            small = f"< {in_words_number(_SMALLEST_CHANCE)}"
            return small if number.value < _SMALLEST_CHANCE else in_words_number(round(number.value, 3))
        case _:
            return in_words_number(number.value)
