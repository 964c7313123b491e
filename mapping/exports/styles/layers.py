"""Layer definitions of QGIS (`.qlr`): one file that adds layers from the OGC API, styled as on the web.

Read by QGIS 3.22 and newer; `tests/clients/test_qgis.py` opens them there. Elements and attributes are those that QGIS
writes itself; its defaults are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from xml.etree import ElementTree as ET

from mapping.exports.fields import Field
from mapping.exports.styles import tiles as qgis_tiles
from mapping.exports.styles.symbols import titles_of, without_controls
from mapping.exports.styles.tiles import TileClass

MEDIA_TYPE: Final = "application/x-qgis-layer-definition"

LayerGeometry = Literal["Point", "Line", "Polygon", "No geometry"]
_PROVIDER: Final = "OAPIF"
_WGS84: Final = {
    "proj4": "+proj=longlat +datum=WGS84 +no_defs",
    "srsid": "3452",
    "srid": "4326",
    "authid": "EPSG:4326",
}
_WEB_MERCATOR: Final = {
    "proj4": "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs",
    "srsid": "3857",
    "srid": "3857",
    "authid": "EPSG:3857",
}
"""QGIS looks the code up only together with its internal number (`QgsCoordinateReferenceSystem::readXml`)."""
_LABEL: Final = {"fontSize": "9", "fontSizeUnit": "Point", "textColor": "84,92,93,255", "isExpression": "0"}
_BUFFER: Final = {
    "bufferDraw": "1",
    "bufferSize": "0.8",
    "bufferSizeUnits": "MM",
    "bufferColor": "255,255,255,255",
}


@dataclass(frozen=True)
class Scales:
    """The range of scales (denominators) at which a layer is drawn, from `widest` to `closest`."""

    widest: float = 0
    closest: float = 0

    def attributes(self) -> dict[str, str]:
        """Return the attributes of the layer element; empty for a layer that is drawn at all scales."""
        if not (self.widest or self.closest):
            return {}
        # QGIS writes 1e8 for no limit.
        return {
            "hasScaleBasedVisibilityFlag": "1",
            "minScale": f"{self.widest or 1e8:.0f}",
            "maxScale": f"{self.closest:.0f}",
        }


@dataclass(frozen=True)
class Layer:
    """One collection of the OGC API as a layer; `renderer` as `styles` makes it, `label` the attribute to write."""

    collection: str
    title: str
    geometry: LayerGeometry
    fields: Sequence[Field]
    renderer: ET.Element | None = None
    is_shown: bool = True
    label: str = ""
    preview: str = ""
    """The attribute that stands for a feature in lists."""
    scales: Scales = field(default_factory=Scales)


@dataclass(frozen=True)
class TileLayer:
    """Vector tiles of a collection as a layer, drawn by classes; `template` is the address with {z}, {y}, {x}."""

    collection: str
    title: str
    template: str
    deepest: int
    classes: Sequence[TileClass]
    is_shown: bool = True
    scales: Scales = field(default_factory=Scales)


@dataclass(frozen=True)
class Group:
    """Layers, the topmost first, with title and description; `root` is the landing page of the OGC API."""

    title: str
    root: str
    layers: Sequence[Layer | TileLayer]
    abstract: str = ""
    attribution: str = ""


def layer_definition(group: Group) -> bytes:
    """Write the file: a single layer on its own, several in a group with the campaign's title."""
    root = ET.Element("qlr")
    tree = ET.SubElement(root, "layer-tree-group", _tree_item(""))
    if len(group.layers) > 1:
        tree = ET.SubElement(tree, "layer-tree-group", _tree_item(group.title))
    layers = ET.SubElement(root, "maplayers")
    for layer in group.layers:
        is_tiles = isinstance(layer, TileLayer)
        made = _tile_layer(group, layer) if isinstance(layer, TileLayer) else _map_layer(group, layer)
        ET.SubElement(
            tree,
            "layer-tree-layer",
            {
                **_tree_item(layer.title, is_shown=layer.is_shown),
                "id": made.findtext("id", ""),
                "source": made.findtext("datasource", ""),
                "providerKey": qgis_tiles.PROVIDER if is_tiles else _PROVIDER,
            },
        )
        layers.append(made)
    body = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis-layer-definition>\n{body}\n".encode()


def source_uri(root: str, collection: str) -> str:
    """The address of a layer in the syntax of QGIS's provider; QGIS requests only the visible extent."""
    values = {
        "pagingEnabled": "true",
        "restrictToRequestBBOX": "1",
        "typename": collection,
        "url": root,
    }
    return " ".join(f"{name}='{_quoted(value)}'" for name, value in values.items())


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _tree_item(name: str, *, is_shown: bool = True) -> dict[str, str]:
    checked = "Qt::Checked" if is_shown else "Qt::Unchecked"
    return {"name": without_controls(name), "checked": checked, "expanded": "1"}


def _map_layer(group: Group, layer: Layer) -> ET.Element:
    made = ET.Element(
        "maplayer",
        {
            "type": "vector",
            "geometry": layer.geometry,
            "readOnly": "0",
            "styleCategories": "AllStyleCategories",
            "labelsEnabled": "1" if layer.label else "0",
            **layer.scales.attributes(),
        },
    )
    source = source_uri(group.root, layer.collection)
    made.extend(_described(group, layer.title, layer.collection, source))
    made.append(_reference(_WGS84))
    ET.SubElement(made, "provider", {"encoding": ""}).text = _PROVIDER
    if layer.renderer is not None:
        made.append(layer.renderer)
    made.extend(_labelling(layer))
    made.extend(titles_of(layer.fields))
    if layer.preview:
        ET.SubElement(made, "previewExpression").text = f'"{layer.preview}"'
    return made


def _tile_layer(group: Group, layer: TileLayer) -> ET.Element:
    made = ET.Element(
        "maplayer",
        {"type": "vector-tile", "styleCategories": "AllStyleCategories", **layer.scales.attributes()},
    )
    source = qgis_tiles.source_uri(layer.template, layer.deepest)
    made.extend(_described(group, layer.title, f"{layer.collection}-tiles", source))
    made.append(_reference(_WEB_MERCATOR))
    ET.SubElement(made, "provider").text = qgis_tiles.PROVIDER
    made.append(qgis_tiles.renderer(layer.classes))
    return made


def _described(group: Group, title: str, name: str, source: str) -> Iterator[ET.Element]:
    texts = {
        "id": name,
        "datasource": source,
        "layername": title,
        "title": title,
        "abstract": group.abstract,
        "attribution": group.attribution,
    }
    for tag, text in texts.items():
        if text:
            element = ET.Element(tag)
            element.text = without_controls(text)
            yield element


def _reference(crs: Mapping[str, str]) -> ET.Element:
    srs = ET.Element("srs")
    reference = ET.SubElement(srs, "spatialrefsys")
    for name, text in crs.items():
        ET.SubElement(reference, name).text = text
    return srs


def _labelling(layer: Layer) -> Iterator[ET.Element]:
    if layer.label:
        labelling = ET.Element("labeling", {"type": "simple"})
        settings = ET.SubElement(labelling, "settings")
        style = ET.SubElement(settings, "text-style", {"fieldName": layer.label, **_LABEL})
        ET.SubElement(style, "text-buffer", _BUFFER)
        yield labelling
