"""QGIS styles (QML) of layers, by category and with the colours of the web map."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree as ET

from mapping.exports.fields import Field
from mapping.models import Campaign, Category

COLOURS: Final = {
    "blue": "#1b3a88",
    "orange": "#c9773d",
    "green": "#1f6d12",
    "purple": "#a468e6",
    "red": "#cd2346",
    "teal": "#24999e",
    "brown": "#422402",
    "grey": "#6f6b72",
}
"""The colours of categories as `css/tokens.css` has them (a test compares)."""

HEAT: Final = ("#f5e9b0", "#f3b35f", "#e56e30", "#b63042", "#6c1047")
"""The ramp of heat maps, from few to many."""

StyledShape = Literal["Point", "LineString", "Polygon"]

_MARKERS: Final = {
    "circle": "circle",
    "square": "square",
    "diamond": "diamond",
    "triangle": "triangle",
    "hexagon": "hexagon",
    "drop": "pentagon",
}
"""QGIS's simple markers; it has no drop."""

_CONTROLS: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_VERSION: Final = "3.22.0"
_WHITE: Final = "255,255,255,255"
_GEOMETRY_TYPES: Final = {"Point": "0", "LineString": "1", "Polygon": "2"}


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of a legend: the value of `category`, its title, colour (`#rrggbb`) and marker."""

    value: str
    title: str
    colour: str
    marker: str = "circle"


@dataclass(frozen=True, slots=True)
class HeatRange:
    """One class of a heat map: both limits are inclusive, `colour` is `#rrggbb`."""

    low: float
    high: float
    label: str
    colour: str


@dataclass(frozen=True, slots=True)
class Opacity:
    """Opacity of an area: its fill, of 255, and whether it has an outline."""

    fill: int = 51
    is_outlined: bool = True


_OF_AREAS: Final = Opacity()
OF_HEAT: Final = Opacity(191, is_outlined=False)
"""Heat maps: 75 % fill."""


def without_controls(text: str) -> str:
    """Remove characters that XML cannot hold (XML 1.0 section 2.2)."""
    return _CONTROLS.sub("", text)


def colour_of(name: str) -> str:
    """The colour of a category as `#rrggbb`."""
    return COLOURS.get(name, COLOURS["grey"])


def looks_of(campaign: Campaign) -> tuple[Look, ...]:
    """The legend of a campaign's contributions."""
    categories: Sequence[Category] = list(campaign.categories.order_by("position", "pk"))
    return tuple(Look(one.slug, one.title, colour_of(one.colour), one.marker) for one in categories)


def qml(looks: Sequence[Look], shape: StyledShape, fields: Sequence[Field] = ()) -> str:
    """Write the style of a layer of one kind of place, categorised by the attribute `category`; titles as aliases."""
    root = _document(shape, fields)
    root.append(by_category(looks, shape))
    return _text(root)


def by_category(looks: Sequence[Look], shape: StyledShape) -> ET.Element:
    """Draw a layer by the attribute `category`."""
    renderer = ET.Element(
        "renderer-v2",
        {
            "type": "categorizedSymbol",
            "attr": "category",
            "symbollevels": "0",
            "forceraster": "0",
            "enableorderby": "0",
        },
    )
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, look in enumerate(looks):
        ET.SubElement(
            categories,
            "category",
            {
                "value": look.value,
                "label": without_controls(look.title),
                "symbol": str(number),
                "render": "true",
            },
        )
        symbols.append(symbol_of(str(number), look, shape))
    return renderer


def cells_qml(highest: int, fields: Sequence[Field] = ()) -> str:
    """Write the style of released cells: five classes of contributions, light for few."""
    root = _document("Polygon", fields)
    step = max(highest, len(HEAT)) / len(HEAT)
    classes = [
        HeatRange(
            number * step, (number + 1) * step, f"{number * step:.0f} - {(number + 1) * step:.0f}", colour
        )
        for number, colour in enumerate(HEAT)
    ]
    root.append(by_number("contributions", classes))
    return _text(root)


def by_number(value: str, classes: Sequence[HeatRange]) -> ET.Element:
    """Colour areas by an attribute, or an expression, in classes; 75 % fill and no outline, as heat maps are drawn."""
    renderer = ET.Element(
        "renderer-v2",
        {
            "type": "graduatedSymbol",
            "attr": value,
            "symbollevels": "0",
            "graduatedMethod": "GraduatedColor",
        },
    )
    ranges = ET.SubElement(renderer, "ranges")
    symbols = ET.SubElement(renderer, "symbols")
    for number, one in enumerate(classes):
        ET.SubElement(
            ranges,
            "range",
            {
                "lower": f"{one.low:.15f}",
                "upper": f"{one.high:.15f}",
                "label": one.label,
                "symbol": str(number),
                "render": "true",
            },
        )
        look = Look(str(number), one.label, one.colour)
        symbols.append(symbol_of(str(number), look, "Polygon", OF_HEAT))
    return renderer


def outlines() -> ET.Element:
    """Draw areas as grey outlines without a fill: districts, and the area of a campaign."""
    renderer = ET.Element("renderer-v2", {"type": "singleSymbol", "symbollevels": "0"})
    symbols = ET.SubElement(renderer, "symbols")
    symbols.append(symbol_of("0", Look("", "", COLOURS["grey"]), "Polygon", Opacity(0)))
    return renderer


def titles_of(fields: Sequence[Field]) -> Iterator[ET.Element]:
    """The titles of attributes and of their values."""
    yield _aliases(fields)
    configuration = ET.Element("fieldConfiguration")
    for field in fields:
        if field.choices and field.kind == "text":
            configured = ET.SubElement(configuration, "field", {"name": field.name})
            configured.append(_value_map(field))
    yield configuration


def _document(shape: StyledShape, fields: Sequence[Field]) -> ET.Element:
    root = ET.Element("qgis", {"version": _VERSION, "styleCategories": "Symbology|Fields|Forms"})
    if fields:
        root.append(_aliases(fields))
    ET.SubElement(root, "layerGeometryType").text = _GEOMETRY_TYPES[shape]
    return root


def _aliases(fields: Sequence[Field]) -> ET.Element:
    aliases = ET.Element("aliases")
    for index, field in enumerate(fields):
        ET.SubElement(
            aliases,
            "alias",
            {"field": field.name, "index": str(index), "name": without_controls(str(field.title))},
        )
    return aliases


def _value_map(field: Field) -> ET.Element:
    widget = ET.Element("editWidget", {"type": "ValueMap"})
    whole = ET.SubElement(ET.SubElement(widget, "config"), "Option", {"type": "Map"})
    values = ET.SubElement(whole, "Option", {"name": "map", "type": "List"})
    for choice in field.choices:
        entry = ET.SubElement(values, "Option", {"type": "Map"})
        title = without_controls(str(choice.title))
        ET.SubElement(entry, "Option", {"name": title, "type": "QString", "value": choice.value})
    return widget


def symbol_of(name: str, look: Look, shape: StyledShape, opacity: Opacity = _OF_AREAS) -> ET.Element:
    """The symbol of one entry of a legend."""
    kinds = {"Point": "marker", "LineString": "line", "Polygon": "fill"}
    symbol = ET.Element(
        "symbol",
        {"name": name, "type": kinds[shape], "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
    )
    colour = _rgba(look.colour)
    if shape == "Point":
        _layer(
            symbol,
            "SimpleMarker",
            {
                "name": _MARKERS.get(look.marker, "circle"),
                "color": colour,
                "outline_color": _WHITE,
                "outline_style": "solid",
                "outline_width": "0.4",
                "outline_width_unit": "MM",
                "size": "3.2",
                "size_unit": "MM",
            },
        )
    elif shape == "LineString":
        # A white casing below the coloured line, as on the web map.
        _layer(symbol, "SimpleLine", _line(_WHITE, "1.6"))
        _layer(symbol, "SimpleLine", _line(colour, "1"))
    else:
        _layer(
            symbol,
            "SimpleFill",
            {
                "color": _rgba(look.colour, opacity.fill),
                "style": "solid",
                "outline_color": colour,
                "outline_style": "solid" if opacity.is_outlined else "no",
                "outline_width": "0.5",
                "outline_width_unit": "MM",
            },
        )
    return symbol


def _line(colour: str, width: str) -> dict[str, str]:
    return {
        "line_color": colour,
        "line_style": "solid",
        "line_width": width,
        "line_width_unit": "MM",
        "capstyle": "round",
        "joinstyle": "round",
    }


def _layer(symbol: ET.Element, kind: str, properties: dict[str, str]) -> None:
    """Write each property in both notations: `prop` is read by QGIS before 3.26, `Option` since."""
    layer = ET.SubElement(symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    options = ET.SubElement(layer, "Option", {"type": "Map"})
    for name, value in properties.items():
        ET.SubElement(options, "Option", {"name": name, "type": "QString", "value": value})
    for name, value in properties.items():
        ET.SubElement(layer, "prop", {"k": name, "v": value})


def _rgba(colour: str, opacity: int = 255) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"{red},{green},{blue},{opacity}"


def _text(root: ET.Element) -> str:
    body = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{body}"
