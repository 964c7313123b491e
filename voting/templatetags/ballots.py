"""Template filters for ballots: `{% load ballots %}`."""

from django import template
from django.utils.translation import gettext

from mapping.wording import in_words_day, in_words_number
from voting.models import OptionChange, OptionChangeKind

register = template.Library()


@register.filter
def change_in_words(change: OptionChange) -> str:
    """What changed about an option while people voted, with its day."""
    day = in_words_day(change.changed_at)
    match change.kind:
        case OptionChangeKind.COST:
            words = gettext("The cost changed on %(day)s: %(after)s instead of %(before)s.") % {
                "day": day,
                "before": _euros(change.before),
                "after": _euros(change.after),
            }
        case OptionChangeKind.WITHDRAWN:
            words = gettext("Withdrawn on %(day)s.") % {"day": day}
        case OptionChangeKind.RETURNED:
            words = gettext("Back on the ballot since %(day)s.") % {"day": day}
        case OptionChangeKind.MERGED:
            words = gettext("Merged into another proposal on %(day)s.") % {"day": day}
        case _:
            words = gettext("The text changed on %(day)s.") % {"day": day}
    return f"{words} {change.reason}".rstrip()


def _euros(cost: str) -> str:
    """A cost as it is recorded with a change: whole euros, or nothing."""
    return f"{in_words_number(int(cost))} €" if cost.isdecimal() else "–"
