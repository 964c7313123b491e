"""Campaigns as they read in one of their languages: copies of rows for pages and answers, never stored back.

A text without a translation stays in the language in which it was written. Each text knows its language
(`LanguageText`), so that pages mark those that differ from the language of the page.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NoReturn, Self, TypeVar

from mapping.languages import Language, language_of
from mapping.models import Campaign, Category, Phase, Question, Translation
from mapping.translated.texts import (
    ALTS,
    CHOICES,
    ENDS,
    PICTURE,
    ROWS,
    Row,
    columns_of,
    kind_of,
    listed,
    name_of,
)

RowT = TypeVar("RowT", Campaign, Phase, Category, Question)
_LISTS: Final[Mapping[str, str]] = {
    "choices": CHOICES,
    "removed": CHOICES,
    "rows": ROWS,
    "removed_rows": ROWS,
}
"""The lists in the options of questions, and the names of their texts: answers may hold what is offered no more."""


class LanguageText(str):
    """A text that knows its language; `is_mixed` where it stands among texts of another direction."""

    __slots__ = ("is_mixed", "language")
    language: Language
    is_mixed: bool

    def __new__(cls, text: str, language: Language, *, is_mixed: bool = False) -> Self:
        """The text in its language."""
        made = super().__new__(cls, text)
        made.language, made.is_mixed = language, is_mixed
        return made

    def __str__(self) -> str:
        """The text itself, with its language."""
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str, Language], dict[str, bool]]:
        """What copies are made of."""
        return (str.__str__(self), self.language), {"is_mixed": self.is_mixed}


class Reading:
    """A campaign in one language: `campaign` is the copy to show, `original` the one to work with."""

    def __init__(self, original: Campaign, language: Language, texts: Mapping[str, str]) -> None:
        self.original = original
        self.language = language
        self._texts = texts
        self._source = language_of(original.language)
        self.campaign = self.of(original)

    @property
    def is_translated(self) -> bool:
        """Whether texts are read in another language than they were written in."""
        return self.language.tag != self.original.language

    def of(self, row: RowT) -> RowT:
        """A copy of a row of the campaign with its texts in the language; its relations are those of the row.

        Questions and phases that were read with a row are copied, too.
        """
        made = copy.copy(row)
        made.__dict__["save"] = made.__dict__["delete"] = _refuse
        for column in columns_of(row):
            if column not in row.get_deferred_fields():
                setattr(made, column, self._text(row, column, getattr(row, column)))
        if isinstance(made, Question):
            made.options = self._options(made, made.options)
        elif isinstance(made, Category):
            self._take_read(made, "questions")
        elif isinstance(made, Campaign):
            self._take_read(made, "categories")
            self._take_read(made, "phases")
            self._take_picture(made)
            if "timeline" in row.__dict__:
                made.timeline = self.all(row.timeline)
        return made

    def all(self, rows: Iterable[RowT]) -> list[RowT]:
        """Copies of rows of the campaign, in their order."""
        return [self.of(row) for row in rows]

    def _text(self, row: Row, field: str, original: str) -> str:
        translated = self._texts.get(name_of(kind_of(row), int(row.pk), field))
        if not original:
            return original
        if translated is None:
            return LanguageText(original, self._source, is_mixed=self._is_mixed)
        return LanguageText(translated, self.language, is_mixed=self._is_mixed)

    @property
    def _is_mixed(self) -> bool:
        return self.language.is_rtl or self._source.is_rtl

    def _options(self, question: Question, options: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(options)
        for name, kind in _LISTS.items():
            if name in options:
                made[name] = [self._listed(question, kind, one) for one in listed(options, name)]
        for name in ENDS:
            if isinstance(options.get(name), str):
                made[name] = self._text(question, name, options[name])
        return made

    def _listed(self, question: Question, kind: str, one: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(one)
        for member, name in (("title", kind), ("alt", ALTS)):
            if isinstance(one.get(member), str):
                made[member] = self._text(question, f"{name}.{one['value']}", one[member])
        return made

    def _take_read(self, made: Campaign | Category, name: str) -> None:
        """Copy related rows that were read already, as prefetching keeps them; others are left to be read."""
        kept = getattr(made, "_prefetched_objects_cache", {})
        if name in kept:
            rows = kept[name].all()
            rows._result_cache = self.all(kept[name])  # noqa: SLF001 - as `prefetch_related_objects` does
            rows._prefetch_done = True  # noqa: SLF001
            made._prefetched_objects_cache = {**kept, name: rows}  # type: ignore[union-attr]  # noqa: SLF001

    def _take_picture(self, made: Campaign) -> None:
        """Copy the title picture, if it was read with the campaign, with its alternative text in the language."""
        if Campaign._meta.get_field("picture").is_cached(made) and made.picture is not None:  # noqa: SLF001
            picture = copy.copy(made.picture)
            picture.alt = self._text(made, PICTURE, picture.alt)
            made.picture = picture


def in_language(campaign: Campaign, tag: str) -> Reading:
    """A campaign in one of its languages; in that of its texts for any other tag. One query, or none."""
    return in_languages([campaign], {campaign.pk: tag})[0]


def in_languages(campaigns: Sequence[Campaign], tags: Mapping[int, str]) -> list[Reading]:
    """Campaigns, each in its language by its id; see `in_language`. One query for all of them, or none."""
    chosen = {one.pk: tag_for(one, tags[one.pk]) for one in campaigns}
    wanted = {one.pk: chosen[one.pk] for one in campaigns if chosen[one.pk] != one.language}
    texts: dict[int, dict[str, str]] = {one.pk: {} for one in campaigns}
    if wanted:
        found = Translation.objects.filter(campaign__in=wanted, language__in=set(wanted.values()))
        for one in found:
            if one.language == wanted[one.campaign_id]:
                texts[one.campaign_id][name_of(one.kind, one.object_id, one.field)] = one.text
    return [Reading(one, language_of(chosen[one.pk]), texts[one.pk]) for one in campaigns]


def tags_of(campaign: Campaign) -> tuple[str, ...]:
    """The languages in which a campaign can be read, that of its texts first."""
    return (campaign.language, *(tag for tag in campaign.languages if tag != campaign.language))


def tag_for(campaign: Campaign, *wanted: str) -> str:
    """The first wanted language that a campaign can be read in; that of its texts where it is none of them."""
    offered = tags_of(campaign)
    return next((tag for tag in wanted if tag in offered), campaign.language)


def language_tag(text: str) -> str:
    """The language of a text; empty for one that does not know it."""
    return text.language.tag if isinstance(text, LanguageText) else ""


def _refuse(*_arguments: object, **_options: object) -> NoReturn:
    raise TypeError("This is a copy for reading: save the original.")
