"""Every address of the site with the queries that make sense for it, and what its answers say."""

import re
from collections.abc import Iterator, Mapping, Sequence

from django.core.cache import cache
from django.test import Client

from mapping.models import ContributionStatus
from mapping.services.identity import edit_token
from tests.gate.world import HIDDEN, World
from tests.walk import addresses, routes, words_of

API_QUERIES = ("limit=1000", "bbox=7,49,8,50", "category=survey", "f=compact&size=100", "status=pending")
ITEMS_QUERIES = (
    "f=html",
    "limit=1",
    "size=100",
    "grid=hexagon",
    "bbox=7,49,8,50",
    "sortby=-text",
    "status=pending",
)
STATISTICS_QUERIES = ("category=survey", "size=100", "status=pending")
PAGE_QUERIES = ("category=survey", f"q={HIDDEN[:3]}")
CHANGING = re.compile(r"""csrfmiddlewaretoken" value="[^"]*"|"timeStamp": ?"[^"]*"|'Expires': '[^']*'""")
QUERIES: Mapping[str, Sequence[str]] = {
    "": PAGE_QUERIES,
    "campaigns/<slug:slug>/": PAGE_QUERIES,
    "campaigns/<slug:slug>/heatmap/": ("size=500", "category=survey", "rows=all", "status=pending"),
    "api/v1/campaigns/<slug:slug>/contributions/": API_QUERIES,
    "api/v1/campaigns/<slug:slug>/download.<str:ending>": API_QUERIES,
    "api/v1/campaigns/<slug:slug>/heatmap": API_QUERIES,
    "api/v1/campaigns/<slug:slug>/heatmap/change": (
        "before=2020-01-01/2020-12-31&after=2021-01-01/2199-12-31&size=100",
    ),
    "api/v1/campaigns/<slug:slug>/hotspots": STATISTICS_QUERIES,
    "api/v1/campaigns/<slug:slug>/clusters": ("min=2", "eps=5000&min=2", "category=survey", "status=pending"),
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


def visits(world: World) -> Iterator[tuple[str, str]]:
    """Every address with the queries that make sense for it, and the coding to ask for."""
    gone = [one for one in world.contributions if one.status == ContributionStatus.WITHDRAWN]
    no_links = ("x", str(world.contributions[0].pk), *(edit_token(one.pk) for one in gone[:1]))
    for route in routes():
        for address in addresses(route, world.places(*no_links)):
            yield address, "identity"
            for query in QUERIES.get(route, ()):
                yield f"{address}?{query}", "identity"
            if QUERIES.get(route) == API_QUERIES:
                yield from ((address, coding) for coding in ("gzip", "br", "zstd"))


def met(browser: Client, asked: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    """Status and words of every answer, but for what differs from one request to the next."""
    cache.clear()
    found = {}
    for address, coding in asked:
        response = browser.get(address, headers={"Accept-Encoding": coding})
        words = CHANGING.sub("", words_of(response))
        assert response.status_code < 500, address
        found[address, coding] = (response.status_code, words)
    return found
