"""Tiles and their descriptions (OGC 20-057)."""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.aggregation.releases.publication import current_release
from mapping.exports.selection import Selection
from mapping.exports.sources import contributions_source
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import PUBLISHED_ONLY, ContributionFilter
from mapping.filters.times import INTERVAL
from mapping.http.parameters.heatmap import known_names
from mapping.http.parameters.reading import Parameters
from mapping.http.views import json_response, photo_base, text_response
from mapping.ogc import parameters as asked
from mapping.ogc.access import statuses_for
from mapping.ogc.collections import Collection
from mapping.ogc.cql2 import source_queryables
from mapping.ogc.description.describe import box_of_tiles
from mapping.ogc.limits import answered_in_time
from mapping.ogc.links import JSON, link
from mapping.ogc.lookup import campaign_collection_for
from mapping.ogc.tiles.describe import (
    MVT,
    TILING_SCHEME,
    fields_in_tiles,
    has_tiles,
    tile_layers,
    tilejson,
    tileset,
)
from mapping.ogc.tiles.levels import LAST_LEVEL, cell_size, first_level_of_features
from mapping.ogc.tiles.matrix import MATRIX_SETS, WEB_MERCATOR_QUAD, Tile, TileMatrixSet
from mapping.ogc.tiles.read import cells_tile, features_tile, filtered_cells_tile, release_tile
from mapping.ogc.tiles.style import style
from mapping.ogc.views.base import OgcView
from mapping.ogc.views.collections import fields_of
from mapping.services.errors import invalid

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_VIEW: Final = "ogc tiles"
_NOT_OF_CELLS: Final = frozenset({"bbox", "status"})
"""A tile is a box already, and tiles of cells are the same for all readers who may see them."""


class MatrixSetsView(OgcView):
    """The supported tile matrix sets (OGC 17-083r4)."""

    def get(self, request: Request) -> HttpResponseBase:
        """Ids, titles and links."""
        Parameters(request.query_params, ("f",)).done()
        sets = [
            {
                "id": one.id,
                "title": one.title,
                "uri": one.uri,
                "crs": one.crs,
                "links": [link(self.addresses.of("tileMatrixSets", one.id), "self", JSON)],
            }
            for one in MATRIX_SETS.values()
        ]
        body = {"tileMatrixSets": sets, "links": self.self_links(request)}
        return self.answer(request, body, "matrix_sets")


class MatrixSetView(OgcView):
    """One tile matrix set."""

    def get(self, request: Request, matrix_set_id: str) -> HttpResponseBase:
        """The definition of the tile matrix set."""
        Parameters(request.query_params, ("f",)).done()
        body = _matrix_set(matrix_set_id).definition()
        return self.answer(request, body | {"links": self.self_links(request)}, "matrix_set")


class TilesetsView(OgcView):
    """The tilesets of a collection."""

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """One for each tile matrix set."""
        Parameters(request.query_params, ("f",)).done()
        collection = _collection_with_tiles(request, collection_id)
        tilesets = [
            {
                "title": collection.title,
                "dataType": "vector",
                "crs": one.crs,
                "tileMatrixSetURI": one.uri,
                "links": [
                    link(self.addresses.collection(collection.id, "tiles", one.id), "self", JSON),
                    link(self.addresses.of("tileMatrixSets", one.id), TILING_SCHEME, JSON),
                ],
            }
            for one in MATRIX_SETS.values()
        ]
        body = {"tilesets": tilesets, "links": self.self_links(request)}
        return self.answer(request, body, "tilesets", collection=collection, matrix_sets=MATRIX_SETS.values())


class TilesetView(OgcView):
    """One tileset: its metadata, or TileJSON with `f=tilejson`."""

    def wants_page(self, request: Request) -> bool:
        """TileJSON is never an HTML page."""
        return request.query_params.get("f") != "tilejson" and super().wants_page(request)

    def get(self, request: Request, collection_id: str, matrix_set_id: str) -> HttpResponseBase:
        """Layers, their attributes, levels and limits, and the template of addresses with the filters of this one."""
        collection, matrix_set = _collection_with_tiles(request, collection_id), _matrix_set(matrix_set_id)
        selection = _selected(request, collection)
        layers, box = _layers(selection, collection, matrix_set), box_of_tiles(collection)
        chosen = [
            (name, value) for name, values in request.query_params.lists() for value in values if name != "f"
        ]
        query = f"?{urlencode(chosen)}" if chosen else ""
        if request.query_params.get("f") == "tilejson":
            if matrix_set is not WEB_MERCATOR_QUAD:
                raise invalid("f", "unknown_choice", choices="json, html")
            return json_response(request, tilejson(collection, layers, box, self.addresses, query))
        body = tileset(collection, matrix_set, layers, box, self.addresses, query)
        return self.answer(
            request, body, "tileset", collection=collection, layers=layers, matrix_set=matrix_set
        )


class StyleView(OgcView):
    """A style for MapLibre."""

    def wants_page(self, request: Request) -> bool:  # noqa: ARG002 - the interface
        """A style is never an HTML page."""
        return False

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """Cells in classes, contributions in the colours of their categories."""
        Parameters(request.query_params, ()).done()
        collection = _collection_with_tiles(request, collection_id)
        first = _first_level(_selected(request, collection), collection, WEB_MERCATOR_QUAD)
        return json_response(request, style(collection, first, self.addresses))


class TileView(OgcView):
    """One tile."""

    media_type = MVT

    def wants_page(self, request: Request) -> bool:  # noqa: ARG002 - the interface
        """A tile is never an HTML page."""
        return False

    def get(  # noqa: PLR0917 - the parts of the address
        self, request: Request, collection_id: str, matrix_set_id: str, level: str, row: str, column: str
    ) -> HttpResponseBase:
        """A Mapbox vector tile; 204 for an empty one, 404 for one that does not exist."""
        collection = _collection_with_tiles(request, collection_id)
        numbers = [int(part) if _NUMBER.fullmatch(part) else -1 for part in (level, row, column)]
        tile = _matrix_set(matrix_set_id).tile(*numbers)
        if tile is None or tile.level > LAST_LEVEL:
            raise Http404
        selection = _selected(request, collection, "mvt")
        return self.kept(request, collection, lambda: _tile(request, tile, collection, selection))


def _tile(request: Request, tile: Tile, collection: Collection, selection: Selection) -> HttpResponse:
    with answered_in_time("filter") if selection.is_filtered else nullcontext():
        body = _read(request, tile, collection, selection)
    if not body:
        return HttpResponse(status=204)
    # A tile contains no address, hence no private link either.
    return text_response(request, body, content_type=MVT, holds_secrets=False)


def _read(request: Request, tile: Tile, collection: Collection, selection: Selection) -> bytes:
    campaign, matrix_set = collection.campaign, tile.matrix_set
    if collection.is_release:
        return release_tile(current_release(campaign), tile)
    counted = selection.filter.counted
    is_cells = collection.holds_cells
    if is_cells or tile.level < first_level_of_features(campaign, counted, matrix_set):
        size = cell_size(tile.level, matrix_set)
        if selection.is_filtered:
            return filtered_cells_tile(selection.contributions(), size, tile)
        return cells_tile(campaign, counted, size, tile)
    source = contributions_source(selection, photo_base(request))
    return features_tile(source, fields_in_tiles(source.fields), tile)


def _selected(request: Request, collection: Collection, *forms: str) -> Selection:
    """The filtered content of tiles; raises Invalid, and logs access to protected data.

    Contributions have the filters of `/items`, the squares of a heat map its own. Cells of a release have no time, so
    that `datetime` matches all (OGC 17-069r4, /req/core/fc-time-response C).
    """
    campaign, query = collection.campaign, request.query_params
    if collection.is_release:
        parameters = Parameters(query, ("f", "datetime"))
        _check_form(parameters, forms)
        parameters.interval()
        parameters.done()
        return Selection(campaign)
    statuses = statuses_for(request, campaign, _VIEW)
    if not set(query) - {"f"}:
        # Without a filter there is no query that a cached response would not save.
        parameters = Parameters(query, ("f",))
        _check_form(parameters, forms)
        parameters.done()
        return Selection(campaign, ContributionFilter(statuses))
    if collection.holds_cells:
        parameters = Parameters(query, set(known_names(query, "f")) - _NOT_OF_CELLS)
        counted = None if statuses is None else PUBLISHED_ONLY
        wanted = ContributionFilter.read(parameters, Choices(campaign))
        selection = Selection(campaign, wanted.with_statuses(counted))
    else:
        selection = Selection(campaign, ContributionFilter(statuses))
        source = contributions_source(selection, "")
        names = asked.attribute_names(source.fields)
        parameters = Parameters(query, ("f", "datetime", *asked.FILTERS, *names))
        interval = parameters.interval()
        condition = asked.attribute_condition(parameters, source, source_queryables(source))
        during = selection.filter.having(INTERVAL, interval or None)
        selection = replace(selection, filter=during, condition=condition)
    _check_form(parameters, forms)
    parameters.done()
    # Unknown questions and answers are reported here.
    selection.contributions()
    return selection


def _check_form(parameters: Parameters, forms: tuple[str, ...]) -> None:
    if forms:
        parameters.choice("f", forms, forms[0])


def _layers(selection: Selection, collection: Collection, matrix_set: TileMatrixSet) -> list[dict[str, Any]]:
    first = _first_level(selection, collection, matrix_set)
    fields = () if first is None else fields_in_tiles(fields_of(collection))
    return tile_layers(collection, fields, first, matrix_set)


def _first_level(selection: Selection, collection: Collection, matrix_set: TileMatrixSet) -> int | None:
    """The first level of single contributions, None where there are cells at all levels."""
    if collection.holds_cells:
        return None
    statuses = selection.filter.counted
    return first_level_of_features(collection.campaign, statuses, matrix_set)


def _collection_with_tiles(request: Request, collection_id: str) -> Collection:
    collection = campaign_collection_for(request, collection_id)
    if not has_tiles(collection):
        raise Http404
    return collection


def _matrix_set(matrix_set_id: str) -> TileMatrixSet:
    found = MATRIX_SETS.get(matrix_set_id)
    if found is None:
        raise Http404
    return found
