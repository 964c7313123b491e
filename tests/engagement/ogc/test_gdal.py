"""GDAL's OAPIF driver opens the collections of dates and plans."""

import pytest
from django.contrib.gis.geos import LineString, Point

from tests.clients.conftest import gdal, root, type_of_gdal  # noqa: F401 - fixtures
from tests.clients.gdal_reader import Layer, list_layers, read
from tests.engagement.making import make_event, make_plan

pytestmark = pytest.mark.django_db(transaction=True)


def test_gdal_reads_dates_and_plans(root: str, gdal: type_of_gdal) -> None:  # noqa: F811 - fixtures
    make_event(title="Walk", place=Point(7.77, 49.44))
    make_event(title="Talk", kind="digital")
    make_plan(title="Cycle path", place=LineString((7.7, 49.4), (7.8, 49.5)), costs_euros=12_000)
    layers = gdal(list_layers, root)
    assert layers["events"] == "Point"
    assert "plans" in layers
    dates: Layer = gdal(read, root, "events")
    assert sorted(dates.columns["title"]) == ["Talk", "Walk"]
    assert sum(place is not None for place in dates.places) == 1
    found: Layer = gdal(read, root, "events", where="title = 'Walk'")
    assert found.columns["title"] == ["Walk"]
    plans: Layer = gdal(read, root, "plans")
    assert plans.columns["costs_euros"] == [12_000]
