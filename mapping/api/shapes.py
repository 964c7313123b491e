"""Schemas of responses for the OpenAPI document: building blocks for the statistics."""

from __future__ import annotations

from typing import Any, Final

Shape = dict[str, Any]

INTEGER: Final[Shape] = {"type": "integer"}
TEXT: Final[Shape] = {"type": "string"}


def integer(description: str) -> Shape:
    """Schema of a whole number."""
    return INTEGER | {"description": description}


def number(description: str = "") -> Shape:
    """Schema of any number."""
    return {"type": "number"} | ({"description": description} if description else {})


def maybe(shape: Shape) -> Shape:
    """Make a schema nullable."""
    return shape | {"nullable": True}


def members(**properties: Shape) -> Shape:
    """Schema of an object with the given members."""
    return {"type": "object", "properties": properties}


def listed(shape: Shape, description: str = "") -> Shape:
    """Schema of an array."""
    return {"type": "array", "items": shape} | ({"description": description} if description else {})


def collection(properties: Shape, **more: Shape) -> Shape:
    """Schema of a GeoJSON FeatureCollection with additional members."""
    feature = members(
        type={"type": "string", "enum": ["Feature"]},
        id={"description": "Of a cell as in the heat map, of a district its code."},
        geometry={"type": "object", "description": "The outline, a GeoJSON geometry."},
        properties={"type": "object", "properties": properties},
    )
    return members(type={"type": "string", "enum": ["FeatureCollection"]}, features=listed(feature), **more)


def compact(row: str, **more: Shape) -> Shape:
    """Schema of cells as arrays, for maps that draw them."""
    return members(
        grid=TEXT,
        size=INTEGER,
        crs={"type": "integer", "enum": [3035]},
        cells=listed({"type": "array", "items": {}}, row),
        **more,
    )


TOTALS: Final = members(
    contributions=INTEGER,
    participants={"type": "integer", "description": "People who contributed."},
    unlocated=integer("Contributions without a place."),
    unnamed=integer("Contributions that no participant stands behind, such as imported ones."),
)
