"""Collections: the list, single collections, and the schemas of their items."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from mapping.exports.fields import Field, campaign_fields
from mapping.http.parameters.reading import Parameters
from mapping.ogc.cells import HEATMAP_FIELDS, RELEASE_FIELDS
from mapping.ogc.collections import AnyCollection, Collection
from mapping.ogc.crs import SUPPORTED
from mapping.ogc.description.describe import collection_body, extents
from mapping.ogc.description.schema import collection_schema, feature_schema, queryables, sortables
from mapping.ogc.description.words import counted_entry, groups_of
from mapping.ogc.links import HTML, JSON, SCHEMA, Link, link
from mapping.ogc.lookup import collection_for, collections_for
from mapping.ogc.tiles.describe import tileset_links
from mapping.ogc.views.base import OgcView
from mapping.ogc.views.pages import map_of


class CollectionsView(OgcView):
    """All collections (OGC 17-069r4, section 7.13)."""

    def get(self, request: Request) -> HttpResponseBase:
        """Collections visible to the reader, by campaign."""
        Parameters(request.query_params, ("f",)).done()
        found = list(collections_for(request))
        known = extents(found)
        bodies = [collection_body(one, self.addresses, self._links_to(one), known[one.id]) for one in found]
        body = {
            "links": self.self_links(request),
            "crs": [known.uri for known in SUPPORTED],
            "collections": bodies,
        }
        if not self.wants_page(request):
            return self.answer(request, body, "collections")
        return self.answer(request, body, "collections", groups=groups_of(found))

    def _links_to(self, collection: AnyCollection) -> list[Link]:
        address = self.addresses.collection(collection.id)
        page = self.addresses.collection(collection.id, f="html")
        return [
            link(address, "self", JSON),
            link(page, "alternate", HTML),
            *tileset_links(collection, self.addresses),
        ]


class CollectionView(OgcView):
    """One collection (section 7.14)."""

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """Title, extent, CRS, links."""
        Parameters(request.query_params, ("f",)).done()
        collection = collection_for(request, collection_id)
        extent = extents([collection])[collection.id]
        links = [*self.self_links(request), *tileset_links(collection, self.addresses)]
        body = collection_body(collection, self.addresses, links, extent)
        if not self.wants_page(request):
            return self.answer(request, body, "collection")
        return self.answer(
            request,
            body,
            "collection",
            collection=collection,
            entry=counted_entry(collection),
            fields=fields_of(collection),
            known_crs=SUPPORTED,
            map_config=map_of(collection, self.addresses, extent.box),
            picture={"features": [], "looks": {}, "extent": extent.box},
        )


class _PropertiesView(OgcView, ABC):
    media_type = SCHEMA
    name = ""

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """A JSON Schema."""
        Parameters(request.query_params, ("f",)).done()
        collection = collection_for(request, collection_id)
        fields = fields_of(collection)
        address = self.addresses.collection(collection.id, self.name)
        body = self.body(collection, fields, address)
        chosen = [one for one in fields if one.name in body["properties"]]
        return self.answer(request, body, "properties", collection=collection, fields=chosen, kind=self.name)

    @abstractmethod
    def body(self, collection: AnyCollection, fields: tuple[Field, ...], address: str) -> dict[str, Any]:
        """The schema of these fields."""


class SchemaView(_PropertiesView):
    """Schema of items (OGC 23-058r1)."""

    name = "schema"

    def body(self, collection: AnyCollection, fields: tuple[Field, ...], address: str) -> dict[str, Any]:
        """Every attribute."""
        return collection_schema(collection, fields, address)


class FeatureSchemaView(OgcView):
    """Schema of an item as GeoJSON, for programs that require it (OGC 17-069r4, /rec/core/fc-md-descriptions)."""

    media_type = SCHEMA

    def get(self, request: Request, collection_id: str) -> HttpResponseBase:
        """A JSON Schema; the page for people is that of the attributes."""
        Parameters(request.query_params, ("f",)).done()
        collection = collection_for(request, collection_id)
        fields = fields_of(collection)
        body = feature_schema(collection, fields, self.addresses.collection(collection.id, "feature-schema"))
        return self.answer(request, body, "properties", collection=collection, fields=fields, kind="schema")


class QueryablesView(_PropertiesView):
    """Queryables of a collection (OGC 19-079r2, section 6)."""

    name = "queryables"

    def body(self, collection: AnyCollection, fields: tuple[Field, ...], address: str) -> dict[str, Any]:
        """Attributes that a filter may name."""
        return queryables(collection, fields, address)


class SortablesView(_PropertiesView):
    """Sortables of a collection (OGC API Features Part 8)."""

    name = "sortables"

    def body(self, collection: AnyCollection, fields: tuple[Field, ...], address: str) -> dict[str, Any]:
        """Attributes with one value each."""
        chosen = () if collection.holds_cells else (one for one in fields if one.kind != "texts")
        return sortables(collection, chosen, address)


def fields_of(collection: AnyCollection) -> tuple[Field, ...]:
    """The attributes of a collection's items."""
    if isinstance(collection, Collection) and collection.holds_contributions:
        return campaign_fields(collection.campaign)
    if collection.holds_cells:
        return RELEASE_FIELDS if collection.is_release else HEATMAP_FIELDS
    return collection.rows().fields
