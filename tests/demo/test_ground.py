"""The sketched ground of the demo's city."""

import json

import pytest
import shapely
from django.conf import settings

from mapping.demo import content
from mapping.demo.ground import fill_ground
from mapping.geo.ground import AREA, CLASSES, LINE
from mapping.models import GroundFeature, GroundSource
from tests.ground.world import add_label, layers, properties

pytestmark = pytest.mark.django_db


def test_sketch_has_everything_a_city_map_has() -> None:
    fill_ground()
    found = set(GroundFeature.objects.values_list("layer", "kind"))
    assert {kind for layer, kind in found if layer == AREA} == set(CLASSES[AREA])
    assert {kind for layer, kind in found if layer == LINE} == set(CLASSES[LINE])
    names = set(GroundFeature.objects.values_list("name", flat=True))
    assert {street["name"] for street in content.streets()} <= names
    assert {
        "Kaiserslautern",
        "Rathaus",
        "Hauptbahnhof",
        "Fritz-Walter-Stadion",
        "Lauter",
        "Volkspark",
    } <= names


def test_sketch_says_that_it_is_one() -> None:
    fill_ground()
    state = GroundSource.objects.state()
    assert state is not None
    assert "von Hand skizziert" in state.attribution
    text = (settings.BASE_DIR / "fixtures" / "demo" / "ground.json").read_text(encoding="utf-8")
    assert "von Hand skizziert" in json.loads(text)["note"]


def test_shapes_of_the_sketch_are_sound() -> None:
    for area in content.ground_sketch()["areas"]:
        assert shapely.Polygon(area["ring"], area.get("holes", [])).is_valid, area


def test_map_of_the_whole_city_is_not_blank() -> None:
    fill_ground()
    found = layers(10)
    assert {"motorway", "primary", "rail", "river"} <= {one["class"] for one in properties(found["lines"])}
    assert {"wood", "built"} <= {one["class"] for one in properties(found["areas"])}
    assert "Kaiserslautern" in {one["name"] for one in properties(found["labels"])}


def test_ground_that_is_there_stays() -> None:
    add_label("Real")
    fill_ground()
    assert list(GroundFeature.objects.values_list("name", flat=True)) == ["Real"]
