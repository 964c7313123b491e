"""Every kind of file is read as it is, and none of them opens anything but itself."""

import json
import socket
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio.raw
import pytest
import shapely
import xlsxwriter

from mapping.imports.problems import TableProblem
from mapping.imports.reading import archives
from mapping.imports.reading.tables import Row, open_table
from tests.imports.conftest import Files
from tests.personas import STATION, TOWN_HALL

PLACES = [shapely.Point(TOWN_HALL), shapely.Point(STATION)]
NAMES = ["Rathaus", "Südbahnhof"]


def read(path: Path, layer: str | None = None) -> list[Row]:
    with open_table(path, layer=layer) as table:
        return [row for batch in table.rows(drop_heights=True) for row in batch]


def written(files: Files, name: str, driver: str) -> Path:
    path = files.folder / name
    pyogrio.raw.write(
        path,
        np.array(shapely.to_wkb(PLACES), dtype=object),
        [np.array(NAMES, dtype=object)],
        ["title"],
        geometry_type="Point",
        crs="EPSG:4326",
        driver=driver,
    )
    return path


def geo_parquet(files: Files, name: str = "rows.parquet", crs: object = None, **columns: pa.Array) -> Path:
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": []}
    if crs is not None:
        column["crs"] = crs
    geo = {"version": "1.1.0", "primary_column": "place", "columns": {"place": column}}
    places = pa.array([bytes(one) for one in shapely.to_wkb(PLACES)], pa.binary())
    table = pa.table({"title": NAMES, **columns, "place": places})
    path = files.folder / name
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


@pytest.mark.parametrize(
    ("name", "driver", "field"),
    [
        ("rows.kml", "LIBKML", "Name"),
        ("rows.gml", "GML", "title"),
        ("rows.geojsonl", "GeoJSONSeq", "title"),
        ("rows.ndjson", "GeoJSONSeq", "title"),
        ("rows.tab", "MapInfo File", "title"),
        ("rows.mif", "MapInfo File", "title"),
        ("rows.fgb", "FlatGeobuf", "title"),
        ("rows.gpkg", "GPKG", "title"),
    ],
)
def test_rows_come_as_they_were_written(files: Files, name: str, driver: str, field: str) -> None:
    path = written(files, name, driver)
    found = read(path)
    places = shapely.get_coordinates([row.geometry for row in found])
    assert sorted(places[:, 0]) == pytest.approx(sorted([TOWN_HALL[0], STATION[0]]))
    assert sorted(places[:, 1]) == pytest.approx(sorted([TOWN_HALL[1], STATION[1]]))
    if driver != "LIBKML":
        assert {row.fields[field] for row in found} == set(NAMES)


@pytest.mark.parametrize("ending", ["tab", "mif"])
def test_map_info_in_an_archive(files: Files, ending: str) -> None:
    written(files, f"rows.{ending}", "MapInfo File")
    packed = files.folder / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in files.folder.glob("rows.*"):
            archive.write(path, f"folder/{path.name}")
    assert {row.fields["title"] for row in read(packed)} == set(NAMES)


def test_kmz_and_single_files_in_an_archive(files: Files) -> None:
    kml = written(files, "doc.kml", "LIBKML")
    packed = files.folder / "rows.kmz"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(kml, "doc.kml")
        archive.writestr("images/pin.png", b"")
    assert len(read(packed)) == 2


def test_first_line_of_a_sheet_names_the_fields(files: Files) -> None:
    path = files.folder / "rows.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Orte")
        for number, line in enumerate([["lon", "lat", "Straße"], [*TOWN_HALL, "Am Rathaus"]]):
            sheet.write_row(number, 0, line)
    with open_table(path) as table:
        [[row]] = table.rows(lon_field="lon", lat_field="lat")
    assert row.fields["Straße"] == "Am Rathaus"
    assert row.geometry == shapely.Point(TOWN_HALL)


def test_layer_with_rows_is_taken_where_there_is_only_one(files: Files) -> None:
    point = f'<wpt lat="{TOWN_HALL[1]}" lon="{TOWN_HALL[0]}"><name>A</name></wpt>'
    head = '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
    [row] = read(files.text(f"{head}{point}</gpx>", "rows.gpx"))
    assert row.fields["name"] == "A"
    track = '<trk><trkseg><trkpt lat="49.4" lon="7.7"/><trkpt lat="49.5" lon="7.8"/></trkseg></trk>'
    path = files.text(f"{head}{point}{track}</gpx>", "both.gpx")
    with pytest.raises(TableProblem, match="choose one with --layer: waypoints, tracks"):
        read(path)
    [row] = read(path, "tracks")
    assert isinstance(row.geometry, shapely.LineString)


def test_geo_parquet(files: Files) -> None:
    answers = pa.array(["ja", "nein"]).dictionary_encode()
    nested = pa.array([{"a": 1}, {"a": 2}])
    found = read(geo_parquet(files, answer=answers, listed=pa.array([["ä", "b"], None]), nested=nested))
    assert [dict(row.fields) for row in found] == [
        {"title": "Rathaus", "answer": "ja", "listed": '["ä", "b"]'},
        {"title": "Südbahnhof", "answer": "nein", "listed": None},
    ]
    assert [row.geometry for row in found] == PLACES


def test_geo_parquet_that_names_its_places_in_the_footer_only(files: Files) -> None:
    geo = {
        "version": "1.1.0",
        "primary_column": "place",
        "columns": {"place": {"encoding": "WKB", "geometry_types": []}},
    }
    places = pa.array([bytes(one) for one in shapely.to_wkb(PLACES)], pa.binary())
    table = pa.table({"title": NAMES, "place": places})
    path = files.folder / "rows.parquet"
    with pq.ParquetWriter(path, table.schema, store_schema=False) as writer:
        writer.write_table(table)
        writer.add_key_value_metadata({"geo": json.dumps(geo)})
    assert [row.geometry for row in read(path)] == PLACES


def test_crs_of_geo_parquet(files: Files) -> None:
    with open_table(geo_parquet(files, crs={"id": {"authority": "EPSG", "code": 25832}})) as table:
        assert table.crs is not None
        assert table.crs.to_epsg() == 25832
    for name in ("/vsicurl/http://127.0.0.1:9/x", "+proj=longlat +nadgrids=/etc/passwd"):
        with open_table(geo_parquet(files, crs={"id": {"authority": name, "code": name}})) as table:
            assert table.crs is None


# --- nothing else is opened -----------------------------------------------------------------------------------------


@pytest.fixture
def server() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a server nobody may ask, and what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                asked.append(connection.recv(200))
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
        listening.shutdown(socket.SHUT_RDWR)


FEATURE = '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [7.7, 49.4]}, "properties": {}}'
GML = (
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:o="http://o/" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://o/ {url}/schema.xsd"><gml:featureMember><o:a><o:place>'
    '<gml:Point srsName="{url}/crs"><gml:coordinates>7.7,49.4</gml:coordinates></gml:Point></o:place>'
    '<o:other xlink:href="{url}/other.gml#a"/></o:a></gml:featureMember></gml:FeatureCollection>'
)
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>{url}/n.kml</href></Link>'
    "</NetworkLink><Placemark><styleUrl>{url}/s.kml#a</styleUrl><Model><Link><href>{url}/m</href></Link></Model>"
    "</Placemark></Document></kml>"
)
LINK = '{"type": "link", "properties": {"href": "%s/crs"}}'
TWICE = LINK.replace("{", '{"type": "name", ', 1)
URL = LINK.replace("link", "url").replace("href", "url")
MANY = ", ".join([FEATURE] * 20_000)
REFERENCES: Mapping[str, str] = {
    "link.geojson": f'{{"type": "FeatureCollection", "crs": {LINK}, "features": [{FEATURE}]}}',
    "upper.geojson": f'{{"type": "FeatureCollection", "CRS": {LINK}, "features": [{FEATURE}]}}',
    "escaped.geojson": f'{{"type": "FeatureCollection", "\\u0063r\\u0053": {LINK}, "features": [{FEATURE}]}}',
    "single.geojson": f"{{'type': 'FeatureCollection', 'crs': {LINK}, 'features': [{FEATURE}]}}",
    "comment.geojson": f'{{"type": "FeatureCollection", "crs"/**/: {LINK}, "features": [{FEATURE}]}}',
    "late.geojson": f'{{"type": "FeatureCollection", "features": [{MANY}], "crs": {LINK}}}',
    "twice.geojson": f'{{"type": "FeatureCollection", "crs": {TWICE}, "features": [{FEATURE}]}}',
    "url.geojson": f'{{"type": "FeatureCollection", "crs": {URL}, "features": [{FEATURE}]}}',
    "link.geojsonl": FEATURE.replace("{", f'{{"crs": {LINK}, ', 1),
    "rows.gml": GML.replace("{url}", "%s"),
    "rows.kml": KML.replace("{url}", "%s"),
}


@pytest.mark.parametrize("name", REFERENCES)
def test_no_server_is_asked(files: Files, server: tuple[str, list[bytes]], name: str) -> None:
    url, asked = server
    path = files.text(REFERENCES[name].replace("%s", url), name)
    if path.suffix in {".gml", ".kml"}:
        read(path)
    else:
        with pytest.raises(TableProblem, match="refers to other files"):
            read(path)
    assert not asked


def test_crs_of_a_geojson_by_name_and_fields_of_that_name_are_taken(files: Files) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    feature: dict[str, Any] = json.loads(FEATURE)
    feature["properties"] = {"crs": "mine", "note": "crs"}
    content = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    with open_table(files.text(json.dumps(content), "rows.geojson")) as table:
        assert table.crs is not None
        assert table.crs.to_epsg() == 25832


@pytest.mark.parametrize("ending", ["kml", "gpx", "gml"])
@pytest.mark.parametrize("padding", [0, 70_000, 2_000_000])
def test_entities_are_refused_wherever_they_stand(files: Files, ending: str, padding: int) -> None:
    root = {"kml": "<kml>", "gpx": "<gpx>", "gml": '<a xmlns="http://www.opengis.net/gml">'}[ending]
    kind = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    for text in (f"{kind}{root}{' ' * padding}&a;", f"{root}{' ' * padding}{kind}"):
        with pytest.raises(TableProblem, match=r"declares a document type|does not hold"):
            read(files.text(f'<?xml version="1.0"?>{text}', f"rows.{ending}"))


def test_other_encodings_of_xml_are_refused(files: Files) -> None:
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE kml [<!ENTITY a "b">]><kml/>'
    for content in (hidden.encode("utf-16"), b'<?xml version="1.0" encoding="UTF-7"?><kml/>'):
        with pytest.raises(TableProblem, match=r"is not UTF-8|does not hold"):
            read(files.text(content, "rows.kml"))


@pytest.mark.parametrize(
    ("sql", "is_taken"),
    [
        ("CREATE VIEW v AS SELECT 1", False),
        ("CREATE TABLE t (a, b GENERATED ALWAYS AS (upper(a)))", False),
        ("CREATE TABLE t (a DEFAULT (ogr_geocode('x')))", False),
        ("CREATE VIRTUAL TABLE t USING fts5(a)", False),
        ("CREATE TRIGGER t AFTER INSERT ON gpkg_contents BEGIN SELECT load_extension('x'); END", True),
    ],
)
def test_database_that_could_run_something(files: Files, sql: str, is_taken: bool) -> None:
    path = written(files, "rows.gpkg", "GPKG")
    database = sqlite3.connect(path)
    database.executescript(sql)
    database.close()
    if is_taken:
        assert len(read(path)) == 2
        return
    with pytest.raises(TableProblem, match="views, virtual tables or computed columns"):
        read(path)


@pytest.mark.parametrize(
    "table",
    [
        'Definition Table\n"\\IsSeamless" = "TRUE"',
        'Open Table "/etc/passwd" Hide\nCreate View x As\nSelect a\nFrom b',
        'Definition Table\nType LINKED Charset "x"',
    ],
)
def test_map_info_tables_that_name_other_files(files: Files, table: str) -> None:
    with pytest.raises(TableProblem, match="does not hold"):
        read(files.text(f"!table\n!version 300\n{table}\n", "rows.tab"))


# --- archives -------------------------------------------------------------------------------------------------------


def archive_of(
    files: Files, members: Mapping[str, str | bytes], name: str = "rows.zip", mode: int = 0
) -> Path:
    path = files.folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            info = zipfile.ZipInfo(member)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return path


ROWS = "a,b\n1,2\n"
BAD_ARCHIVES: Mapping[str, tuple[Callable[[Files], Path], str]] = {
    "out of it": (lambda files: archive_of(files, {"../../rows.csv": ROWS}), "lead out of it"),
    "out of it, backslashes": (lambda files: archive_of(files, {"..\\rows.csv": ROWS}), "lead out of it"),
    "absolute": (lambda files: archive_of(files, {"/etc/rows.csv": ROWS}), "lead out of it"),
    "drive": (lambda files: archive_of(files, {"C:\\rows.csv": ROWS}), "lead out of it"),
    "link": (lambda files: archive_of(files, {"rows.csv": "/etc/passwd"}, mode=0o120777), "links"),
    "many": (lambda files: archive_of(files, dict.fromkeys(map(str, range(3_000)), "")), "too many files"),
    "nested": (lambda files: archive_of(files, {"inner.zip": b"PK"}), "it holds 0"),
    "two": (lambda files: archive_of(files, {"a.csv": ROWS, "b.csv": ROWS}), "has several layers"),
    "bomb": (lambda files: archive_of(files, {"rows.csv": b"0" * (40 << 20)}), "no honest file"),
    "other content": (
        lambda files: archive_of(files, {"rows.csv": "<OGRVRTDataSource/>"}),
        "does not hold CSV",
    ),
    "sheet with entities": (
        lambda files: archive_of(
            files, {"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}, "rows.xlsx"
        ),
        "declares a document type",
    ),
    "sheet that is a bomb": (
        lambda files: archive_of(files, {"xl/workbook.xml": b" " * (40 << 20)}, "rows.xlsx"),
        "no honest file",
    ),
}


@pytest.mark.parametrize("name", BAD_ARCHIVES)
def test_bad_archive_is_refused(files: Files, name: str) -> None:
    make, sentence = BAD_ARCHIVES[name]
    with pytest.raises(TableProblem, match=sentence):
        read(make(files))


def test_directory_that_lies_about_sizes(files: Files) -> None:
    path = archive_of(files, {"rows.csv": b"0" * (40 << 20)})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\1\2", 24), (b"PK\3\4", 22)):
        at = data.rfind(signature) + offset
        data[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(TableProblem, match="cannot be read or unpacked"):
        read(files.text(bytes(data), "rows.zip"))


def test_limit_of_unpacking_holds_for_every_kind(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_HARMLESS", 1 << 40)
    packed = archive_of(files, {"rows.csv": b"1,2\n" * 100_000})
    wide = pa.array(["x" * 1_000_000] * 2)
    for path in (packed, geo_parquet(files, wide=wide)):
        with pytest.raises(TableProblem, match="after unpacking"), open_table(path, largest=100_000):
            pass
