"""The languages of an XLSForm: which column holds the originals, and which ones hold translations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from mapping.imports.xlsform.form import SheetName
from mapping.imports.xlsform.sheets import Sheet
from mapping.languages import OFFERED, ORIGINAL, TAGS, language_of

_CODE: Final = re.compile(r"\(\s{0,9}([a-z-]{1,40})\s{0,9}\)\s*$")
_TAG: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,3}")
_NAMES: Final[Mapping[str, str]] = {
    # Names in English, as other programs write them, whatever language is active.
    "german": "de",
    "english": "en",
    "french": "fr",
    "spanish": "es",
    "turkish": "tr",
    "arabic": "ar",
    "ukrainian": "uk",
    "russian": "ru",
    "polish": "pl",
    **{one.own_name.casefold(): one.tag for one in OFFERED},
}

TEXTS: Final = ("label", "hint", "start_label", "end_label", "unit", "alt")
"""Columns with texts of one language each."""


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of a form in the order in which originals are looked for in them; the first one is stored.

    `further` are the languages whose texts are translations: the name in the form by tag.
    """

    order: tuple[str, ...]
    further: Mapping[str, str] = field(default_factory=dict)

    @property
    def first(self) -> str:
        """The language whose texts are the originals, empty where the form names none."""
        return self.order[0] if self.order else ""

    @property
    def left_out(self) -> tuple[str, ...]:
        """The languages that are read neither as originals nor as translations."""
        read = set(self.further.values())
        return tuple(one for one in self.order[1:] if one and one not in read)


def languages_of(sheets: Mapping[SheetName, Sheet], original: str = ORIGINAL) -> Languages:
    """The campaign's own language first, then texts without a language, the form's own one, the others as they come.

    `original` is the tag of the campaign's language. All others that this site offers are read as translations.
    """
    columns = [
        column for one in sheets.values() for column in one.columns if column.name in ("label", "hint")
    ]
    known = list(dict.fromkeys(column.language for column in columns))
    settings = sheets.get("settings")
    own = settings.rows[0]["default_language"] if settings and settings.rows else ""
    named = next((one for one in known if one and tag_of(one) == original), None)
    wanted = [named, "", next((one for one in known if one.casefold() == own.casefold()), None), *known]
    order = tuple(dict.fromkeys(one for one in wanted if one is not None and one in known))
    further: dict[str, str] = {}
    for one in order[1:]:
        tag = tag_of(one)
        if tag is not None and tag != original:
            further.setdefault(tag, one)
    return Languages(order, further)


def tag_of(language: str) -> str | None:
    """The tag of a language as a form names it: "Türkçe (tr)", "de-DE", "English"; None where it is not offered."""
    name = language.strip().casefold()
    code = _CODE.search(name)
    given = code[1] if code else name
    if _TAG.fullmatch(given):
        return given if given in TAGS else _main(given)
    return _NAMES.get(name) or _NAMES.get(name.partition(" ")[0])


def _main(tag: str) -> str | None:
    """The language of a tag without its region: "pt" of "pt-br"."""
    main = tag.partition("-")[0]
    return main if main in TAGS else None


def heading_of(tag: str) -> str:
    """A language as forms name it: "Türkçe (tr)"."""
    return f"{language_of(tag).own_name} ({tag})"
