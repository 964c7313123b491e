"""Styles of tiles: classes of cells and of contributions, and their MapLibre style (Style Specification 8).

One layer for each class, selected by a filter: QGIS's converter skips `step`, and does not convert `match` to colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from mapping.aggregation.releases.publication import current_release
from mapping.exports.styles.symbols import COLOURS, HEAT, Look, looks_of
from mapping.geo.grid import SIZES
from mapping.models import Campaign, Tally
from mapping.ogc.collections import Collection
from mapping.ogc.links import Addresses
from mapping.ogc.tiles.levels import LAST_LEVEL, cell_size
from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD
from mapping.ogc.tiles.read import CELL_LAYER, FEATURE_LAYER
from mapping.reports.classes import classes_of

OTHERS: Final = Look("", "…", COLOURS["grey"])
"""Contributions of categories missing in a legend: added later, or changed to another geometry type. QGIS reads the
empty value as all others."""


@dataclass(frozen=True)
class CellClass:
    """Cells of one size (None: of any) and colour: `low` contributions or more, less than `below`.

    The first class has no `low` and the last no `below`, so that no cell is ever without colour.
    """

    size: int | None
    low: int | None
    below: int | None
    colour: str

    @property
    def conditions(self) -> tuple[tuple[str, str, int], ...]:
        """Conditions of the class: attribute, operator, number."""
        given = (
            ("size", "==", self.size),
            ("contributions", ">=", self.low),
            ("contributions", "<", self.below),
        )
        return tuple((name, sign, value) for name, sign, value in given if value is not None)

    @property
    def label(self) -> str:
        """The range of numbers for a legend."""
        if self.below is None:
            return f"{self.low or 1}+"
        low = self.low or 1
        return str(low) if low == self.below - 1 else f"{low}–{self.below - 1}"


def cell_classes(collection: Collection) -> list[CellClass]:
    """The classes of cells, for each size in tiles, derived from published contributions."""
    if collection.is_release:
        release = current_release(collection.campaign)
        cells = () if release is None else release.cells
        return _classes(None, [cell.contributions for cell in cells])
    sizes = dict.fromkeys(cell_size(level, WEB_MERCATOR_QUAD) for level in range(LAST_LEVEL + 1))
    return [one for size in sizes for one in _classes(size, _numbers(collection.campaign, size))]


def style(collection: Collection, first_level: int | None, addresses: Addresses) -> dict[str, Any]:
    """A MapLibre style: cells in classes below `first_level` (None: everywhere), then contributions by category."""
    source = addresses.collection(collection.id, "tiles", WEB_MERCATOR_QUAD.id, f="tilejson")
    drawn: list[dict[str, Any]] = []
    if first_level != 0:
        drawn += _cell_layers(cell_classes(collection))
    if first_level is not None:
        drawn += _feature_layers(looks_of(collection.campaign))
    return {
        "version": 8,
        "name": collection.title,
        "sources": {"campaign": {"type": "vector", "url": source}},
        "layers": [{"source": "campaign", **layer} for layer in drawn],
    }


def _numbers(campaign: Campaign, size: int) -> list[int]:
    rows = Tally.objects.with_status(["published"])
    rows = rows.filter(campaign_id=campaign.pk, level=SIZES.index(size))
    return list(rows.values_list("contributions", flat=True))


def _classes(size: int | None, numbers: Sequence[int]) -> list[CellClass]:
    """The classes of the web's legend, each extended to the next one: the numbers may change later."""
    classes = classes_of(numbers) or classes_of([1])
    lows: list[int | None] = [None, *(int(one.low) for one in classes[1:]), None]
    return [
        CellClass(size, low, below, HEAT[one.step])
        for (low, below), one in zip(pairwise(lows), classes, strict=True)
    ]


def _cell_layers(classes: Sequence[CellClass]) -> list[dict[str, Any]]:
    return [
        {
            "id": "-".join(str(part) for part in ("cells", one.size, one.low or 1) if part is not None),
            "type": "fill",
            "source-layer": CELL_LAYER,
            **({"filter": ["all", *filters]} if filters else {}),
            "paint": {"fill-color": one.colour, "fill-opacity": 0.75},
        }
        for one in classes
        for filters in [[[sign, ["get", name], value] for name, sign, value in one.conditions]]
    ]


def _feature_layers(looks: Sequence[Look]) -> list[dict[str, Any]]:
    """Areas below lines below points, whatever their categories; other categories are grey."""
    layers: list[dict[str, Any]] = []
    category: object = ["get", "category"]
    others: list[list[object]] = [["!=", category, look.value] for look in looks]
    classes: list[tuple[str, str, list[list[object]]]] = [
        *((look.value, look.colour, [["==", category, look.value]]) for look in looks),
        ("", OTHERS.colour, others),
    ]
    for name, kind, shape, paint, by_colour in _PAINTS:
        chosen = classes if by_colour else [("", "", [])]
        layers += [
            {
                "id": f"{name}-{value}" if value else name,
                "type": kind,
                "source-layer": FEATURE_LAYER,
                "filter": ["all", ["==", ["geometry-type"], shape], *conditions],
                "paint": paint | ({by_colour: colour} if by_colour else {}),
            }
            for value, colour, conditions in chosen
        ]
    return layers


_PAINTS: Final[tuple[tuple[str, str, str, dict[str, object], str], ...]] = (
    ("areas", "fill", "Polygon", {"fill-opacity": 0.2}, "fill-color"),
    ("outlines", "line", "Polygon", {"line-width": 2}, "line-color"),
    ("casings", "line", "LineString", {"line-color": "#ffffff", "line-width": 7}, ""),
    ("lines", "line", "LineString", {"line-width": 4}, "line-color"),
    (
        "points",
        "circle",
        "Point",
        {"circle-radius": 6, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2},
        "circle-color",
    ),
)
"""Name, type, shape, paint, and the property that the category's colour goes into."""
