"""Tiles and what describes them (OGC 20-057)."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.aggregation.publication import current_release
from mapping.exports.selection import Selection
from mapping.exports.sources import contributions_source
from mapping.models import ContributionStatus
from mapping.ogc.access import statuses_for
from mapping.ogc.collections import Collection, collection_for
from mapping.ogc.describe import campaign_boxes
from mapping.ogc.links import JSON, link
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
from mapping.ogc.tiles.read import cells_tile, features_tile, release_tile
from mapping.ogc.tiles.style import style
from mapping.ogc.views.base import OgcView
from mapping.ogc.views.collections import fields_of
from mapping.rest.parameters import Parameters
from mapping.rest.views import json_response, photo_base, text_response
from mapping.services.errors import invalid

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_VIEW: Final = "ogc tiles"


class MatrixSetsView(OgcView):
    """The tile matrix sets that are offered (OGC 17-083r4)."""

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
        """Its definition."""
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
        """TileJSON is no page."""
        return request.query_params.get("f") != "tilejson" and super().wants_page(request)

    def get(self, request: Request, collection_id: str, matrix_set_id: str) -> HttpResponseBase:
        """Layers, their attributes and levels, and the template of addresses."""
        Parameters(request.query_params, ("f",)).done()
        collection, matrix_set = _collection_with_tiles(request, collection_id), _matrix_set(matrix_set_id)
        layers = _layers(request, collection, matrix_set)
        if request.query_params.get("f") == "tilejson":
            if matrix_set is not WEB_MERCATOR_QUAD:
                raise invalid("f", "unknown_choice", choices="json, html")
            box = campaign_boxes([collection]).get(collection.campaign.pk)
            return json_response(request, tilejson(collection, layers, box, self.addresses))
        body = tileset(collection, matrix_set, layers, self.addresses)
        return self.answer(
            request, body, "tileset", collection=collection, layers=layers, matrix_set=matrix_set
        )


class StyleView(OgcView):
    """A style for MapLibre."""

    def wants_page(self, request: Request) -> bool:  # noqa: ARG002 - the interface
        """A style is for programs."""
        return False

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """Cells in classes, contributions in the colours of their categories."""
        Parameters(request.query_params, ()).done()
        collection = _collection_with_tiles(request, collection_id)
        first = _first_level(request, collection, WEB_MERCATOR_QUAD)
        return json_response(request, style(collection, first, self.addresses))


class TileView(OgcView):
    """One tile."""

    media_type = MVT

    def wants_page(self, request: Request) -> bool:  # noqa: ARG002 - the interface
        """A tile is for programs."""
        return False

    def get(  # noqa: PLR0917 - the parts of the address
        self, request: Request, collection_id: str, matrix_set_id: str, level: str, row: str, column: str
    ) -> HttpResponseBase:
        """A Mapbox vector tile; 204 for an empty one, 404 for one that does not exist."""
        parameters = Parameters(request.query_params, ("f",))
        parameters.choice("f", ("mvt",), "mvt")
        collection = _collection_with_tiles(request, collection_id)
        numbers = [int(part) if _NUMBER.fullmatch(part) else -1 for part in (level, row, column)]
        tile = _matrix_set(matrix_set_id).tile(*numbers)
        if tile is None or tile.level > LAST_LEVEL:
            raise Http404
        parameters.done()
        return self.kept(request, collection, lambda: _tile(request, collection, tile))


def _tile(request: Request, collection: Collection, tile: Tile) -> HttpResponse:
    body = _read(request, collection, tile)
    if not body:
        return HttpResponse(status=204)
    # A tile holds no address, hence no private link either.
    return text_response(request, body, content_type=MVT, holds_secrets=False)


def _read(request: Request, collection: Collection, tile: Tile) -> bytes:
    campaign, matrix_set = collection.campaign, tile.matrix_set
    if collection.is_release:
        return release_tile(current_release(campaign), tile)
    statuses = statuses_for(request, campaign, _VIEW)
    counted: tuple[str, ...] = (ContributionStatus.PUBLISHED.value,)
    if collection.kind == "cells":
        return cells_tile(campaign, counted, cell_size(tile.level, matrix_set), tile)
    counted = statuses or counted
    if tile.level < first_level_of_features(campaign, counted, matrix_set):
        return cells_tile(campaign, counted, cell_size(tile.level, matrix_set), tile)
    source = contributions_source(Selection(campaign, statuses=statuses), photo_base(request))
    return features_tile(source, fields_in_tiles(source.fields), tile)


def _layers(request: Request, collection: Collection, matrix_set: TileMatrixSet) -> list[dict[str, Any]]:
    first = _first_level(request, collection, matrix_set)
    fields = () if first is None else fields_in_tiles(fields_of(collection))
    return tile_layers(collection, fields, first, matrix_set)


def _first_level(request: Request, collection: Collection, matrix_set: TileMatrixSet) -> int | None:
    """The first level of single contributions, None where there are cells at all levels; records a protected look."""
    if collection.is_release:
        return None
    statuses = statuses_for(request, collection.campaign, _VIEW) or (ContributionStatus.PUBLISHED.value,)
    if collection.kind == "cells":
        return None
    return first_level_of_features(collection.campaign, statuses, matrix_set)


def _collection_with_tiles(request: Request, collection_id: str) -> Collection:
    collection = collection_for(request, collection_id)
    if not has_tiles(collection):
        raise Http404
    return collection


def _matrix_set(matrix_set_id: str) -> TileMatrixSet:
    found = MATRIX_SETS.get(matrix_set_id)
    if found is None:
        raise Http404
    return found
