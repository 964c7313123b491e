"""Each collection's own attributes as parameters in the OpenAPI document.

GDAL (ogr/ogrsf_frmts/wfs, OAPIF driver) and QGIS before 3.28 read from the path `/collections/<name>/items` which
attributes the server can filter; without it they would fetch everything and filter themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mapping.exports.fields import Field, campaign_fields
from mapping.ogc.collections import AnyCollection, Collection
from mapping.ogc.description.schema import property_schema
from mapping.ogc.parameters import ID, comparable

Json = dict[str, Any]
_ITEMS = "/collections/{collectionId}/items"


def with_collections(document: Json, collections: Iterable[AnyCollection]) -> Json:
    """The document with a path for the items of every collection but cells, whose parameters depend on the reader."""
    general = document["paths"][_ITEMS]["get"]
    # The name of the collection is part of the path here.
    shared = [one for one in general["parameters"] if not one.get("$ref", "").endswith("/collectionId")]
    paths: Json = {}
    fields_of_campaigns: dict[int, tuple[Field, ...]] = {}
    for one in collections:
        if one.holds_cells:
            continue
        if isinstance(one, Collection) and one.holds_contributions:
            pk = one.campaign.pk
            if pk not in fields_of_campaigns:
                fields_of_campaigns[pk] = campaign_fields(one.campaign)
            fields = fields_of_campaigns[pk]
        else:
            fields = one.rows().fields
        own = [_parameter(field) for field in (ID, *comparable(fields))]
        operation = general | {
            "operationId": f"items-{one.id}",
            "summary": one.title,
            "parameters": [*shared, *own],
        }
        paths[f"/collections/{one.id}/items"] = {"get": operation}
    return document | {"paths": {**document["paths"], **paths}}


def _parameter(field: Field) -> Json:
    described = property_schema(field)
    schema = {
        name: described[name]
        for name in ("type", "format", "enum", "minimum", "maximum")
        if name in described
    }
    return {
        "name": field.name,
        "in": "query",
        "required": False,
        "description": str(field.title),
        "schema": schema,
        "style": "form",
        "explode": False,
    }
