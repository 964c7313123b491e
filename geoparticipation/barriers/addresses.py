"""Which page a report is about: its path, without anything that opens or names something private."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse

LONGEST: Final = 300
"""Characters of a path."""
_SHOWN: Final = frozenset(
    {
        *("slug", "category", "question", "section", "version", "comment", "code", "kind", "name", "form"),
        *("body", "event", "date", "plan", "document", "session", "update", "language", "collection_id"),
    }
)
"""Parameters that only name what a site shows; a route with any other one is cut off, so that new ones are, too."""
_PUBLIC_ROUTES: Final = frozenset(
    {"contribution", "contribution-report", "contribution-comment", "comment-report"}
)
"""Routes with an id that is public as well."""


def shown_path(address: str) -> str:
    """The path of a page of this site as far as it may be passed on; empty for anything else.

    Query and fragment go. Of `/mine/<token>/` and other addresses with private parts the first word stays.
    """
    if not address.startswith("/") or address.startswith("//") or len(address) > LONGEST:
        return ""
    try:
        path = urlsplit(address).path
        match = resolve(path)
    except (ValueError, Resolver404):
        return ""
    return path if _is_shown(match) else _first_word(path)


def named_page(text: str) -> str:
    """What somebody entered as the page: its path, also of a whole address, or words that are no address.

    Of private links and of addresses of other sites nothing stays that opens anything.
    """
    words = " ".join(text.split())
    if all("/" not in word or _are_alternatives(word) for word in words.split()):
        return words
    host = settings.SITE_URL.rstrip("/").partition("://")[2]
    for start in ("https://", "http://", host):
        words = words.removeprefix(start)
    return shown_path(words or "/")


def report_address(request: HttpRequest) -> str:
    """Where a barrier of the current page is reported; the form itself is no page with a barrier."""
    address = reverse("barrier")
    if request.path.startswith(address):
        return address
    path = shown_path(request.path)
    return f"{address}?{urlencode({'page': path}, safe='/')}" if path else address


def _are_alternatives(word: str) -> bool:
    """Whether a slash stands between words, as in "map/list": no part of an address that opens anything."""
    return word.count("/") == 1 and all(letter.isalpha() or letter in "/-" for letter in word)


def _is_shown(match: ResolverMatch) -> bool:
    if match.url_name in _PUBLIC_ROUTES and not match.namespaces:
        return True
    return set(match.kwargs) <= _SHOWN and not match.args


def _first_word(path: str) -> str:
    word = path.strip("/").partition("/")[0]
    return f"/{word}/" if word else ""
