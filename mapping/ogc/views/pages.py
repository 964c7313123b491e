"""Template contexts of the pages of collections and items: tables, maps, labels."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from django.urls import reverse
from rest_framework.request import Request

from mapping.base_map import tile_sources
from mapping.exports.fields import Field
from mapping.models import Category
from mapping.ogc.campaign_kinds import AREA, DISTRICTS
from mapping.ogc.collections import AnyCollection, Collection, SiteCollection
from mapping.ogc.description.describe import Box
from mapping.ogc.description.words import entry_of
from mapping.ogc.features import Items
from mapping.ogc.links import Addresses
from mapping.ogc.shown import Column, Direction, Table, picture_of, table_of

_UNSORTED: Final = ("texts",)


def map_of(collection: AnyCollection, addresses: Addresses, box: Box | None) -> dict[str, Any]:
    """The configuration of `js/map/map.js`, whose outlines have the reader's address (keeping a private link)."""
    config: dict[str, Any] = {"tiles": tile_sources(), "bounds": box}
    if isinstance(collection, SiteCollection):
        return config
    campaign = collection.campaign
    if campaign.area is not None:
        config["area"] = addresses.collection(
            Collection(campaign, AREA, collection.is_exact).id, "items", campaign.slug, f="json"
        )
    if campaign.district_layer_id is not None and collection.kind is not DISTRICTS:
        config["districts"] = addresses.collection(
            Collection(campaign, DISTRICTS, collection.is_exact).id, "items", f="json"
        )
    if campaign.attribution:
        config["attribution"] = campaign.attribution
    return config


def items_context(
    request: Request, collection: AnyCollection, items: Items, fields: tuple[Field, ...]
) -> dict[str, Any]:
    """One page of items as a table and as map data."""
    features = [json.loads(text) for text in items.features]
    categories = _categories(collection)
    table = table_of(features, fields, categories)
    if not collection.holds_cells:
        table = _sortable(request, table)
    picture = picture_of(collection, features, categories)
    return {
        "table": table,
        "picture": picture.for_script,
        "classes": picture.classes,
        "entry": entry_of(collection),
        "filtered": bool(set(request.query_params) - {"f", "limit", "crs", "cursor", "sortby"}),
        "is_first": "cursor" not in request.query_params,
        "first_page": _with(request, cursor=None),
    }


def item_context(collection: AnyCollection, text: str, fields: tuple[Field, ...]) -> dict[str, Any]:
    """One item: every attribute that has a value, and map data."""
    feature = json.loads(text)
    categories = _categories(collection)
    table = table_of([feature], fields, categories)
    [row] = table.rows
    context: dict[str, Any] = {
        "row": row,
        "pairs": list(zip(table.columns, row.values, strict=True)),
        "picture": picture_of(collection, [feature], categories).for_script,
        "entry": entry_of(collection),
        "feature": feature,
    }
    if isinstance(collection, Collection) and collection.holds_contributions:
        campaign = collection.campaign
        is_published = feature["properties"].get("status") == "published"
        if is_published and campaign.publishes_points and not campaign.is_draft:
            context["page_address"] = reverse("contribution", args=(campaign.slug, feature["id"]))
    return context


def _categories(collection: AnyCollection) -> dict[str, Category]:
    if isinstance(collection, SiteCollection) or not collection.holds_contributions:
        return {}
    return {one.slug: one for one in collection.campaign.categories.order_by("position", "pk")}


def _sortable(request: Request, table: Table) -> Table:
    """Add sort links to the table's titles: a first click sorts ascending, a second one descending."""
    first = request.query_params.get("sortby", "").split(",")[0]

    def with_link(column: Column) -> Column:
        name = column.field.name
        if column.field.kind in _UNSORTED:
            return column
        direction: Direction = ""
        if first.lstrip("+- ") == name:
            direction = "descending" if first.startswith("-") else "ascending"
        wanted = f"-{name}" if direction == "ascending" else name
        return replace(column, sort_address=_with(request, cursor=None, sortby=wanted), direction=direction)

    return replace(table, columns=tuple(with_link(column) for column in table.columns))


def _with(request: Request, **changed: str | None) -> str:
    """The address of this page with other parameters; None removes one."""
    query = request.query_params.copy()
    for name, value in changed.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}"
