"""Items of a collection, and single items (OGC 17-069r4, sections 7.15 and 7.16)."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.exports.selection import Selection
from mapping.exports.sources import Source
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.places import BOX
from mapping.filters.times import INTERVAL
from mapping.http.fresh import require_fresh_for_page
from mapping.http.paging.cursors import write_keys
from mapping.http.parameters.heatmap import heatmap_query, known
from mapping.http.parameters.reading import Parameters
from mapping.http.views import photo_base, text_response
from mapping.ogc import parameters as asked
from mapping.ogc.access import statuses_for
from mapping.ogc.cell_filter import cell_queryables
from mapping.ogc.cells import (
    HEATMAP_FIELDS,
    RELEASE_FIELDS,
    CellsQuery,
    heatmap_item,
    heatmap_items,
    release_item,
    release_items,
)
from mapping.ogc.collections import AnyCollection, Collection, SiteCollection
from mapping.ogc.cql2 import source_queryables
from mapping.ogc.crs import CRS84, Crs, box_of
from mapping.ogc.description.describe import box_of_collection
from mapping.ogc.features import (
    Items,
    ItemsQuery,
    count_items,
    holding_during,
    narrowed,
    read_item,
    read_items,
    source_of,
)
from mapping.ogc.limits import answered_in_time
from mapping.ogc.links import GEOJSON, HTML, JSON, QUERYABLES, SCHEMA, Link, link
from mapping.ogc.lookup import collection_for
from mapping.ogc.views.base import OgcView
from mapping.ogc.views.collections import fields_of
from mapping.ogc.views.pages import item_context, items_context, map_of
from mapping.ogc.views.writing import WritesItem, WritesItems, version_of
from mapping.ogc.writing import WRITABLE

_VIEW: Final = "ogc"
_PAGED: Final = ("cursor", "limit", "f", "crs")
"""Parameters that affect neither the set of items nor their order."""
_LONGEST_HEADER: Final = 2_000
"""Each link repeats the query. Proxies accept 4 kB for all headers (nginx, proxy_buffer_size), Python's client 64 kB
for one; longer links are in the body only."""


class ItemsView(WritesItems, OgcView):
    """One page of a collection."""

    media_type = GEOJSON

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """A FeatureCollection; the link `next` has a constant cost at any depth."""
        collection = collection_for(request, collection_id)
        if self.wants_page(request):
            items, _crs = _read(request, collection, is_page=True)
            links = self._links(request, collection, items)
            return _with_links(self._page(request, collection, items, links), links)
        return self.kept(request, collection, lambda: self._features(request, collection))

    def _links(self, request: Request, collection: AnyCollection, items: Items) -> list[Link]:
        links = self.self_links(request)
        links.append(link(self.addresses.collection(collection.id), "collection", JSON))
        links.append(link(self.addresses.collection(collection.id, "queryables"), QUERYABLES, SCHEMA))
        if items.end is not None:
            links.append(self._next(request, collection, items))
        return links

    def _features(self, request: Request, collection: AnyCollection) -> HttpResponse:
        items, crs = _read(request, collection, is_page=False)
        links = self._links(request, collection, items)
        response = text_response(request, _collection_text(items, links), content_type=GEOJSON)
        response["Content-Crs"] = f"<{crs.uri}>"
        return _with_links(response, links)

    def _next(self, request: Request, collection: AnyCollection, items: Items) -> Link:
        assert items.end is not None  # noqa: S101 - the caller's condition
        cursor = write_keys(items.end, items.matched, _scope(request, collection))
        query = [
            (name, value)
            for name, values in request.query_params.lists()
            for value in values
            if name != "cursor"
        ]
        address = request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('cursor', cursor)])}")
        return link(address, "next", HTML if self.wants_page(request) else GEOJSON)

    def _page(
        self, request: Request, collection: AnyCollection, items: Items, links: list[Link]
    ) -> HttpResponse:
        box = box_of_collection(collection)
        return self.page(
            request,
            "items",
            collection=collection,
            items=items,
            is_wide=True,
            map_config=map_of(collection, self.addresses, box),
            links={one["rel"]: one["href"] for one in links},
            **items_context(request, collection, items, fields_of(collection)),
        )


class ItemView(WritesItem, OgcView):
    """One feature."""

    media_type = GEOJSON

    def get(self, request: Request, collection_id: str, feature_id: str) -> HttpResponseBase:
        """A Feature with links."""
        parameters = Parameters(request.query_params, ("f", "crs"))
        collection = collection_for(request, collection_id)
        crs = asked.crs_parameter(parameters)
        parameters.done()
        links = [
            *self.self_links(request),
            link(self.addresses.collection(collection.id), "collection", JSON),
        ]
        if self.wants_page(request):
            return self._page(request, collection, feature_id, links)
        return self.kept(
            request, collection, lambda: self._feature(request, collection, feature_id, crs, links)
        )

    def _feature(
        self, request: Request, collection: AnyCollection, feature_id: str, crs: Crs, links: list[Link]
    ) -> HttpResponse:
        text = _read_one(request, collection, feature_id, crs)
        if text is None:
            raise Http404
        self.version = _version(request, collection, feature_id)
        body = f'{text[:-1]},"links":{json.dumps(links)}}}'
        response = text_response(request, body.encode(), content_type=GEOJSON)
        response["Content-Crs"] = f"<{crs.uri}>"
        return response

    def _page(
        self, request: Request, collection: AnyCollection, feature_id: str, links: list[Link]
    ) -> HttpResponseBase:
        # The map needs longitude and latitude, whatever `crs` is.
        text = _read_one(request, collection, feature_id, CRS84)
        if text is None:
            raise Http404
        box = box_of_collection(collection)
        return self.page(
            request,
            "item",
            collection=collection,
            map_config=map_of(collection, self.addresses, box),
            links={one["rel"]: one["href"] for one in links},
            **item_context(collection, text, fields_of(collection)),
        )


def _read(request: Request, collection: AnyCollection, *, is_page: bool) -> tuple[Items, Crs]:
    if isinstance(collection, Collection) and collection.holds_cells:
        return _read_cells(request, collection, is_page=is_page)
    return _read_features(request, collection, is_page=is_page)


def _read_features(request: Request, collection: AnyCollection, *, is_page: bool) -> tuple[Items, Crs]:
    selection = _selection(request, collection)
    source = source_of(collection, selection, photo_base(request))
    names = asked.attribute_names(source.fields)
    parameters = Parameters(request.query_params, (*asked.FORMS, *asked.OF_FEATURES, *names))
    interval = parameters.interval()
    if selection is not None:
        selection = replace(selection, filter=selection.filter.having(INTERVAL, interval or None))
    query = ItemsQuery(
        limit=asked.limit_of(parameters, is_page=is_page),
        crs=_crs_of(parameters, is_page=is_page),
        fields=asked.chosen_fields(parameters, source.fields),
        with_place=parameters.choice("skipGeometry", ("false", "true"), "false") == "false",
        order=asked.sort_order(parameters, source),
    )
    attributes = source_queryables(source)
    condition = asked.all_of(
        holding_during(source, interval),
        asked.box_condition(parameters, source),
        asked.attribute_condition(parameters, source, attributes),
    )
    page = asked.page_of(parameters, _scope(request, collection))
    parameters.done()
    if selection is not None:
        require_fresh_for_page(request, selection.campaign, selection.filter.statuses, query.limit)
        narrower = replace(selection, condition=condition)
        if narrower.is_filtered:
            source = replace(source, rows=narrower.contributions())
        selection = narrower
    else:
        source = narrowed(source, condition)
    is_costly = condition is not None or bool(query.order)
    with answered_in_time("sortby" if condition is None else "filter") if is_costly else nullcontext():
        texts, end = read_items(source, replace(query, after=page.after))
        matched = page.matched
        if page.after is None:
            matched = len(texts) if end is None else count_items(source, selection, len(texts))
    return Items(texts, matched, end), query.crs


def _read_cells(request: Request, collection: Collection, *, is_page: bool) -> tuple[Items, Crs]:
    is_released = collection.is_release
    fields = (asked.ID, *(RELEASE_FIELDS if is_released else HEATMAP_FIELDS))
    names = (*asked.FORMS, "datetime", *asked.FILTERS, *(field.name for field in fields))
    parameters = Parameters(request.query_params, names if is_released else known(request, *names))
    box_crs, text = asked.crs_parameter(parameters, "bbox-crs"), parameters.text("bbox")
    attributes = cell_queryables(fields[1:])
    query = CellsQuery(
        limit=asked.limit_of(parameters, is_page=is_page),
        crs=_crs_of(parameters, is_page=is_page),
        box=box_of(text, box_crs) if text else None,
        condition=asked.all_of(
            asked.equalities(parameters, fields, attributes), asked.filter_condition(parameters, attributes)
        ),
        after=asked.page_of(parameters, _scope(request, collection)).after,
    )
    in_time = nullcontext() if query.condition is None else answered_in_time("filter")
    if is_released:
        # Cells have no time, so that each matches any `datetime` (OGC 17-069r4, /req/core/fc-time-response C).
        parameters.interval()
        parameters.done()
        with in_time:
            return release_items(collection.campaign, query), query.crs
    # The box of OGC API is about cells, in any CRS, and leaves their numbers as they are.
    counted = heatmap_query(request, collection.campaign, parameters, view=_VIEW, without=(BOX,))
    with in_time:
        return heatmap_items(counted, query), query.crs


def _read_one(request: Request, collection: AnyCollection, feature_id: str, crs: Crs) -> str | None:
    if isinstance(collection, Collection) and collection.holds_cells:
        if collection.is_release:
            return release_item(collection.campaign, feature_id, crs)
        statuses_for(request, collection.campaign, _VIEW)  # which logs access to protected data
        return heatmap_item(collection.campaign, feature_id, crs)
    source: Source = source_of(collection, _selection(request, collection), photo_base(request))
    return read_item(source, feature_id, crs)


def _version(request: Request, collection: AnyCollection, feature_id: str) -> str:
    if collection.kind not in WRITABLE:
        return ""
    return version_of(source_of(collection, _selection(request, collection), ""), feature_id)


def _selection(request: Request, collection: AnyCollection) -> Selection | None:
    """The contributions visible to the reader; None for collections of other items."""
    if isinstance(collection, SiteCollection) or not collection.holds_contributions:
        return None
    statuses = statuses_for(request, collection.campaign, _VIEW)
    place_type = collection.place_type
    return Selection(
        collection.campaign,
        ContributionFilter(statuses),
        place_types=None if place_type is None else (place_type,),
    )


def _crs_of(parameters: Parameters, *, is_page: bool) -> Crs:
    """The CRS of the response; the map of a page needs longitude and latitude, whatever `crs` is."""
    crs = asked.crs_parameter(parameters)
    return CRS84 if is_page else crs


def _scope(request: Request, collection: AnyCollection) -> str:
    """The scope that binds a cursor to its query and to the reader's permissions.

    A cursor reveals the number of items and the end of a page: an analyst's must be invalid for others, and one for
    cells of a release invalid for those of a heat map.
    """
    query: list[tuple[str, Any]] = [
        (name, values) for name, values in sorted(request.query_params.lists()) if name not in _PAGED
    ]
    reader = f"{collection.is_exact}:{collection.is_release}"
    return f"{collection.scope}:{reader}:{query!r}"


def _with_links(response: HttpResponse, links: list[Link]) -> HttpResponse:
    """Add links as headers too (OGC 17-069r4, section 7.5); required for queryables (OGC 19-079r2,
    /req/queryables/queryables-link).
    """
    headers = [f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in links]
    if sum(map(len, headers)) > _LONGEST_HEADER:
        headers = [header for header, one in zip(headers, links, strict=True) if one["rel"] == QUERYABLES]
    response["Link"] = ", ".join(headers)
    return response


def _collection_text(items: Items, links: list[Link]) -> bytes:
    counts = {} if items.matched is None else {"numberMatched": items.matched}
    # No timeStamp: equal responses have equal entity tags.
    tail = json.dumps({**counts, "numberReturned": len(items.features), "links": links})
    return f'{{"type":"FeatureCollection","features":[{",".join(items.features)}],{tail[1:]}'.encode()
