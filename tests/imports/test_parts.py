"""Places of several parts: tracks with pauses, areas with islands, collections."""

import json
from collections.abc import Mapping

import pytest
import shapely
from django.core.management import CommandError
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from mapping.imports.parts import Parts, parted
from mapping.imports.reading.rows import Row
from mapping.models import Campaign, Contribution
from mapping.models.campaign import PlaceType
from tests.imports.conftest import Files, run

LON, LAT = 7.77, 49.44
FIRST = [(LON, LAT), (LON + 0.001, LAT)]
PAUSED = [(LON + 0.002, LAT), (LON + 0.003, LAT)]
LEFT, RIGHT, ISLAND = (box(LON + east, LAT, LON + east + 0.001, LAT + 0.001) for east in (0, 0.001, 0.005))


def places(geometry: BaseGeometry, parts: Parts) -> list[tuple[int, str]]:
    found = parted([Row(4, geometry, None, {})], parts)
    return [(row.part, row.geometry.geom_type if row.geometry else "") for row in found]


@pytest.mark.parametrize(
    ("geometry", "split", "joined"),
    [
        (shapely.Point(LON, LAT), [(0, "Point")], [(0, "Point")]),
        (
            shapely.MultiPoint([(LON, LAT), (LON, LAT + 0.001)]),
            [(1, "Point"), (2, "Point")],
            [(1, "Point"), (2, "Point")],
        ),
        (
            shapely.MultiLineString([FIRST, PAUSED]),
            [(1, "LineString"), (2, "LineString")],
            [(0, "LineString")],
        ),
        (
            shapely.MultiPolygon([LEFT, ISLAND]),
            [(1, "Polygon"), (2, "Polygon")],
            [(1, "Polygon"), (2, "Polygon")],
        ),
        (shapely.GeometryCollection([LEFT, RIGHT]), [(1, "Polygon"), (2, "Polygon")], [(0, "Polygon")]),
        (
            shapely.GeometryCollection([shapely.MultiPolygon([LEFT, ISLAND]), shapely.Point(LON, LAT)]),
            [(1, "Polygon"), (2, "Polygon"), (3, "Point")],
            [(1, "Polygon"), (2, "Polygon"), (3, "Point")],
        ),
    ],
)
def test_parts_are_split_or_joined(
    geometry: BaseGeometry, split: list[tuple[int, str]], joined: list[tuple[int, str]]
) -> None:
    assert places(geometry, Parts.WHOLE) == [(0, geometry.geom_type)]
    assert places(geometry, Parts.SPLIT) == split
    assert places(geometry, Parts.JOIN) == joined


def test_joined_track_runs_across_its_pauses_in_their_order() -> None:
    track = shapely.MultiLineString([FIRST, [FIRST[1], *PAUSED], [(LON + 0.01, LAT), (LON + 0.02, LAT)]])
    [row] = parted([Row(1, track, None, {})], Parts.JOIN)
    assert row.geometry is not None
    assert [x for x, _ in row.geometry.coords] == [
        LON,
        LON + 0.001,
        LON + 0.002,
        LON + 0.003,
        LON + 0.01,
        LON + 0.02,
    ]


def feature(geometry: BaseGeometry, identifier: str) -> tuple[object, Mapping[str, object]]:
    return json.loads(shapely.to_geojson(geometry)), {"id": identifier}


@pytest.mark.django_db
def test_split_places_are_stored_once_however_often_the_file_comes(campaign: Campaign, files: Files) -> None:
    campaign.categories.filter(slug="spot").update(geometry_types=[PlaceType.LINE, PlaceType.POLYGON])
    path = files.geojson(
        [feature(shapely.MultiLineString([FIRST, PAUSED]), "17"), feature(LEFT, "18")], "rows.geojson"
    )
    command = ("import_contributions", campaign.slug, path, "--category", "spot", "--id-field", "id")
    assert "stored 1, known 0, rejected 1" in run(*command)
    assert "stored 2, known 1, rejected 0" in run(*command, "--parts", "split")
    assert "stored 0, known 3, rejected 0" in run(*command, "--parts", "split")
    assert set(Contribution.objects.values_list("external_id", flat=True)) == {"17#1", "17#2", "18"}


@pytest.mark.django_db
def test_refused_parts_say_what_can_be_done(campaign: Campaign, files: Files) -> None:
    path = files.geojson([feature(shapely.MultiLineString([FIRST, PAUSED]), "17")])
    with pytest.raises(CommandError, match="No row could be stored"):
        run("import_contributions", campaign.slug, path, "--category", "spot")
