"""Vector tiles as a layer of QGIS (3.14 and newer): source address, and a symbol per class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from mapping.exports.styles.symbols import Look, Opacity, StyledShape, symbol_of, without_controls

PROVIDER: Final = "vectortile"
_GEOMETRIES: Final[dict[StyledShape, str]] = {"Point": "0", "LineString": "1", "Polygon": "2"}


@dataclass(frozen=True)
class TileClass:
    """A class of features of one tile layer and shape, drawn with one symbol."""

    source_layer: str
    shape: StyledShape
    look: Look
    expression: str
    """QGIS filter expression; empty matches all."""
    opacity: Opacity = field(default_factory=Opacity)


def source_uri(template: str, deepest: int) -> str:
    """The source in the syntax of QGIS's provider; `template` has {z}, {y} and {x}."""
    return f"type=xyz&url={quote(template, safe=':/{}')}&zmax={deepest}&zmin=0"


def renderer(classes: Sequence[TileClass]) -> ET.Element:
    """Draw each class by its symbol."""
    made = ET.Element("renderer", {"type": "basic"})
    styles = ET.SubElement(made, "styles")
    styles.extend(_styles(classes))
    return made


def column(name: str) -> str:
    """Quote an attribute name for a QGIS expression."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """Quote a text for a QGIS expression, in which a backslash escapes."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _styles(classes: Sequence[TileClass]) -> Iterator[ET.Element]:
    for one in classes:
        style = ET.Element(
            "style",
            {
                "name": without_controls(one.look.title),
                "layer": one.source_layer,
                "geometry": _GEOMETRIES[one.shape],
                "expression": one.expression,
                "enabled": "1",
                # Drawn at all zoom levels; without these attributes QGIS reads 0.
                "min-zoom": "-1",
                "max-zoom": "-1",
            },
        )
        ET.SubElement(style, "symbols").append(symbol_of("0", one.look, one.shape, one.opacity))
        yield style
