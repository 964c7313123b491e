"""The same for the city's own ground, for `tests.breaking`."""

from collections.abc import Callable
from typing import Any

from django.contrib.gis.geos import LineString, MultiPoint, Point, Polygon

from mapping.models import Contribution, GroundFeature
from tests.ground.world import add_feature, map_line, map_point, map_square

Break = Callable[[Contribution], object]

_BEYOND = 20_100_000
_FAR = Polygon.from_bbox((_BEYOND, 0, _BEYOND + 10, 10))
_FAR.srid = 3857
_BOW_TIE = Polygon(((0, 0), (100, 100), (100, 0), (0, 100), (0, 0)), srid=3857)


def area_with(**fields: Any) -> Break:
    return lambda _: add_feature("area", "park", map_square(), **fields)


def label_with(**fields: Any) -> Break:
    return lambda _: add_feature("label", "landmark", map_point(), **({"name": "Tower", "rank": 5} | fields))


def feature_of(layer: str, kind: str, shape: Any, **fields: Any) -> Callable[[Contribution], GroundFeature]:
    return lambda _: add_feature(layer, kind, shape, **fields)


OF_GROUND: list[tuple[str, Break]] = [
    ("ground_class_of_layer", feature_of("area", "rail", map_square())),
    ("ground_class_of_layer", feature_of("line", "wood", map_line())),
    ("ground_class_of_layer", feature_of("label", "street", map_point(), name="Street", rank=3)),
    ("ground_class_of_layer", feature_of("other", "park", map_square())),
    ("ground_zoom_in_range", area_with(from_zoom=16)),
    ("ground_rank_of_labels", area_with(rank=1)),
    ("ground_rank_of_labels", label_with(rank=None)),
    ("ground_rank_of_labels", label_with(rank=0)),
    ("ground_rank_of_labels", label_with(rank=10)),
    ("ground_label_has_name", label_with(name="")),
    ("ground_tunnel_is_line", area_with(is_tunnel=True)),
    ("ground_on_map", feature_of("area", "park", _FAR)),
    ("ground_well_formed", feature_of("area", "park", _BOW_TIE)),
    ("ground_well_formed", feature_of("line", "street", LineString(srid=3857))),
    ("ground_shape_of_layer", feature_of("area", "park", map_line())),
    ("ground_shape_of_layer", feature_of("line", "street", map_square())),
    ("ground_shape_of_layer", feature_of("label", "park", MultiPoint(Point(0, 0)), name="Park", rank=7)),
    ("ground_shape_of_layer", feature_of("line", "street", MultiPoint(Point(0, 0), Point(1, 1), srid=3857))),
]
