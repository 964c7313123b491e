"""In which language a visitor reads the texts of a campaign, and the switch between its languages.

The address chooses (`?language=tr`), then the visitor's last choice, which a cookie keeps until the browser is closed
(`geoparticipation.middleware.language`), then the language of the page, then that of the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from mapping.languages import Language, language_of
from mapping.models import Campaign, Contribution
from mapping.translated.reading import Reading, in_language, in_languages, tag_for, tags_of

PARAMETER: Final = "language"
COOKIE: Final = "content_language"


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """A language of a campaign, and the address of the same page in it."""

    language: Language
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class LanguageSwitch:
    """The languages of a campaign for a page."""

    current: Language
    choices: Sequence[LanguageChoice]


def reading_of(request: HttpRequest, campaign: Campaign) -> Reading:
    """The campaign as this visitor reads it."""
    chosen = (request.GET.get(PARAMETER, ""), request.COOKIES.get(COOKIE, ""), get_language() or "")
    reading = in_language(campaign, tag_for(campaign, *chosen))
    if chosen[0] == reading.language.tag:
        request.chosen_language = chosen[0]  # type: ignore[attr-defined]
    return reading


def keep_choice(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the language that the address chose, if the page had texts in it, until the browser is closed."""
    chosen = getattr(request, "chosen_language", "")
    if chosen:
        response.set_cookie(
            COOKIE,
            chosen,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )


def forget_choice(request: HttpRequest, response: HttpResponseBase) -> None:
    """Read texts in the language of the site again, which a visitor has chosen; a further language stays chosen."""
    if _is_of_site(request.COOKIES.get(COOKIE, "")):
        response.delete_cookie(COOKIE, samesite="Lax")
    address = urlsplit(response.headers.get("Location", ""))
    query = QueryDict(address.query, mutable=True)
    if _is_of_site(query.get(PARAMETER, "")):
        del query[PARAMETER]
        response.headers["Location"] = urlunsplit(address._replace(query=query.urlencode()))


def readings_of(campaigns: Sequence[Campaign]) -> list[Reading]:
    """Campaigns in the language of the page, for lists of them."""
    page = get_language() or ""
    return in_languages(campaigns, {one.pk: page for one in campaigns})


def show_categories(contributions: Iterable[Contribution], campaign: Campaign) -> None:
    """Give contributions the categories of a campaign that was read with its categories, as they are shown there."""
    shown = {category.pk: category for category in campaign.categories.all()}
    for contribution in contributions:
        contribution.category = shown.get(contribution.category_id, contribution.category)


def switch_of(request: HttpRequest, reading: Reading) -> LanguageSwitch | None:
    """The switch of a page; None for a single language, and for sent forms, whose input a link would lose."""
    tags = tags_of(reading.original)
    if len(tags) == 1 or request.method == "POST":
        return None
    query = request.GET.copy()
    choices = []
    for tag in tags:
        query[PARAMETER] = tag
        is_current = tag == reading.language.tag
        choices.append(LanguageChoice(language_of(tag), f"?{query.urlencode()}", is_current))
    return LanguageSwitch(reading.language, choices)


def _is_of_site(tag: str) -> bool:
    """Whether this is a language of the site, or a variant of one."""
    return tag.partition("-")[0] in dict(settings.LANGUAGES)
