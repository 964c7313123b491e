"""The languages in which campaigns are read: tags, names, directions. The site's own interface has few of them.

Tags are BCP 47 (RFC 5646), all in small letters. `de-simple` is Leichte Sprache: `simple` is a registered variant
("Simplified form", IANA Language Subtag Registry). Own names and directions follow the Unicode CLDR.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ORIGINAL: Final = "de"
"""The language of campaigns that name no other."""
SIMPLE: Final = "de-simple"


@dataclass(frozen=True, slots=True)
class Language:
    """A language to read in: its tag, its name in itself and in the site's language, its direction."""

    tag: str
    own_name: str
    name: StrPromise
    is_rtl: bool = False

    @property
    def direction(self) -> str:
        """The value of `dir` in HTML."""
        return "rtl" if self.is_rtl else "ltr"


OFFERED: Final[tuple[Language, ...]] = (
    Language("de", "Deutsch", _("German")),
    Language(SIMPLE, "Leichte Sprache", _("Easy-to-read German")),
    Language("en", "English", _("English")),
    Language("am", "አማርኛ", _("Amharic")),
    Language("ar", "العربية", _("Arabic"), is_rtl=True),
    Language("bg", "български", _("Bulgarian")),
    Language("bs", "bosanski", _("Bosnian")),
    Language("ckb", "کوردیی ناوەندی", _("Kurdish (Sorani)"), is_rtl=True),
    Language("cs", "čeština", _("Czech")),
    Language("da", "dansk", _("Danish")),
    Language("el", "Ελληνικά", _("Greek")),
    Language("es", "español", _("Spanish")),
    Language("fa", "فارسی", _("Persian, Dari"), is_rtl=True),
    Language("fr", "français", _("French")),
    Language("hi", "हिन्दी", _("Hindi")),
    Language("hr", "hrvatski", _("Croatian")),
    Language("hsb", "hornjoserbšćina", _("Upper Sorbian")),
    Language("hu", "magyar", _("Hungarian")),
    Language("it", "italiano", _("Italian")),
    Language("kmr", "Kurmancî", _("Kurdish (Kurmanji)")),
    Language("mk", "македонски", _("Macedonian")),
    Language("nds", "Plattdüütsch", _("Low German")),
    Language("nl", "Nederlands", _("Dutch")),
    Language("pl", "polski", _("Polish")),
    Language("ps", "پښتو", _("Pashto"), is_rtl=True),
    Language("pt", "português", _("Portuguese")),
    Language("ro", "română", _("Romanian")),
    Language("ru", "русский", _("Russian")),
    Language("sk", "slovenčina", _("Slovak")),
    Language("so", "Soomaali", _("Somali")),
    Language("sq", "shqip", _("Albanian")),
    Language("sr", "српски", _("Serbian")),
    Language("ta", "தமிழ்", _("Tamil")),
    Language("ti", "ትግርኛ", _("Tigrinya")),
    Language("tr", "Türkçe", _("Turkish")),
    Language("uk", "українська", _("Ukrainian")),
    Language("ur", "اردو", _("Urdu"), is_rtl=True),
    Language("vi", "Tiếng Việt", _("Vietnamese")),
    Language("zh", "中文", _("Chinese")),
)
"""In the order in which they are listed: German, Leichte Sprache, English, the others by tag.

A new one needs a migration: constraints list the tags.
"""
TAGS: Final[tuple[str, ...]] = tuple(language.tag for language in OFFERED)
_BY_TAG: Final = {language.tag: language for language in OFFERED}


def language_of(tag: str) -> Language:
    """The language of one of the `TAGS`; raises KeyError for any other."""
    return _BY_TAG[tag]


def listed(tags: set[str] | frozenset[str]) -> list[Language]:
    """Languages in the order in which they are offered; unknown tags are left out."""
    return [language for language in OFFERED if language.tag in tags]


def site_language(tag: str) -> str:
    """The language of the site for words around texts in a language: the same, its main one, else that of the site."""
    main = tag.partition("-")[0]
    return main if main in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
