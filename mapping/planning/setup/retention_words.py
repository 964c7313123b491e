"""How long data are kept, as planners read it: choices, and changes in the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mapping.models import RetentionSubject

OFFERED = (1, 3, 6, 12, 24, 36, 60, 120)
"""Months after the end."""
LABELS: Mapping[str, str | Promise] = {
    RetentionSubject.TEXTS: _("Texts and comments"),
    RetentionSubject.PHOTOS: _("Photos"),
    RetentionSubject.STAFF_ANSWERS: _("Answers for staff only"),
    RetentionSubject.PLACES: _("Exact places"),
    RetentionSubject.PEOPLE: _("Link to the browser of each person"),
}
HELP: Mapping[str, str | Promise] = {
    RetentionSubject.TEXTS: _(
        "What people wrote, also as free answers, and what moderators noted about it. Categories, choices, numbers and "
        "support stay; so do the city's own places and replies."
    ),
    RetentionSubject.PHOTOS: _("The pictures that people sent."),
    RetentionSubject.STAFF_ANSWERS: _(
        "All answers to questions that only you may read, in places and surveys."
    ),
    RetentionSubject.PLACES: _(
        "Places become as coarse as squares of 100 m: points move to the middle of theirs. Heat maps stay."
    ),
    RetentionSubject.PEOPLE: _(
        "Afterwards nobody can tell to which browser or sheet of paper something belongs. The number of people stays."
    ),
}


def in_words_months(months: int | None) -> str:
    """A span after the end in words: years where it is whole ones."""
    if months is None:
        return str(_("as long as the campaign"))
    if months % 12:
        words = ngettext("%(number)s month after the end", "%(number)s months after the end", months)
        return words % {"number": months}
    years = months // 12
    return ngettext("%(number)s year after the end", "%(number)s years after the end", years) % {
        "number": years
    }


def changed_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Name, former and new value of each span that a change of the step holds."""
    for name, months in after.items():
        yield str(LABELS.get(name, name)), in_words_months(before.get(name)), in_words_months(months)
