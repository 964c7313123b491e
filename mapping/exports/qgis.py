"""Layer definitions of QGIS (`.qlr`): one file that adds layers from the OGC API, styled as on the web.

Read by QGIS 3.22 and newer; `tests/clients/test_qgis.py` opens them there. Elements and attributes are those that QGIS
writes itself; what it takes as given is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree as ET

from mapping.exports.fields import Field
from mapping.exports.styles import titles_of, without_controls

MEDIA_TYPE: Final = "application/x-qgis-layer-definition"

LayerGeometry = Literal["Point", "Line", "Polygon", "No geometry"]
_PROVIDER: Final = "OAPIF"
_WGS84: Final = {
    "proj4": "+proj=longlat +datum=WGS84 +no_defs",
    "srsid": "3452",
    "srid": "4326",
    "authid": "EPSG:4326",
}
"""QGIS looks the code up only beside its own number for it (`QgsCoordinateReferenceSystem::readXml`)."""
_LABEL: Final = {"fontSize": "9", "fontSizeUnit": "Point", "textColor": "84,92,93,255", "isExpression": "0"}
_BUFFER: Final = {
    "bufferDraw": "1",
    "bufferSize": "0.8",
    "bufferSizeUnits": "MM",
    "bufferColor": "255,255,255,255",
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


@dataclass(frozen=True)
class Group:
    """Layers, the topmost first, and what is told about them; `root` is the landing page of the OGC API."""

    title: str
    root: str
    layers: Sequence[Layer]
    abstract: str = ""
    attribution: str = ""


def layer_definition(group: Group) -> bytes:
    """Write the file. A single layer stands alone, several in a group with the campaign's title."""
    root = ET.Element("qlr")
    tree = ET.SubElement(root, "layer-tree-group", _tree_item(""))
    if len(group.layers) > 1:
        tree = ET.SubElement(tree, "layer-tree-group", _tree_item(group.title))
    layers = ET.SubElement(root, "maplayers")
    for layer in group.layers:
        source = source_uri(group.root, layer.collection)
        ET.SubElement(
            tree,
            "layer-tree-layer",
            {
                **_tree_item(layer.title, is_shown=layer.is_shown),
                "id": layer.collection,
                "source": source,
                "providerKey": _PROVIDER,
            },
        )
        layers.append(_map_layer(group, layer, source))
    body = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis-layer-definition>\n{body}\n".encode()


def source_uri(root: str, collection: str) -> str:
    """The address of a layer as the provider of QGIS wants it; only what the map shows is asked for."""
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


def _map_layer(group: Group, layer: Layer, source: str) -> ET.Element:
    made = ET.Element(
        "maplayer",
        {
            "type": "vector",
            "geometry": layer.geometry,
            "readOnly": "0",
            "styleCategories": "AllStyleCategories",
            "labelsEnabled": "1" if layer.label else "0",
        },
    )
    texts = {
        "id": layer.collection,
        "datasource": source,
        "layername": layer.title,
        "title": layer.title,
        "abstract": group.abstract,
        "attribution": group.attribution,
    }
    for name, text in texts.items():
        if text:
            ET.SubElement(made, name).text = without_controls(text)
    reference = ET.SubElement(ET.SubElement(made, "srs"), "spatialrefsys")
    for name, text in _WGS84.items():
        ET.SubElement(reference, name).text = text
    ET.SubElement(made, "provider", {"encoding": ""}).text = _PROVIDER
    if layer.renderer is not None:
        made.append(layer.renderer)
    made.extend(_labelling(layer))
    made.extend(titles_of(layer.fields))
    if layer.preview:
        ET.SubElement(made, "previewExpression").text = f'"{layer.preview}"'
    return made


def _labelling(layer: Layer) -> Iterator[ET.Element]:
    if layer.label:
        labelling = ET.Element("labeling", {"type": "simple"})
        settings = ET.SubElement(labelling, "settings")
        style = ET.SubElement(settings, "text-style", {"fieldName": layer.label, **_LABEL})
        ET.SubElement(style, "text-buffer", _BUFFER)
        yield labelling
