"""A second reader of tiles: GDAL's MVT driver, which knows where a tile lies from its name."""

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from django.contrib.gis.geos import GEOSGeometry, LineString, Polygon
from django.test import Client

from mapping.geo.crs import transform_geometry, transform_positions
from mapping.models import Campaign
from mapping.ogc.tiles.matrix import WEB_MERCATOR_QUAD
from tests.ogc.tiles.test_tiles import CONTRIBUTIONS, address, layers, tile_at
from tests.personas import STATION, TOWN_HALL, make_contribution

LEVELS = (0, 6, 12, 16)


def read(
    directory: Path, level: int, layer: str = "contributions"
) -> tuple[list[shapely.Geometry], list[str]]:
    """Places in Web Mercator and ids of a tile at the town hall as GDAL reads them."""
    response = Client().get(address(CONTRIBUTIONS, WEB_MERCATOR_QUAD, level))
    assert response.status_code == 200
    row, column = tile_at(WEB_MERCATOR_QUAD, level, TOWN_HALL)
    file = directory / str(level) / str(column) / f"{row}.mvt"
    file.parent.mkdir(parents=True)
    file.write_bytes(response.content)
    # Without CLIP GDAL cuts at the tile's edge.
    meta, _fids, geometries, values = pyogrio.raw.read(
        file, layer=layer, columns=["id"], X=str(column), Y=str(row), Z=str(level), CLIP="NO"
    )
    assert meta["crs"] == "EPSG:3857"
    return list(shapely.from_wkb(geometries)), [str(one) for one in values[0]]


@pytest.mark.parametrize("level", LEVELS)
def test_gdal_finds_points_where_they_are(campaign: Campaign, tmp_path: Path, level: int) -> None:
    made = make_contribution(campaign, TOWN_HALL)
    [found], [name] = read(tmp_path, level)
    step = WEB_MERCATOR_QUAD.edge / 2**level / 4096
    expected = transform_positions(np.array([TOWN_HALL]), 4326, WEB_MERCATOR_QUAD.epsg)[0]
    assert name == str(made.pk)
    assert np.abs(shapely.get_coordinates(shapely.centroid(found))[0] - expected).max() <= step


def test_gdal_finds_lines_and_areas_where_they_are(campaign: Campaign, tmp_path: Path) -> None:
    line = LineString(TOWN_HALL, (TOWN_HALL[0] + 0.001, TOWN_HALL[1] + 0.0005), srid=4326)
    area = Polygon.from_bbox((TOWN_HALL[0], TOWN_HALL[1], TOWN_HALL[0] + 0.001, TOWN_HALL[1] + 0.001))
    area.srid = 4326
    places: dict[str, GEOSGeometry] = {
        str(make_contribution(campaign, line, category="street").pk): line,
        str(make_contribution(campaign, area, category="meadow").pk): area,
    }
    geometries, names = read(tmp_path, 14)
    step = WEB_MERCATOR_QUAD.edge / 2**14 / 4096
    assert sorted(names) == sorted(places)
    for geometry, name in zip(geometries, names, strict=True):
        expected = transform_geometry(shapely.from_wkb(bytes(places[name].wkb)), 4326, WEB_MERCATOR_QUAD.epsg)
        assert shapely.hausdorff_distance(geometry, expected) <= 2 * step


@pytest.mark.parametrize("level", LEVELS)
def test_places_too_small_for_a_level_stay_in_its_tiles(campaign: Campaign, level: int) -> None:
    width = 0.00002  # about 1.5 m, less than a step of all but the last levels
    area = Polygon.from_bbox((*TOWN_HALL, TOWN_HALL[0] + width, TOWN_HALL[1] + width))
    area.srid = 4326
    line = LineString(TOWN_HALL, (TOWN_HALL[0] + width, TOWN_HALL[1]), srid=4326)
    made = {
        str(make_contribution(campaign, TOWN_HALL).pk),
        str(make_contribution(campaign, line, category="street").pk),
        str(make_contribution(campaign, area, category="meadow").pk),
    }
    found = layers(address(CONTRIBUTIONS, WEB_MERCATOR_QUAD, level))["contributions"]["features"]
    assert {one["properties"]["id"] for one in found} == made


def test_withdrawn_contribution_leaves_its_tiles_at_once(campaign: Campaign) -> None:
    gone, stays = make_contribution(campaign, TOWN_HALL), make_contribution(campaign, STATION)
    url = address(CONTRIBUTIONS, WEB_MERCATOR_QUAD, 10)
    first = Client().get(url)
    assert first["Cache-Control"] == "no-cache"
    gone.delete()
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 200
    found = layers(url)["contributions"]["features"]
    assert {one["properties"]["id"] for one in found} == {str(stays.pk)}
