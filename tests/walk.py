"""Every address of the site, made from Django's URL resolver, so that no route can be forgotten.

A route is filled in by the names and kinds of its parameters; one that nobody told how to fill in fails the walk.
"""

import gzip
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import brotli
import zstandard
from django.apps import apps
from django.db.models import QuerySet
from django.urls import URLPattern, URLResolver, get_resolver

from mapping.exports.metadata import SERIALISATIONS
from mapping.exports.protection.papers import PAPERS
from mapping.exports.registry import formats
from mapping.exports.responses.formats import RESPONSES_FORMATS
from mapping.links.short import code_of
from mapping.models import (
    Audience,
    Campaign,
    CityLogo,
    Comment,
    Contribution,
    ExportJob,
    Photo,
    Picture,
    Question,
    Response,
)
from mapping.ogc.collections import COLLECTION_KINDS, SITE_KINDS
from mapping.ogc.tiles.matrix import MATRIX_SETS
from mapping.web.overview.feeds import FEEDS
from tests.engagement.places import FILLED as FILLED_BY_ENGAGEMENT
from tests.texts.places import FILLED as FILLED_BY_TEXTS
from tests.unpacked import unpacked
from tests.voting.places import FILLED as FILLED_BY_VOTING

Values = Mapping[str, object]


@dataclass(frozen=True)
class Places:
    """What addresses are made of; `tokens` are those of authors' private links that the walker may know, `keys` of
    analysts'."""

    campaigns: Sequence[Campaign]
    contributions: Sequence[Contribution]
    photos: Sequence[Photo]
    tokens: Sequence[str]
    keys: Sequence[str] = ("x",)
    pictures: Sequence[Picture] = ()


BY_KEY = "ogc/key/<str:key>"
# The whole world, and what lies around the town hall of Kaiserslautern at two levels.
TILES = (
    {"level": 0, "row": 0, "column": 0},
    {"level": 12, "row": 1400, "column": 2136},
    {"level": 16, "row": 22405, "column": 34182},
)
PARAMETER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
OF_CATEGORY = ("<slug:slug>", "<slug:category>")
SPECIAL: Mapping[str, str] = {
    "/votes/<slug:category>/": "vote",
    "/texts/<slug:category>/": "discussed_text",
    "/text/<slug:category>/": "discussed_text",
}
"""Routes about what few categories have, with the name by which a category knows it."""

# By the parameters of a route, as they are written in it.
FILLED: Mapping[tuple[str, ...], Callable[[Places], Iterator[Values]]] = {
    **FILLED_BY_ENGAGEMENT,
    **FILLED_BY_TEXTS,
    **FILLED_BY_VOTING,
    ("<slug:key>",): lambda _: iter(({"key": "oidc"},)),
    ("<slug:slug>",): lambda places: ({"slug": one.slug} for one in places.campaigns),
    # Contributions and responses to surveys: at the addresses of the others, both are nothing.
    ("<slug:slug>", "<uuid:pk>"): lambda places: (
        {"slug": campaign.slug, "pk": pk} for campaign, pk in (*_contributions(places), *_responses(places))
    ),
    # Uploads are known to whoever made them only; to all others they are gone.
    ("<slug:slug>", "<uuid:upload>"): lambda places: (
        {"slug": one.slug, "upload": uuid.UUID(int=one.pk)} for one in places.campaigns
    ),
    ("<slug:slug>", "<uuid:job>"): lambda places: (
        {"slug": one.campaign.slug, "job": one.pk}
        for one in ExportJob.objects.select_related("campaign").order_by("created_at")
    ),
    ("<slug:slug>", "<uuid:pk>", "<uuid:comment>"): lambda places: (
        {"slug": one.contribution.campaign.slug, "pk": one.contribution_id, "comment": one.public_id}
        for one in Comment.objects.filter(contribution__in=[one.pk for one in places.contributions])
        .select_related("contribution__campaign")
        .order_by("contribution__created_at", "contribution", "created_at", "pk")
    ),
    OF_CATEGORY: lambda places: _categories(places, "contributions", "vote", "discussed_text"),
    ("<slug:slug>", "<slug:language>"): lambda places: (
        {"slug": one.slug, "language": "tr"} for one in places.campaigns
    ),
    ("<slug:slug>", "<slug:language>", "<str:ending>"): lambda places: (
        {"slug": one.slug, "language": "tr", "ending": ending}
        for one in places.campaigns
        for ending in ("csv", "xlsx")
    ),
    ("<slug:slug>", "<slug:name>", "<slug:ending>"): lambda places: (
        {"slug": one.slug, "name": name, "ending": ending}
        for one in places.campaigns
        for name in PAPERS
        for ending in ("docx", "md")
    ),
    ("<slug:slug>", "<slug:question>"): lambda places: (
        {"slug": one.slug, "question": question.slug}
        for one in places.campaigns
        for question in Question.objects.of_survey(one.pk)
    ),
    ("<slug:slug>", "<slug:category>", "<slug:question>"): lambda places: (
        {"slug": one.slug, "category": category.slug, "question": question.slug}
        for one in places.campaigns
        for category in one.categories.order_by("position", "pk")
        for question in _telling(category.questions.order_by("position", "pk"))
    ),
    ("<slug:slug>", "<str:ending>"): lambda places: (
        {"slug": one.slug, "ending": name} for one in places.campaigns for name in _endings()
    ),
    ("<slug:collection_id>",): lambda places: (
        {"collection_id": name}
        for name in (
            *(f"{one.slug}-{kind.name}" for one in places.campaigns for kind in COLLECTION_KINDS),
            *(kind.name for kind in SITE_KINDS),
        )
    ),
    ("<slug:code>",): lambda places: ({"code": code_of(one.pk)} for one in places.campaigns),
    ("<slug:name>",): lambda _places: ({"name": one.name} for one in FEEDS),
    ("<str:matrix_set_id>",): lambda _places: ({"matrix_set_id": one} for one in MATRIX_SETS),
    ("<slug:collection_id>", "<str:matrix_set_id>"): lambda places: (
        {"collection_id": f"{one.slug}-{kind}", "matrix_set_id": matrix_set}
        for one in places.campaigns
        for kind in ("contributions", "cells")
        for matrix_set in MATRIX_SETS
    ),
    (
        "<slug:collection_id>",
        "<str:matrix_set_id>",
        "<str:level>",
        "<str:row>",
        "<str:column>",
    ): lambda places: (
        {"collection_id": f"{one.slug}-{kind}", "matrix_set_id": "WebMercatorQuad", **tile}
        for one in places.campaigns
        for kind in ("contributions", "cells")
        for tile in TILES
    ),
    ("<slug:collection_id>", "<path:feature_id>"): lambda places: (
        {"collection_id": f"{one.campaign.slug}-{kind}", "feature_id": one.pk}
        for one in places.contributions
        for kind in ("contributions", "points")
    ),
    ("<slug:kind>",): lambda _places: ({"kind": kind} for kind in ("atom", "rss")),
    ("<slug:slug>", "<slug:kind>"): lambda places: (
        {"slug": one.slug, "kind": kind} for one in places.campaigns for kind in ("atom", "rss")
    ),
    ("<slug:form>",): lambda _places: ({"form": form} for form in ("json", "xml")),
    ("<slug:slug>", "<slug:category>", "<slug:form>"): lambda places: (
        {"slug": one.slug, "category": "survey", "form": form}
        for one in places.campaigns
        for form in ("json", "xml")
    ),
    ("<uuid:pk>", "<slug:form>"): lambda places: (
        {"pk": one.pk, "form": form} for one in places.contributions for form in ("json", "xml")
    ),
    ("<slug:serialisation>",): lambda _places: ({"serialisation": one} for one in SERIALISATIONS),
    ("<slug:slug>", "<slug:serialisation>"): lambda places: (
        {"slug": one.slug, "serialisation": ending} for one in places.campaigns for ending in SERIALISATIONS
    ),
    ("<slug:slug>", "<int:pk>"): lambda places: (
        {"slug": one.slug, "pk": number} for number, one in enumerate(places.campaigns, 1)
    ),
    # Somebody's API tokens, all of them another's.
    ("<int:pk>",): lambda _places: iter([{"pk": 1}]),
    ("<str:account>", "<str:secret>"): lambda _places: iter([{"account": "MQ", "secret": "x-y"}]),
    ("<str:token>",): lambda places: ({"token": token} for token in places.tokens),
    ("<str:token>", "<uuid:pk>"): lambda places: (
        {"token": token, "pk": photo.pk} for token in places.tokens for photo in places.photos[:2]
    ),
    ("<str:name>", "<int:z>", "<int:y>", "<int:x>"): lambda _places: iter(
        [{"name": "colour", "z": 12, "y": 1400, "x": 2136}]
    ),
    ("<int:z>", "<int:x>", "<int:y>"): lambda _places: iter([{"z": 11, "x": 1068, "y": 699}]),
    ("<path:content_type_id>", "<path:object_id>"): lambda places: (
        {"content_type_id": 1, "object_id": one.pk} for one in islice(places.contributions, 2)
    ),
}


def _categories(places: Places, *names: str) -> Iterator[Values]:
    """The categories that have any of these, and of each campaign one that has none."""
    for one in places.campaigns:
        known = one.categories.order_by("pk")
        without = known.filter(**dict.fromkeys(names))
        for category in (*known.exclude(pk__in=without), *without[:1]):
            yield {"slug": one.slug, "category": category.slug}


def _telling(questions: QuerySet[Question]) -> Iterator[Question]:
    """Two that everybody answers, and all whose answers only staff may read."""
    yield from questions.exclude(audience=Audience.STAFF)[:2]
    yield from questions.filter(audience=Audience.STAFF)


def _endings() -> list[str]:
    """The endings of all files: of contributions and of responses."""
    names = [known.name for known in formats()]
    return list(dict.fromkeys([*names, *(known.name for known in RESPONSES_FORMATS)]))


def _contributions(places: Places) -> Iterator[tuple[Campaign, uuid.UUID]]:
    yield from ((one.campaign, one.pk) for one in places.contributions)


def _responses(places: Places) -> Iterator[tuple[Campaign, uuid.UUID]]:
    """The two oldest responses of each campaign."""
    for campaign in places.campaigns:
        found = Response.objects.of(campaign).order_by("created_at", "pk").values_list("pk", flat=True)
        yield from ((campaign, pk) for pk in found[:2])


# By the whole route: pictures of its kind, and one of another kind, which is nothing there.
FILES: Mapping[str, Callable[[Places], Iterator[Values]]] = {
    "photos/<uuid:pk>.jpg": lambda places: ({"pk": one.pk} for one in (*places.photos, *places.pictures[:1])),
    "pictures/<uuid:pk>.jpg": lambda places: (
        {"pk": one.pk} for one in (*places.pictures, *places.photos[:1])
    ),
    "logo/<uuid:pk>.png": lambda places: (
        {"pk": one.pk} for one in (*CityLogo.objects.all(), *places.photos[:1], *places.pictures[:1])
    ),
}


# Routes that are regular expressions, with an address for each.
EXPRESSIONS: Mapping[str, str] = {
    r"api/v1/^[\s\S]*$": "api/v1/no/such/address",
    r"^dipas-pds/[\s\S]*$": "dipas-pds/no/such/address",
    r"^open311/[\s\S]*$": "open311/no/such/address",
    r"oparl/v1.1/^[\s\S]*$": "oparl/v1.1/no/such/address",
    r"ogc/^(?P<rest>[\s\S]*)$": "ogc/no/such/address",
    "admin/^(?P<app_label>…)/$": "admin/mapping/",
    "admin/(?P<url>.*)$": "admin/no/such/address",
}


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every route of the site as it is written in `urls.py`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def addresses(route: str, places: Places) -> list[str]:
    """The addresses of a route for everything that there is."""
    if route.startswith(BY_KEY):
        # The OGC API once more; the walker's own link is a wrong one, which a few addresses of a kind prove.
        public = islice(addresses(f"ogc{route.removeprefix(BY_KEY)}", places), 20)
        return [f"/ogc/key/{key}{address.removeprefix('/ogc')}" for address in public for key in places.keys]
    # Which apps there are, in the order in which they were registered, is of no interest.
    expression = re.sub(r"<app_label>[^)]*", "<app_label>…", route)
    if expression in EXPRESSIONS:
        return [f"/{EXPRESSIONS[expression]}"]
    assert not set(route) & set("^$()?*"), f"Name an address for {route} in tests/walk.py."
    if (
        route.startswith("admin/")
        and re.search(r"<(path:object_)?id>", route)
        and "content_type" not in route
    ):
        return [f"/{PARAMETER.sub(str(key), route)}" for key in _keys(route)]
    parameters = tuple(match.group() for match in PARAMETER.finditer(route))
    if not parameters:
        return [f"/{route}"]
    return [
        "/" + PARAMETER.sub(lambda found, values=values: str(values[found[1]]), route)  # type: ignore[misc]
        for values in _filled(route, parameters, places)
    ]


def _filled(route: str, parameters: tuple[str, ...], places: Places) -> Iterator[Values]:
    """The values of a route's parameters."""
    if route in FILES:
        return FILES[route](places)
    special = next((name for part, name in SPECIAL.items() if part in route), "")
    if special and parameters == OF_CATEGORY:
        return _categories(places, special)
    assert parameters in FILLED, f"Tell tests/walk.py how to fill in {route}."
    return FILLED[parameters](places)


def _keys(route: str) -> list[object]:
    """Rows for a page of the administration (`admin/<app>/<model>/...`), the oldest two and the newest."""
    _admin, app, model, *_rest = route.split("/")
    found = apps.get_model(app, model)._default_manager.order_by("pk").values_list("pk", flat=True)
    return list(dict.fromkeys([*found[:2], *found.reverse()[:1]]))


def words_of(response: Any) -> str:
    """The body, decompressed, and the headers; without the random id of the request."""
    body = response.getvalue()
    match response.headers.get("Content-Encoding"):
        case "gzip":
            body = gzip.decompress(body)
        case "br":
            body = brotli.decompress(body)
        case "zstd":
            body = zstandard.ZstdDecompressor().decompressobj().decompress(body)
    headers = str(response.headers)
    if body.startswith(b"PK"):
        # How small an archive gets depends on the moments in it.
        headers = re.sub(r"'Content-Length': '\d+'", "", headers)
    words = unpacked(body) + headers
    request_id = response.headers.get("X-Request-ID")
    return words.replace(request_id, "") if request_id else words
