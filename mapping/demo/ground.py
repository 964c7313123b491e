"""The ground of the demo's city: a sketch by hand, so that its maps are no grey paper where no base map is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from mapping.demo.content import GroundSketch, ground_sketch, streets
from mapping.imports.ground.columns import classify_row
from mapping.imports.ground.kinds import Feature
from mapping.imports.ground.shaping import NewFeature, on_map, shape_of, shaped
from mapping.imports.ground.storing import NewSource, store_ground
from mapping.models import GroundSource

NAME: Final = "demo.json"
"""Name of the source, as if it were a file."""
_MAIN_STREETS: Final = "secondary"
"""The class of the streets of the demo's campaigns, which are drawn where these have them."""


def fill_ground() -> None:
    """Store the sketch where there is no ground yet."""
    if GroundSource.objects.exists():
        return
    sketch = ground_sketch()
    store_ground([NewSource(NAME, sketch["attribution"], [list(_features(sketch))])])


def _features(sketch: GroundSketch) -> Iterator[NewFeature]:
    for geometry, fields in _rows(sketch):
        kind = classify_row(fields, shape_of(geometry))
        assert isinstance(kind, Feature), fields  # noqa: S101 - the sketch has classes of the ground alone
        yield from shaped(kind, on_map(geometry))


def _rows(sketch: GroundSketch) -> Iterator[tuple[BaseGeometry, Mapping[str, object]]]:
    for area in sketch["areas"]:
        yield shapely.Polygon(area["ring"], area.get("holes", [])), {**area}
    for line in sketch["lines"]:
        yield shapely.LineString(line["line"]), {**line}
    for street in streets():
        yield shapely.LineString(street["line"]), {"class": _MAIN_STREETS, "name": street["name"]}
    for label in sketch["labels"]:
        yield shapely.Point(label["at"]), {**label}
