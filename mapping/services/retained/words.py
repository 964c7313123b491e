"""What citizens read about how long data are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.utils.functional import Promise as Words
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mapping.models import RetentionSubject
from mapping.services.retained.spans import Promise
from mapping.wording import in_words_day

NAMES: Final[Mapping[str, str | Words]] = {
    RetentionSubject.TEXTS: _("texts and comments"),
    RetentionSubject.PHOTOS: _("photos"),
    RetentionSubject.STAFF_ANSWERS: _("answers that only the city reads"),
    RetentionSubject.PLACES: _("exact places (squares of 100 m stay)"),
    RetentionSubject.PEOPLE: _("the link to your browser"),
}


def sentences(promised: Iterable[Promise]) -> Iterator[str]:
    """One sentence for each date, the first date first; then those of which the end is not known yet."""
    by_date: dict[str, list[str]] = {}
    for one in sorted(promised, key=_order):
        by_date.setdefault(_when(one), []).append(str(NAMES[one.subject]))
    for when, names in by_date.items():
        yield capfirst(f"{when}: {', '.join(names)}.")


def _order(one: Promise) -> tuple[bool, str, int]:
    return one.until is None, str(one.until), one.months


def _when(one: Promise) -> str:
    if one.done_at is not None:
        return gettext("Deleted since %(day)s") % {"day": in_words_day(one.done_at)}
    if one.until is not None:
        return gettext("Will be deleted on %(day)s") % {"day": in_words_day(one.until)}
    words = ngettext(
        "Will be deleted %(number)s month after the end",
        "Will be deleted %(number)s months after the end",
        one.months,
    )
    return words % {"number": one.months}
