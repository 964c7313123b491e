"""What a row of a file is, by the fields that it has: our own columns, tags of OpenStreetMap, official kinds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final

from mapping.geo.ground import AREA, CLASSES, LABEL, LAST_ZOOM, LEAST_RANK, LINE
from mapping.geo.text import cell_text
from mapping.imports.ground.kinds import LABEL_OF_AREA, Classified, Drawn, Feature, Labelled, Shape, Unknown
from mapping.imports.ground.official import classify_official, is_official
from mapping.imports.ground.tags import TELLING, classify

_FURTHER_TAGS: Final = ("other_tags", "all_tags", "tags")
_LONGEST_TAGS: Final = 65_536
_HSTORE: Final = re.compile(r'"((?:[^"\\]|\\.){1,255})"\s?=>\s?"((?:[^"\\]|\\.){0,1024})"')
_ESCAPED: Final = re.compile(r"\\(.)")
_LAYERS: Final[Mapping[str, str]] = {
    **{name: name for name in CLASSES},
    **{f"{name}s": name for name in CLASSES},
}
_LAYER_OF_SHAPE: Final = {Shape.AREA: AREA, Shape.LINE: LINE, Shape.POINT: LABEL}
_GEOFABRIK: Final[Mapping[Shape, tuple[str, ...]]] = {
    Shape.AREA: ("natural", "landuse", "leisure", "waterway", "amenity", "tourism", "building"),
    Shape.LINE: ("highway", "railway", "waterway"),
    Shape.POINT: ("place", "railway", "amenity", "tourism", "historic", "leisure", "man_made", "shop"),
}
_YES: Final = frozenset({"1", "yes", "true", "t", "ja"})

# From where on our own classes are drawn, where a file does not say it.
_ZOOMS: Final[Mapping[str, int]] = {
    "water": 4,
    "wood": 6,
    "park": 9,
    "farm": 8,
    "built": 7,
    "industry": 8,
    "motorway": 5,
    "primary": 8,
    "secondary": 10,
    "street": 12,
    "path": 13,
    "cycle": 13,
    "rail": 8,
    "river": 8,
}
_LABELS: Final[Mapping[str, Labelled]] = {
    "city": Labelled("city", 1, 4),
    "district": Labelled("district", 3, 10),
    "village": Labelled("village", 4, 9),
    "quarter": Labelled("quarter", 5, 11),
    "station": Labelled("station", 5, 12),
    "landmark": Labelled("landmark", 7, 13),
    "park": Labelled("park", 7, 13),
    "water": Labelled("water", 7, 13),
}


def classify_row(fields: Mapping[str, object], shape: Shape) -> Classified:
    """What a row is on the ground, by its fields and the shape of its geometry."""
    texts = {name.lower(): text for name, value in fields.items() if (text := cell_text(value))}
    own = _own(texts, shape)
    if own is not None:
        return own
    tags = _with_further_tags(texts)
    if any(tags.get(key) for key in TELLING):
        return classify(tags, shape)
    if texts.get("fclass"):
        return _of_geofabrik(texts, shape)
    return classify_official(texts, shape) if is_official(texts) else Unknown()


def _own(texts: Mapping[str, str], shape: Shape) -> Classified | None:
    """Our own columns: `class`, with `layer` and `rank`, `zoom`, `tunnel` where wanted; None for other files."""
    kind = texts.get("class", "").lower()
    # OpenStreetMap has a tag of this name: what lies above what.
    layer = _LAYERS.get(texts.get("layer", "").lower(), "")
    if not kind or (not layer and kind not in CLASSES[_LAYER_OF_SHAPE[shape]]):
        return None
    layer = layer or _LAYER_OF_SHAPE[shape]
    if kind not in CLASSES[layer] or (layer != LABEL and layer != _LAYER_OF_SHAPE[shape]):
        return Unknown(f"{layer} {kind}")
    name = texts.get("name", "")
    if layer == LABEL:
        usual = _LABELS[kind]
        rank = _number(texts.get("rank", ""), 1, LEAST_RANK, usual.rank)
        zoom = _number(texts.get("zoom", ""), 0, LAST_ZOOM, usual.from_zoom)
        return Feature(name, label=Labelled(kind, rank, zoom)) if name else Unknown("label without a name")
    drawn = Drawn(kind, _number(texts.get("zoom", ""), 0, LAST_ZOOM, _ZOOMS[kind]))
    return Feature(
        name,
        drawn,
        is_labelled=layer == AREA and bool(name) and kind in LABEL_OF_AREA,
        is_tunnel=layer == LINE and texts.get("tunnel", "").lower() in _YES,
    )


def _number(text: str, least: int, most: int, usual: int) -> int:
    return min(max(int(text), least), most) if re.fullmatch(r"[0-9]{1,3}", text) else usual


def _with_further_tags(texts: Mapping[str, str]) -> Mapping[str, str]:
    """With the tags that GDAL writes into one column: as JSON, or in PostgreSQL's notation `"key"=>"value"`."""
    further: dict[str, str] = {}
    for column in _FURTHER_TAGS:
        text = texts.get(column, "")[:_LONGEST_TAGS]
        if text.startswith("{"):
            further |= _of_json(text)
        elif text:
            further |= {
                _ESCAPED.sub(r"\1", key): _ESCAPED.sub(r"\1", value) for key, value in _HSTORE.findall(text)
            }
    return {**further, **texts}


def _of_json(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return (
        {key: value for key, value in found.items() if isinstance(value, str)}
        if isinstance(found, dict)
        else {}
    )


def _of_geofabrik(texts: Mapping[str, str], shape: Shape) -> Classified:
    """Geofabrik's shapefiles name the value of the tag alone: it is tried for each tag that has it."""
    value = texts["fclass"].lower()
    further = {"name": texts.get("name", ""), "ref": texts.get("ref", "")}
    if texts.get("tunnel", "").lower() in _YES:
        further["tunnel"] = "yes"
    for key in _GEOFABRIK[shape]:
        found = classify({key: value, **further}, shape)
        if isinstance(found, Feature):
            return found
    return Unknown(f"fclass={value}")
