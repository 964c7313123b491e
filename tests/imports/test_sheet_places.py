"""Places in the cells of a table."""

from collections.abc import Callable

import pytest
import shapely
from django.core.management import CommandError

from mapping.imports.reading.columns import guessed
from mapping.models import Campaign
from tests.imports.conftest import Files, rejected, run
from tests.imports.rows import SPOT
from tests.imports.test_sheets import book, read
from tests.personas import TOWN_HALL

LON, LAT = TOWN_HALL
WKB = "0101000020E610000000000000000020400000000000804840"


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("WKT", "POINT (8 49)"),
        ("geom", "SRID=4326;POINT(8 49)"),
        ("geom", "SRID=25832;POINT(426857.987717285 5427937.523464922)"),
        ("the_geom", WKB),
        ("the_geom", f"\\x{WKB.lower()}"),
        ("geometry", '{"type":"Point","coordinates":[8,49]}'),
        ("anything", "POINT(8 49)"),
        ("Ort", "49.0000, 8.0000"),
        ("Koordinaten", "49,0000, 8,0000"),
        ("latlon", "49,0000 8,0000"),
        ("lonlat", "8.0000;49.0000"),
        ("gps", "49°00'00\"N 8°00'00\"E"),
        ("geopoint", "49.0000 8.0000 112.5 4.2"),
    ],
)
def test_place_in_one_column_is_read(files: Files, field: str, cell: str) -> None:
    for path in (
        files.csv([{"id": 1, field: cell, "text": "Ort"}, {"id": 2, field: "", "text": "ohne"}]),
        book(files, Daten=[["id", field], [1, cell], [2, None]]),
    ):
        table, rows = read(path)
        assert table.has_geometries
        assert table.place_field == field
        [position] = shapely.get_coordinates(rows[0].geometry).tolist()
        assert tuple(position) == pytest.approx((8, 49), abs=1e-7)
        assert rows[1].geometry is None


def test_mixed_spellings_of_geometries_are_read_in_one_column(files: Files) -> None:
    cells = [
        "SRID=4326;POINT(8 49)",
        WKB,
        "LINESTRING (8 49, 8.1 49.1)",
        "POLYGON ((8 49",
        '{"type":"Point"}',
    ]
    _, rows = read(files.csv([{"id": number, "WKT": cell} for number, cell in enumerate(cells)]))
    assert [row.geometry is not None and row.geometry.geom_type for row in rows] == [
        "Point", "Point", "LineString", False, False,
    ]  # fmt: skip
    assert [row.problem.code for row in rows if row.problem] == ["invalid_geometry"] * 2


def test_place_column_and_its_order_can_be_told(campaign: Campaign, files: Files) -> None:
    path = files.csv([{"wo": f"{LON} {LAT}", "id": "a"}, {"wo": "bei mir", "id": "b"}])
    report = files.folder / "report.csv"
    arguments = (campaign.slug, path, "--place-field", "wo", *SPOT, "--id-field", "id", "--report", report)
    assert run("import_contributions", *arguments, "--place-order", "lon-lat").startswith(
        "stored 1, known 0, rejected 1"
    )
    assert rejected(report) == [(2, "geometry", "not_a_number")]


@pytest.mark.django_db
def test_districts_come_from_a_column_of_a_table(files: Files) -> None:
    shape = "SRID=25832;POLYGON((411000 5477000, 412000 5477000, 412000 5478000, 411000 5477000))"
    path = files.csv([{"nr": "01", "name": "Mitte", "geom": shape}])
    said = run("import_districts", "wards", path, "--name-field", "name", "--code-field", "nr")
    assert said == "wards has 1 districts.\n"


@pytest.mark.parametrize("make", [lambda name: name, lambda name: name.upper()])
@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("_X_longitude", "_X_latitude"),
        ("rechts", "hoch"),
        ("Rechtswert (UTM 32)", "Hochwert (UTM 32)"),
        ("ostwert", "nordwert"),
        ("geo_lon", "geo_lat"),
        ("location.longitude", "location.latitude"),
        ("Koordinate X", "Koordinate Y"),
    ],
)
def test_names_of_coordinates_are_guessed(lon: str, lat: str, make: Callable[[str], str]) -> None:
    fields = ["Text", make(lat), make(lon), "long_text", "latlon", "platz"]
    assert (guessed("lon", fields), guessed("lat", fields)) == (make(lon), make(lat))


@pytest.mark.parametrize(
    ("zone", "code"), [("31", "EPSG:5649"), ("32", "EPSG:4647"), ("33", "EPSG:5650"), ("", "EPSG:25832")]
)
def test_command_proposes_the_system_of_metres(
    campaign: Campaign, files: Files, zone: str, code: str
) -> None:
    path = files.csv([{"rechts": f"{zone}410827,5", "hoch": "5477556,9"}])
    with pytest.raises(CommandError, match=f"look like {code}: try --crs {code}"):
        run("import_contributions", campaign.slug, path, "--lon", "rechts", "--lat", "hoch", *SPOT)


def test_metres_with_the_zone_in_front_are_read(campaign: Campaign, files: Files) -> None:
    path = files.csv([{"rechts": "32410827,5", "hoch": "5477556,9"}])
    arguments = ("--lon", "rechts", "--lat", "hoch", "--crs", "EPSG:4647", *SPOT)
    assert run("import_contributions", campaign.slug, path, *arguments).startswith("stored 1")
