"""JSON Schemas of a collection: attributes of items, queryables and sortables.

OGC 23-058r1 (Features Part 5): `x-ogc-role` names the id and the place, `x-ogc-propertySeq` the order of attributes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from mapping.exports.fields import Field
from mapping.ogc.collections import AnyCollection
from mapping.ogc.writing import is_receivable

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "texts": {"type": "array", "items": {"type": "string"}},
}
_ROLES: Final = {
    "created": "primary-instant",
    "opens": "primary-interval-start",
    "closes": "primary-interval-end",
}
"""Roles of the attributes that `datetime` refers to."""


def collection_schema(collection: AnyCollection, fields: Iterable[Field], address: str) -> dict[str, Any]:
    """The schema of the attributes of an item."""
    properties = {
        "id": {"type": "string", "title": "id", "x-ogc-role": "id"},
        "geometry": {"title": "geometry", "format": _place(collection), "x-ogc-role": "primary-geometry"},
        **{
            field.name: property_schema(field)
            | {"x-ogc-propertySeq": number}
            | ({} if is_receivable(field) else {"readOnly": True})
            for number, field in enumerate(fields, 1)
        },
    }
    for name in _ROLES.keys() & properties:
        if properties[name].get("format") == "date-time":  # and not an answer attribute
            properties[name] |= {"x-ogc-role": _ROLES[name]}
    required = [field.name for field in fields if field.is_always_there]
    return _document(collection, address, properties) | {"required": required}


def feature_schema(collection: AnyCollection, fields: Iterable[Field], address: str) -> dict[str, Any]:
    """An item as GeoJSON: a Feature whose `properties` hold the attributes; those without a value are null there."""
    described = list(fields)
    attributes = {
        "type": "object",
        "properties": {field.name: property_schema(field) for field in described},
        "required": [field.name for field in described if field.is_always_there],
    }
    members = {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"title": "geometry", "format": _place(collection)},
        "properties": attributes,
    }
    return _document(collection, address, members) | {"required": [*members]}


def queryables(collection: AnyCollection, fields: Iterable[Field], address: str) -> dict[str, Any]:
    """The attributes that `filter` accepts, and no others (OGC 19-079r2, /req/queryables/get-queryables-response G)."""
    properties: dict[str, dict[str, Any]] = {
        "id": {"type": "string", "title": "id", "x-ogc-role": "id"},
        "geometry": {"title": "geometry", "format": _place(collection), "x-ogc-role": "primary-geometry"},
        **{field.name: property_schema(field) for field in fields},
    }
    return _document(collection, address, properties) | {"additionalProperties": False}


def sortables(collection: AnyCollection, fields: Iterable[Field], address: str) -> dict[str, Any]:
    """The attributes that `sortby` accepts."""
    properties = {field.name: property_schema(field) for field in fields}
    return _document(collection, address, properties) | {"additionalProperties": False}


def property_schema(field: Field) -> dict[str, Any]:
    """The JSON Schema of one attribute: title, type, limits, permitted values with their titles."""
    schema: dict[str, Any] = {"title": str(field.title), **_TYPES[field.kind]}
    if field.description:
        schema["description"] = str(field.description)
    if field.unit:
        schema["x-ogc-unit"] = field.unit
    if field.minimum is not None:
        schema["minimum"] = field.minimum
    if field.maximum is not None:
        schema["maximum"] = field.maximum
    if field.choices:
        values = {
            "enum": [choice.value for choice in field.choices],
            # Titles of values; JSON Schema has no keyword for them.
            "x-enum-titles": {choice.value: str(choice.title) for choice in field.choices},
        }
        if field.kind == "texts":
            schema["items"] = schema["items"] | values
        else:
            schema |= values
    return schema


def _document(collection: AnyCollection, address: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "$schema": DIALECT,
        "$id": address,
        "type": "object",
        "title": collection.title,
        "properties": properties,
    }


def _place(collection: AnyCollection) -> str:
    return "geometry-any" if collection.is_release else collection.kind.place
