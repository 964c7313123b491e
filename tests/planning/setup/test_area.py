"""The step of the area, as a form without JavaScript."""

import json
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from mapping.models import Campaign, District, DistrictLayer
from tests import personas
from tests.personas import staff_browser
from tests.planning.setup.test_steps import address, fresh


@pytest.fixture
def browser(campaign: Campaign, manager: User) -> Client:
    """The manager's browser."""
    return staff_browser(manager)


@pytest.fixture
def wards(db: None) -> DistrictLayer:
    """Two wards side by side."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    for number, west in enumerate((7.70, 7.75)):
        box = Polygon.from_bbox((west, 49.42, west + 0.05, 49.46))
        geom = MultiPolygon(box, srid=4326)
        District.objects.create(layer=layer, code=str(number), name=f"Ward {number}", geom=geom)
    return layer


def area_of(campaign: Campaign) -> MultiPolygon:
    """The area as stored."""
    found = fresh(campaign).area
    assert found is not None
    return found


def test_area_is_the_city_or_some_districts(
    browser: Client, campaign: Campaign, wards: DistrictLayer
) -> None:
    browser.post(address(campaign, "area"), {"way": "city", "layer": wards.pk})
    assert area_of(campaign).extent == pytest.approx((7.70, 49.42, 7.80, 49.46))
    assert fresh(campaign).district_layer == wards
    one = wards.districts.get(code="0")
    browser.post(address(campaign, "area"), {"way": "districts", "districts": [one.pk], "count_by": wards.pk})
    assert area_of(campaign).extent == pytest.approx((7.70, 49.42, 7.75, 49.46))


def test_area_is_drawn_or_comes_from_a_file(
    browser: Client, campaign: Campaign, settings: Settings, tmp_path: Any
) -> None:
    settings.VAR_DIR = tmp_path
    drawing = json.dumps(personas.square(size=0.01))
    browser.post(address(campaign, "area"), {"way": "drawn", "drawn": drawing})
    assert area_of(campaign).extent == pytest.approx((7.7689, 49.4447, 7.7789, 49.4547))
    feature = {"type": "Feature", "properties": {}, "geometry": personas.square(size=0.02)}
    file = SimpleUploadedFile("area.geojson", json.dumps(feature).encode())
    browser.post(address(campaign, "area"), {"way": "file", "file": file})
    assert area_of(campaign).extent == pytest.approx((7.7689, 49.4447, 7.7889, 49.4647))
    assert not list((tmp_path / "imports").glob("*"))


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"way": "drawn", "drawn": "nonsense"}, "drawn"),
        ({"way": "drawn", "drawn": '{"type":"Point","coordinates":[7,49]}'}, "drawn"),
        (
            {
                "way": "drawn",
                "drawn": '{"type":"Polygon","coordinates":[[[700,49],[701,49],[701,50],[700,49]]]}',
            },
            "drawn",
        ),
        ({"way": "drawn", "drawn": "[" * 5000}, "drawn"),
        ({"way": "districts"}, "districts"),
        ({"way": "districts", "districts": ["999999"]}, "districts"),
        ({"way": "file"}, "file"),
        ({"way": "nonsense"}, "way"),
        ({}, "way"),
    ],
)
def test_wrong_areas_are_told_and_stay(
    browser: Client, campaign: Campaign, wards: DistrictLayer, data: dict[str, Any], field: str
) -> None:
    before = area_of(campaign)
    answer = browser.post(address(campaign, "area"), data)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'id="id_{field}_error"' in html
    assert str(data.get("drawn", ""))[:8].replace('"', "&quot;") in html
    assert area_of(campaign).equals_exact(before, 1e-9)


def test_map_of_a_new_campaign_opens_on_the_city(
    browser: Client, campaign: Campaign, wards: DistrictLayer
) -> None:
    Campaign.objects.update(area=None, is_draft=True)
    html = browser.get(address(campaign, "area")).content.decode()
    assert '"bounds": [7.7, 49.42, 7.8, 49.46]' in html


def test_file_that_is_no_area_is_explained(
    browser: Client, campaign: Campaign, settings: Settings, tmp_path: Any
) -> None:
    settings.VAR_DIR = tmp_path
    file = SimpleUploadedFile("area.geojson", b"{}")
    answer = browser.post(address(campaign, "area"), {"way": "file", "file": file})
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode()
