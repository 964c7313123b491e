"""Texts with their translations, in words: what each is, whose it is, and its state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Campaign, Category, Phase, Question, TextOf
from mapping.services.setup.translating import TranslatedText
from mapping.translated.texts import ALTS, CHOICES, PICTURE, ROWS

State = Literal["missing", "translated", "outdated"]

_OWNERS: Final = {
    TextOf.CAMPAIGN: Campaign,
    TextOf.PHASE: Phase,
    TextOf.CATEGORY: Category,
    TextOf.QUESTION: Question,
}
_PLACES: Final[Mapping[str, str | Promise]] = {
    PICTURE: gettext_lazy("What the picture shows"),
    ALTS: gettext_lazy("What the picture shows"),
    CHOICES: gettext_lazy("Answer to choose"),
    ROWS: gettext_lazy("Statement"),
    "outcome": gettext_lazy("What became of it"),
    "organiser": gettext_lazy("Organised by"),
    "contact": gettext_lazy("Contact for questions"),
    "attribution": gettext_lazy("Source of the data on the map"),
    "minimum_title": gettext_lazy("What the smallest value means"),
    "maximum_title": gettext_lazy("What the largest value means"),
    "unit": gettext_lazy("Unit"),
}


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text to translate; `heading` is whose it is, empty where the text before it is of the same."""

    entry: TranslatedText
    heading: str
    title: str

    @property
    def state(self) -> State:
        """Whether there is a translation, and whether it fits the original."""
        if not self.entry.translation:
            return "missing"
        return "outdated" if self.entry.is_outdated else "translated"

    @property
    def mark(self) -> str:
        """What names the text in forms and addresses within the page: short names of choices may hold anything."""
        return hashlib.sha256(self.entry.text.name.encode()).hexdigest()[:12]


def shown_texts(texts: Sequence[TranslatedText]) -> list[ShownText]:
    """Texts in words; give all of a campaign's, or those of whole rows: a row is named by its first text."""
    return list(_shown(texts))


def with_headings(texts: Sequence[ShownText]) -> list[tuple[str, ShownText]]:
    """The texts of a page, each with the heading to show above it: where whose text it is changes."""
    found, last = [], ""
    for one in texts:
        found.append(("" if one.heading == last else one.heading, one))
        last = one.heading
    return found


def _shown(texts: Sequence[TranslatedText]) -> Iterator[ShownText]:
    last, heading = None, ""
    for one in texts:
        owner = (one.text.kind, one.text.object_id)
        if owner != last:
            last, heading = owner, _heading(one)
        yield ShownText(one, heading, title_of(one.text.kind, one.text.field))


def _heading(first: TranslatedText) -> str:
    words = {"title": first.text.original}
    match first.text.kind:
        case TextOf.PHASE:
            return _("Phase “%(title)s”") % words
        case TextOf.CATEGORY:
            return _("Category “%(title)s”") % words
        case TextOf.QUESTION:
            return _("Question “%(title)s”") % words
    return _("Texts and picture")


def title_of(kind: TextOf, field: str) -> str:
    """What a text is: "Summary", "Answer to choose"."""
    place = field.partition(".")[0]
    if place in _PLACES:
        return str(_PLACES[place])
    names = {one.name: one.verbose_name for one in _OWNERS[kind]._meta.fields}  # noqa: SLF001 - documented
    words = str(names.get(field, field))
    return words[:1].upper() + words[1:]
