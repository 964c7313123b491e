"""`import_ground`: files of all forms, the old ground until the new one is complete, bad files."""

import zipfile
from io import StringIO
from pathlib import Path

import pytest
import shapely
from django.core.management import CommandError, call_command
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import transform_geometry
from mapping.imports.ground import osm, storing
from mapping.models import GroundFeature, GroundSource
from tests.imports.conftest import Files, run
from tests.imports.ground.pbf import Node, Way, as_pbf, as_xml
from tests.personas import TOWN_HALL

pytestmark = pytest.mark.django_db

LON, LAT = TOWN_HALL
STREET = shapely.LineString([TOWN_HALL, (LON + 0.004, LAT + 0.001)])
LAKE = shapely.box(LON, LAT, LON + 0.004, LAT + 0.003)
TOWN = shapely.Point(TOWN_HALL)
NODES = (
    *(Node(LON, LAT), Node(LON + 0.004, LAT), Node(LON + 0.004, LAT + 0.003), Node(LON, LAT + 0.003)),
    Node(LON, LAT + 0.001, {"place": "city", "name": "Neustadt"}),
    Node(LON, LAT + 0.002, {"railway": "station", "name": "Hauptbahnhof"}),
    Node(LON, LAT + 0.0021, {"amenity": "bench"}),
)
WAYS = (
    Way((0, 1), {"highway": "primary", "name": "Pariser Straße", "tunnel": "yes"}),
    Way((0, 1, 2, 3, 0), {"natural": "water", "name": "Weiher"}),
    Way((0, 1, 2, 0), {"building": "yes"}),
)
OF_OSM = {
    ("area", "water", "Weiher", False),
    ("label", "city", "Neustadt", False),
    ("label", "station", "Hauptbahnhof", False),
    ("label", "water", "Weiher", False),
    ("line", "primary", "Pariser Straße", True),
}


def stored() -> set[tuple[str, str, str, bool]]:
    return set(GroundFeature.objects.values_list("layer", "kind", "name", "is_tunnel"))


def names() -> set[str]:
    return set(GroundFeature.objects.values_list("name", flat=True))


def in_utm(geometry: BaseGeometry) -> BaseGeometry:
    return transform_geometry(geometry, 4326, 25832)


def streets(files: Files, *names: str, file: str = "streets.geojson") -> Path:
    """A file of streets."""
    line = {"type": "LineString", "coordinates": [list(place) for place in STREET.coords]}
    return files.geojson([(line, {"highway": "residential", "name": name}) for name in names], file)


@pytest.mark.parametrize("ending", [".osm.pbf", ".osm"])
def test_extracts_of_openstreetmap(files: Files, ending: str) -> None:
    content = as_pbf(NODES, WAYS) if ending == ".osm.pbf" else as_xml(NODES, WAYS)
    printed = run("import_ground", files.text(content, f"city{ending}"))
    assert stored() == OF_OSM
    assert "5 features stored." in printed
    source = GroundSource.objects.get()
    assert (source.name, source.attribution) == (f"city{ending}", osm.ATTRIBUTION)


def test_only_what_reaches_into_the_box_is_kept(files: Files) -> None:
    path = files.text(as_pbf(NODES, WAYS), "city.osm.pbf")
    run("import_ground", path, f"--box={LON - 0.001},{LAT - 0.001},{LON + 0.001},{LAT + 0.0015}")
    assert stored() == {one for one in OF_OSM if one[2] != "Hauptbahnhof"}
    table = streets(files, "Burgstraße")
    printed = run("import_ground", table, "--box=8,50,9,51", "--dry-run")
    assert "Outside of the box: 1." in printed


def test_layers_of_a_geopackage_in_other_coordinates(files: Files) -> None:
    path = files.gis(
        [in_utm(STREET)],
        {"class": ["street"], "name": ["Burgstraße"]},
        "city.gpkg",
        crs="EPSG:25832",
        layer="lines",
    )
    files.gis(
        [in_utm(LAKE)],
        {"class": ["water"], "name": ["Weiher"]},
        "city.gpkg",
        crs="EPSG:25832",
        layer="areas",
        append=True,
    )
    files.gis(
        [in_utm(TOWN)],
        {"class": ["city"], "name": ["Neustadt"]},
        "city.gpkg",
        crs="EPSG:25832",
        layer="labels",
        append=True,
    )
    run("import_ground", path, "--attribution", "© Stadt")
    assert stored() == {
        ("area", "water", "Weiher", False),
        ("label", "city", "Neustadt", False),
        ("label", "water", "Weiher", False),
        ("line", "street", "Burgstraße", False),
    }
    assert GroundSource.objects.get().attribution == "© Stadt"
    [town] = GroundFeature.objects.filter(kind="city")
    expected = transform_geometry(TOWN, 4326, 3857)
    assert town.geom.srid == 3857
    assert town.geom.coords == pytest.approx((expected.x, expected.y), abs=0.01)


def test_shapefile_of_official_data_in_an_archive(files: Files) -> None:
    path = files.gis(
        [in_utm(LAKE)], {"OBJART": ["43002"], "NAM": ["Stadtwald"]}, "veg02_f.shp", crs="EPSG:25832"
    )
    archive = files.folder / "dlm.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for part in files.folder.glob("veg02_f.*"):
            packed.write(part, f"dlm/{part.name}")
    for given in (path, archive):
        run("import_ground", given, "--replace")
        assert stored() == {("area", "wood", "Stadtwald", False), ("label", "park", "Stadtwald", False)}


def test_crs_of_a_file_that_does_not_name_it(files: Files) -> None:
    place = {"type": "Point", "coordinates": list(in_utm(TOWN).coords[0])}
    path = files.geojson([(place, {"place": "city", "name": "Neustadt"})])
    with pytest.raises(CommandError, match="Nothing"):
        run("import_ground", path)
    run("import_ground", path, "--crs", "EPSG:25832")
    assert stored() == {("label", "city", "Neustadt", False)}


def test_what_is_not_drawn_is_said_in_words(files: Files) -> None:
    point = {"type": "Point", "coordinates": list(TOWN_HALL)}
    path = files.geojson(
        [
            *[(point, {"amenity": "bench"})] * 3,
            (point, {"colour": "red"}),
            (point, {"place": "city", "name": "Neustadt"}),
            (None, {"place": "city", "name": "Nowhere"}),
            ({"type": "Point", "coordinates": [7, 89]}, {"place": "city", "name": "Pole"}),
        ]
    )
    lines = run("import_ground", path).splitlines()
    assert lines == [
        "rows.geojson: without --attribution, maps name no source.",
        "7 rows read.",
        "Labels: city (1).",
        "Not drawn: amenity=bench (3), no field says what it is (1).",
        "Without a usable shape: no shape (1), beyond the edge of the map; name the CRS with --crs (1).",
        "1 features stored.",
    ]


def test_dry_run_stores_nothing(files: Files) -> None:
    run("import_ground", streets(files, "Burgstraße"))
    printed = run(
        "import_ground", streets(files, "Neue Straße", file="new.geojson"), "--dry-run", "--replace"
    )
    assert printed.endswith("1 features would be stored. Nothing was stored.\n")
    assert names() == {"Burgstraße"}


def test_files_stand_beside_each_other_and_a_newer_one_takes_the_place_of_its_name(files: Files) -> None:
    run("import_ground", streets(files, "Burgstraße"))
    run("import_ground", streets(files, "Parkstraße", file="others.geojson"))
    assert names() == {"Burgstraße", "Parkstraße"}
    run("import_ground", streets(files, "Lauterstraße", "Rosenstraße"))
    assert names() == {"Lauterstraße", "Rosenstraße", "Parkstraße"}
    run("import_ground", streets(files, "Ringstraße", file="new.geojson"), "--replace")
    assert names() == {"Ringstraße"}
    assert GroundSource.objects.count() == 1


def test_names_that_several_files_have_are_written_once(files: Files) -> None:
    point = {"type": "Point", "coordinates": list(TOWN_HALL)}
    station = files.geojson([(point, {"railway": "station", "name": "Hauptbahnhof"})], "stations.geojson")
    box = shapely.geometry.mapping(LAKE)
    building = files.geojson([(box, {"building": "train_station", "name": "Hauptbahnhof"})], "houses.geojson")
    run("import_ground", building, station)
    assert GroundFeature.objects.filter(name="Hauptbahnhof").count() == 1


def test_old_ground_stays_where_the_new_one_cannot_be_read(files: Files) -> None:
    run("import_ground", streets(files, "Burgstraße"))
    good = streets(files, "Neue Straße", file="new.geojson")
    bad = files.text("no extract", "city.osm.pbf")
    for replacing in ((), ("--replace",)):
        with pytest.raises(CommandError):
            run("import_ground", good, bad, *replacing)
        assert names() == {"Burgstraße"}


def test_file_in_which_nothing_is_drawn_leaves_the_old_ground(files: Files) -> None:
    run("import_ground", streets(files, "Burgstraße"))
    point = {"type": "Point", "coordinates": list(TOWN_HALL)}
    with pytest.raises(CommandError, match="Nothing in it is drawn"):
        run("import_ground", files.geojson([(point, {"amenity": "bench"})]), "--replace")
    assert names() == {"Burgstraße"}


def test_why_nothing_is_drawn_is_said(files: Files) -> None:
    point = {"type": "Point", "coordinates": [410_000, 5_477_000]}
    path = files.geojson([(point, {"place": "city", "name": "Neustadt"})])
    printed = StringIO()
    with pytest.raises(CommandError, match="Nothing in it is drawn"):
        call_command("import_ground", str(path), stdout=printed, stderr=printed)
    assert "beyond the edge of the map; name the CRS with --crs (1)" in printed.getvalue()


def test_too_many_features_are_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "MOST_FEATURES", 1)
    path = streets(files, "Burgstraße", "Parkstraße")
    for arguments in ((), ("--dry-run",)):
        with pytest.raises(CommandError, match="--box"):
            run("import_ground", path, *arguments)
    assert not GroundSource.objects.exists()


XML = '<?xml version="1.0"?>\n'


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("city.osm.pbf", b"", "is empty"),
        ("city.osm.pbf", b"\x00\x00\x00\x0dnot an extract at all", "does not hold OSM"),
        ("city.osm.pbf", as_pbf(NODES, WAYS)[:-40], "cannot be read"),
        ("city.osm.pbf", as_pbf(NODES, WAYS)[:-10] + b"damaged!!!", "cannot be read"),
        ("city.osm", "<gpx></gpx>", "does not hold OSM"),
        (
            "city.osm",
            XML + '<!DOCTYPE osm [<!ENTITY x SYSTEM "file:///etc/passwd">]><osm>&x;</osm>',
            "does not hold OSM",
        ),
        ("city.osm", XML + '<osm version="0.6"></osm>', "Nothing in it is drawn"),
        ("city.osm", XML + '<osm version="0.6"><node id="1"', "cannot be read"),
        ("city.osm", as_xml(NODES, WAYS)[:-30], "cannot be read"),
        ("city.gpkg", b"SQLite format 3\0 and nothing else", "cannot be read"),
        ("city.docx", b"PK", "does not end in"),
    ],
)
def test_bad_files_are_answered_in_a_sentence(
    files: Files, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run("import_ground", files.text(content, name))
    assert not GroundSource.objects.exists()


@pytest.mark.parametrize("name", ["city.osm.pbf", "city.geojson"])
def test_file_that_is_not_there(files: Files, name: str) -> None:
    with pytest.raises(CommandError, match="no file"):
        run("import_ground", files.folder / name)


def test_extract_larger_than_others_may_be(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(osm, "LARGEST", 10)
    with pytest.raises(CommandError, match="larger than"):
        run("import_ground", files.text(as_pbf(NODES, WAYS), "city.osm.pbf"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--box", "8,49"), "--box"),
        (("--box", "8,49,7,50"), "west must be less"),
        (("--crs", "EPSG:x"), "EPSG"),
        (("--attribution", "x" * 301), "300"),
    ],
)
def test_bad_options(files: Files, arguments: tuple[str, str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run("import_ground", streets(files, "Burgstraße"), *arguments)


def test_two_files_of_one_name_are_refused(files: Files) -> None:
    one = streets(files, "Burgstraße")
    (files.folder / "other").mkdir()
    other = one.rename(files.folder / "other" / one.name)
    with pytest.raises(CommandError, match=r"streets\.geojson"):
        run("import_ground", streets(files, "Burgstraße"), other)
