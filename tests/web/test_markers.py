"""Markers are drawn by a template tag and by a script: both must draw the same."""

import re
from pathlib import Path

from django.template import Context, Template

from mapping.models import Category
from mapping.models.campaign import Marker, Palette
from mapping.templatetags.maps import SHAPES

SCRIPT = Path(__file__).resolve().parents[2] / "mapping/static/mapping/js/map/markers.js"


def test_the_script_knows_the_same_shapes_as_the_template_tag() -> None:
    in_script = dict(re.findall(r'^ {2}(\w+):\s+"(M[^"]+)"', SCRIPT.read_text(), re.MULTILINE))
    assert in_script == SHAPES
    assert set(SHAPES) == set(Marker.values)


def test_a_marker_is_told_by_shape_colour_and_letter() -> None:
    category = Category(title="Ängste & Sorgen", marker=Marker.DROP, colour=Palette.TEAL)
    html = Template("{% load maps %}{% marker category 'small' %}").render(Context({"category": category}))
    assert SHAPES["drop"] in html
    assert "marker--teal" in html
    assert ">Ä</text>" in html
