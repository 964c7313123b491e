"""A walk over every address of the site: what is not public never appears.

Twice: once looking for marks (texts, answers, photos, comments, replies, positions, numbers), once comparing all
answers with those of a site on which the hidden things never existed, which finds what no mark can: counts, cells,
lengths, headers, the shapes on small maps.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from difflib import unified_diff

from django.core.cache import cache
from django.test import Client

from mapping import rules
from mapping.exports.registry import formats
from mapping.http.kept import kept_answers
from mapping.models import Change
from mapping.services.identity import edit_token
from tests.gate.world import CROWD_NUMBERS, HIDDEN, HIDDEN_DIGITS, SHOWN, SHOWN_DIGITS, World, unhide
from tests.walk import Places, addresses, routes, words_of

API_QUERIES = (
    "limit=1000",
    "bbox=7,49,8,50",
    "category=survey",
    "f=compact&size=100",
    "status=pending",
    f"q={HIDDEN[:3]}",
)
DOWNLOAD_QUERIES = ("bbox=7,49,8,50", "status=pending")
ITEMS_QUERIES = (
    "f=html",
    "limit=1",
    "size=100",
    "grid=hexagon",
    "bbox=7,49,8,50",
    "sortby=-text",
    "status=pending",
)
FOR_STAFF = "staff_answers[reach]=5"
STATISTICS_QUERIES = ("category=survey", "size=100", "status=pending", FOR_STAFF)
PAGE_QUERIES = (
    "category=survey",
    f"q={HIDDEN[:3]}",
    "ordering=supported",
    "ordering=discussed",
    "ordering=unanswered&reply=none",
    "ordering=nearest&near=7.75,49.43",
    "bbox=7,49,8,50",
)
SEARCH_QUERIES = (f"q={HIDDEN[:3]}", f"q={SHOWN[:3]}", "q=points&kind=contributions", "q=reply")
FRACTION = 135_797
"""Microseconds of moments in the database."""
LONG_AGO = datetime(2026, 1, 1, microsecond=FRACTION, tzinfo=UTC)
Answer = tuple[int, str]
"""Status and words, but for what differs from one request to the next."""
Look = Callable[[str, str], None]
CODINGS = ("gzip", "br", "zstd")
OF_CODING = re.compile(r"'Content-(?:Encoding|Length)': '[^']*'(?:, )?")
CHANGING = re.compile(
    r"""name="(?:csrfmiddlewaretoken|id|visitor)" value="[^"]*"|"timeStamp": ?"[^"]*"|'Expires': '[^']*'"""
)
NOT_COMPARED = (
    *("/admin/", "/api/v1/challenge/", "/mine/", "/response/", "/ogc/key/", "/accounts/"),
    *("/registrations/", "/proposal/"),
    *("/subscriptions/author/", "/subscriptions/confirm/", "/subscriptions/end/", "/subscriptions/mine/"),
)
"""Pages for each row that is not there, challenges drawn by chance, and links that are tried too often in a walk."""
TAG = re.compile(r"'ETag': '[^']*'|'Content-Length': '[^']*'")
"""A hash of the answer, which may hold any digits, and its length in bytes."""
QUERIES: Mapping[str, Sequence[str]] = {
    "": PAGE_QUERIES,
    "search/": SEARCH_QUERIES,
    "api/v1/search/": SEARCH_QUERIES,
    "campaigns/<slug:slug>/": PAGE_QUERIES,
    "campaigns/<slug:slug>/embed/": (*PAGE_QUERIES, "cookies=blocked"),
    "api/v1/addresses/": (f"q={HIDDEN[:3]}", "q=Innenstadt"),
    "campaigns/<slug:slug>/heatmap/": (
        "size=500",
        "category=survey",
        "rows=all",
        "status=pending",
        FOR_STAFF,
    ),
    "api/v1/campaigns/<slug:slug>/contributions/": (
        *API_QUERIES,
        "ordering=discussed",
        "ordering=unanswered",
        "ordering=nearest&near=7.75,49.43&in_words=true",
    ),
    "api/v1/campaigns/<slug:slug>/place-words": ("lon=7.75&lat=49.43",),
    "api/v1/campaigns/<slug:slug>/follow": ("from=7.75,49.43&to=7.76,49.44",),
    "api/v1/campaigns/<slug:slug>/download.<str:ending>": DOWNLOAD_QUERIES,
    "api/v1/campaigns/<slug:slug>/heatmap": API_QUERIES,
    "api/v1/campaigns/<slug:slug>/heatmap/change": (
        "before=2020-01-01/2020-12-31&after=2021-01-01/2199-12-31&size=100",
    ),
    "api/v1/campaigns/<slug:slug>/hotspots": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/clusters": ("min=2", "eps=5000&min=2", "category=survey", "status=pending"),
    "api/v1/campaigns/<slug:slug>/centres": (
        "size=100",
        "category=survey",
        "source=online",
        "status=pending",
    ),
    "api/v1/campaigns/<slug:slug>/statistics": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/rates": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/surface": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/surface.png": STATISTICS_QUERIES,
    "open311/v2/requests.<slug:form>": (
        "status=open",
        "status=closed",
        "service_code=points-pre.survey",
        "page=2",
    ),
    "ogc/collections": ("f=html",),
    "ogc/collections/<slug:collection_id>": ("f=html",),
    "ogc/collections/<slug:collection_id>/items": ITEMS_QUERIES,
    "ogc/collections/<slug:collection_id>/items/<str:feature_id>": ("f=html",),
}

COMPRESSED = [route for route, queries in QUERIES.items() if queries in (API_QUERIES, DOWNLOAD_QUERIES)]


def visits(world: World) -> Iterator[str]:
    """Every address with the queries that make sense for it."""
    places = _places(world)
    for route in routes():
        for address in addresses(route, places):
            yield address
            yield from (f"{address}?{query}" for query in QUERIES.get(route, ()))


def compressed_visits(world: World) -> Iterator[tuple[str, str]]:
    """Addresses whose answers the site compresses itself, with every coding; with one where a file is sent as it is."""
    places = _places(world)
    files = tuple(f"/download.{known.name}" for known in formats() if not known.is_streamed)
    for route in COMPRESSED:
        for address in addresses(route, places):
            yield from ((address, coding) for coding in CODINGS[: 1 if address.endswith(files) else None])


def _places(world: World) -> Places:
    return world.places("x", str(world.contributions[0].pk), *map(edit_token, world.withdrawn[:1]))


def met(browser: Client, asked: Iterable[str], look: Look | None = None) -> dict[str, Answer]:
    """Every answer by its address; `look` is called with each address and the words as they came.

    All changes are old: for a minute after one, answers have no Last-Modified, and walks take a minute and more.
    """
    Change.objects.update(at=LONG_AGO)
    cache.clear()
    kept_answers.forget()
    return {address: _answer(browser, address, "identity", look) for address in asked}


def assert_nothing_hidden_is_met(world: World, browser: Client, look: Look | None = None) -> None:
    """Walk twice, with and without what is hidden; `look` is called during the first walk."""
    assert all(rules.is_public(one) == (SHOWN in one.text) for one in world.contributions)
    asked = list(visits(world))
    assert len(asked) > 500
    found = met(browser, asked, look)
    _assert_no_mark_is_shown(found)
    _assert_everything_public_is_shown("".join(words for _status, words in found.values()))
    assert_codings_change_nothing(world, browser, found)

    # What is left to tell is the same as on a site on which nothing hidden ever was; of a draft, "not found".
    # Not in the administration, which has its own page for each row that is not there.
    unhide()
    for address, answer in met(browser, [one for one in asked if not one.startswith(NOT_COMPARED)]).items():
        before, after = (words.splitlines() for _status, words in (found[address], answer))
        assert found[address] == answer, (address, list(unified_diff(before, after, lineterm="")))


def assert_codings_change_nothing(world: World, browser: Client, found: Mapping[str, Answer]) -> None:
    """What is compressed says what it says without: whatever holds of the one answer holds of the other."""
    for address, coding in compressed_visits(world):
        if address in found:
            answers = [
                (status, OF_CODING.sub("", words))
                for status, words in (found[address], _answer(browser, address, coding))
            ]
            assert answers[0] == answers[1], (address, coding)


def _answer(browser: Client, address: str, coding: str, look: Look | None = None) -> Answer:
    response = browser.get(address, headers={"Accept-Encoding": coding})
    assert response.status_code < 500, address
    words = words_of(response)
    if look is not None:
        look(address, words)
    return response.status_code, CHANGING.sub("", words)


def _assert_no_mark_is_shown(found: Mapping[str, Answer]) -> None:
    for address, (_status, words) in found.items():
        # The page may repeat the address that was asked for.
        others = TAG.sub("", words.replace(address, "").replace(f"q={HIDDEN[:3]}", ""))
        for mark in (re.compile(HIDDEN), HIDDEN_DIGITS, CROWD_NUMBERS):
            seen = mark.search(others)
            assert not seen, (address, others[max(0, seen.start() - 200) : seen.end() + 60])


def _assert_everything_public_is_shown(everything: str) -> None:
    for shown in (f"{SHOWN} points-{kind} published" for kind in ("pre", "post", "upcoming", "closed")):
        assert shown in everything
    for shown in ("answer", "comment", "reply"):
        assert f"{SHOWN} {shown}" in everything
    assert SHOWN_DIGITS.search(everything)
    assert f"\udcd9{SHOWN}" in everything  # behind the end of a JPEG (FF D9): a photo
