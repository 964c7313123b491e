"""Tile matrix sets: the registry's numbers (OGC 17-083r4, annex D)."""

import pytest
from django.test import Client

from mapping.ogc.tiles.matrix import EUROPEAN_LAEA_QUAD, WEB_MERCATOR_QUAD

pytestmark = pytest.mark.django_db


def definition(name: str) -> dict[str, object]:
    response = Client().get(f"/ogc/tileMatrixSets/{name}")
    assert response.status_code == 200
    found: dict[str, object] = response.json()
    return found


def test_web_mercator_is_the_one_of_the_registry() -> None:
    found = definition("WebMercatorQuad")
    assert found["crs"] == "http://www.opengis.net/def/crs/EPSG/0/3857"
    assert found["wellKnownScaleSet"] == "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible"
    matrices = found["tileMatrices"]
    assert isinstance(matrices, list)
    assert matrices[0]["scaleDenominator"] == pytest.approx(559082264.0287178)
    assert matrices[0]["pointOfOrigin"] == pytest.approx([-20037508.342789244, 20037508.342789244])
    assert matrices[12]["cellSize"] == pytest.approx(38.21851414258813)
    assert (matrices[12]["matrixWidth"], matrices[12]["tileWidth"]) == (4096, 256)


def test_european_set_names_north_first() -> None:
    found = definition("EuropeanETRS89_LAEAQuad")
    assert found["orderedAxes"] == ["Y", "X"]
    matrices = found["tileMatrices"]
    assert isinstance(matrices, list)
    assert matrices[0]["pointOfOrigin"] == [5_500_000, 2_000_000]
    assert matrices[0]["cellSize"] == 17578.125
    assert matrices[0]["scaleDenominator"] == pytest.approx(62779017.857142866)
    assert matrices[12]["cellSize"] == pytest.approx(4.2915344238)
    assert len(matrices) == 16


def test_both_are_listed_and_an_unknown_one_is_not_there() -> None:
    listed = Client().get("/ogc/tileMatrixSets").json()["tileMatrixSets"]
    assert [one["id"] for one in listed] == ["WebMercatorQuad", "EuropeanETRS89_LAEAQuad"]
    wrong = Client().get("/ogc/tileMatrixSets/WorldCRS84Quad")
    assert (wrong.status_code, wrong["Content-Type"]) == (404, "application/problem+json")


def test_rows_go_south_and_columns_east() -> None:
    first = WEB_MERCATOR_QUAD.tile(1, 0, 0)
    last = WEB_MERCATOR_QUAD.tile(1, 1, 1)
    assert first
    assert last
    assert first.sides[:2] == pytest.approx((-20037508.342789244, 0))
    assert last.sides[:2] == pytest.approx((0, -20037508.342789244))
    assert EUROPEAN_LAEA_QUAD.tile(0, 0, 1) is None
    assert EUROPEAN_LAEA_QUAD.tile(16, 0, 0) is None
