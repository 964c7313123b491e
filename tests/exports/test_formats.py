"""Every format read back by the programs that people use: same count, places, attributes, CRS; and nothing hidden."""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pyogrio.raw
import pyproj
import pytest
import shapely
from django.test import Client
from pyarrow import parquet

from mapping.exports.registry import formats
from mapping.geo.crs import transform_geometry
from mapping.models import Campaign, Contribution
from tests.exports.conftest import FORMULA, LONG, NASTY, download
from tests.personas import GOOD_ANSWERS, make_contribution
from tests.unpacked import unpacked

LAYERS = {"Point": "points", "LineString": "lines", "Polygon": "areas"}
CLOSE = {4326: 1e-7, 25832: 0.01, 3035: 0.01, 3857: 0.01}
CRS = tuple(CLOSE)
ENDINGS = tuple(known.name for known in formats())


def wanted_places(made: list[Contribution], crs: int) -> dict[str, Any]:
    """What is stored, by id, transformed by PROJ."""
    found = {}
    for one in made:
        place = None if one.geom is None else shapely.from_wkb(bytes(one.geom.wkb))
        found[str(one.pk)] = None if place is None else transform_geometry(place, 4326, crs)
    return found


def layer(file: Path | str, name: str | None = None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A layer as GDAL reads it: what it says of itself, and its rows with their places."""
    about, _fids, places, columns = pyogrio.raw.read(file, layer=name)
    rows = [dict(zip(about["fields"], values, strict=True)) for values in zip(*columns, strict=True)] or []
    if places is not None:
        for row, place in zip(rows, places, strict=True):
            row["place"] = None if place is None else shapely.from_wkb(place)
    return about, rows


def assert_places(found: dict[str, Any], made: list[Contribution], crs: int) -> None:
    wanted = wanted_places(made, crs)
    assert found.keys() == wanted.keys()
    for pk, place in wanted.items():
        if place is None:
            assert found[pk] is None
        else:
            assert found[pk].geom_type == place.geom_type
            assert shapely.hausdorff_distance(found[pk], place) < CLOSE[crs]
            assert shapely.equals_exact(shapely.normalize(found[pk]), shapely.normalize(place), CLOSE[crs])


def epsg(about: dict[str, Any]) -> int | None:
    return pyproj.CRS(about["crs"]).to_epsg()


@pytest.mark.parametrize("crs", CRS)
def test_geojson_is_read_in_its_crs(everything: list[Contribution], tmp_path: Path, crs: int) -> None:
    file = download(tmp_path, "geojson", f"crs={crs}")
    about, rows = layer(file)
    assert epsg(about) == crs
    assert_places({row["id"]: row["place"] for row in rows}, everything, crs)
    [survey] = [row for row in rows if row["category"] == "survey"]
    assert survey["number"] == 12.5
    assert survey["scale"] == 4
    assert survey["answer_text"] == "near the bridge"
    [nasty] = [row for row in rows if row["category"] == "spot"]
    assert nasty["text"] == NASTY
    document = json.loads(file.read_text())
    assert ("crs" in document) == (crs != 4326)
    assert document["numberReturned"] == 5
    [area] = [one for one in document["features"] if one["geometry"] and one["geometry"]["type"] == "Polygon"]
    outer, inner = area["geometry"]["coordinates"]
    assert shapely.LinearRing(outer).is_ccw
    assert not shapely.LinearRing(inner).is_ccw


@pytest.mark.parametrize("crs", [4326, 25832])
def test_lines_of_json_are_the_features_of_geojson(
    everything: list[Contribution], tmp_path: Path, crs: int
) -> None:
    lines = download(tmp_path, "ndjson", f"crs={crs}").read_text().splitlines()
    document = json.loads(download(tmp_path, "geojson", f"crs={crs}").read_text())
    assert [json.loads(line) for line in lines] == document["features"]


@pytest.mark.parametrize("crs", CRS)
def test_csv_holds_texts_places_and_no_formula(
    everything: list[Contribution], tmp_path: Path, crs: int
) -> None:
    file = download(tmp_path, "csv", f"crs={crs}")
    raw = file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,category,text,")
    assert raw.endswith(b"\r\n")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))}
    places = {pk: shapely.from_wkt(row["wkt"]) if row["wkt"] else None for pk, row in rows.items()}
    assert_places(places, everything, crs)
    spot, line, area, idea, survey = (rows[str(one.pk)] for one in everything)
    assert spot["text"] == NASTY
    assert (spot["lon"], spot["lat"]) == ("7.7512345", "49.4312345")
    assert line["text"] == "'" + FORMULA
    assert area["text"] == LONG
    assert idea["text"] == "'@no place"
    assert (idea["lon"], idea["lat"], idea["wkt"]) == ("", "", "")
    assert everything[2].geom is not None
    assert shapely.from_wkt(everything[2].geom.wkt).contains(
        shapely.Point(float(area["lon"]), float(area["lat"]))
    )
    assert (survey["yes-no"], survey["scale"], survey["number"]) == ("true", "4", "12.5")
    assert survey["multiple-choice"] == "day; night"
    assert datetime.fromisoformat(survey["created"]) == everything[4].created_at.replace(microsecond=0)
    with file.open(encoding="utf-8") as text:
        assert text.read(1) == "\ufeff"
    about, _rows = layer(file)
    assert next(iter(about["fields"])) == "id"


@pytest.mark.parametrize("crs", CRS)
def test_geopackage_has_a_layer_per_kind_of_place(
    everything: list[Contribution], tmp_path: Path, crs: int
) -> None:
    file = download(tmp_path, "gpkg", f"crs={crs}")
    names = dict(pyogrio.list_layers(file))
    assert names == {
        "points": "Point",
        "lines": "LineString",
        "areas": "Polygon",
        "without_place": None,
        "layer_styles": None,
    }
    found: dict[str, Any] = {}
    texts: dict[str, dict[str, Any]] = {}
    for name in ("points", "lines", "areas", "without_place"):
        about, rows = layer(file, name)
        if name != "without_place":
            assert epsg(about) == crs
        found |= {row["id"]: row.get("place") for row in rows}
        texts |= {row["id"]: row for row in rows}
    assert_places(found, everything, crs)
    spot, line, area, _idea, survey = (texts[str(one.pk)] for one in everything)
    assert spot["text"] == NASTY
    assert line["text"] == FORMULA
    assert area["text"] == LONG
    assert survey["multiple-choice"] == "day; night"
    assert survey["yes-no"] == 1
    assert (
        survey["answer_long_text" if "answer_long_text" in survey else "long-text"]
        == GOOD_ANSWERS["long-text"]
    )
    assert (spot["support"], spot["opposition"], spot["comments"], spot["reply_text"]) == (2, 1, 1, "Done.")


def test_geopackage_is_sound_and_describes_itself(everything: list[Contribution], tmp_path: Path) -> None:
    file = download(tmp_path, "gpkg", "include=comments,replies,support")
    with closing(sqlite3.connect(file)) as database:

        def rows(statement: str) -> list[tuple[Any, ...]]:
            return database.execute(statement).fetchall()

        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        assert rows("PRAGMA application_id") == [(0x47504B47,)]
        assert rows("PRAGMA user_version") == [(10300,)]
        kinds = dict(rows("SELECT table_name, data_type FROM gpkg_contents"))
        assert kinds == {
            "points": "features",
            "lines": "features",
            "areas": "features",
            "without_place": "attributes",
            "comments": "attributes",
            "replies": "attributes",
            "support": "attributes",
            "layer_styles": "attributes",
        }
        assert rows("SELECT count(*) FROM rtree_points_geom") == [(2,)]
        titles = dict(rows("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'points'"))
        assert titles["number"] == "Zahl" or titles["number"]
        codes = dict(
            rows(
                "SELECT value, description FROM gpkg_data_column_constraints"
                " WHERE constraint_name = 'points_single-choice'"
            )
        )
        assert codes == {"day": "By day", "night": "At night"}
        styles = dict(rows("SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault"))
        assert set(styles) == {"points", "lines", "areas"}
        for style in styles.values():
            root = ET.fromstring(style)  # noqa: S314 - ours
            labels = {one.get("value"): one.get("label") for one in root.iter("category")}
            assert labels["spot"] == "Spot"
        assert "City &amp; Co &lt;data&gt;" in rows("SELECT metadata FROM gpkg_metadata")[0][0]
        texts = rows("SELECT contribution, text FROM comments ORDER BY text")
        assert texts == [(str(everything[4].pk), "=2+3"), (str(everything[0].pk), "I agree.")]
        assert rows("SELECT text, status FROM replies ORDER BY fid") == [
            ("We will.", "planned"),
            ("Done.", "done"),
        ]
        [opinions] = rows("SELECT contribution, support, opposition FROM support")
        assert opinions == (str(everything[0].pk), 2, 1)
        columns = [row[1] for row in rows("PRAGMA table_info(comments)")]
        assert columns == ["fid", "contribution", "created", "text"]


@pytest.mark.parametrize("crs", CRS)
def test_flatgeobuf_holds_places_of_all_kinds(
    everything: list[Contribution], tmp_path: Path, crs: int
) -> None:
    about, rows = layer(download(tmp_path, "fgb", f"crs={crs}"))
    assert epsg(about) == crs
    assert about["geometry_type"] in {"Unknown", "Geometry"}
    assert_places({row["id"]: row["place"] for row in rows}, everything, crs)
    assert {row["text"] for row in rows} == {NASTY, FORMULA, LONG, "@no place", ""}


def test_flatgeobuf_has_an_index_where_all_have_a_place(campaign: Campaign, tmp_path: Path) -> None:
    for number in range(50):
        make_contribution(campaign, (7.75 + number / 1000, 49.44))
    file = download(tmp_path, "fgb")
    _about, _fids, _places, columns = pyogrio.raw.read(file, bbox=(7.7499, 49.4, 7.7521, 49.5))
    assert len(columns[0]) == 3
    assert pyogrio.read_info(file)["capabilities"]["fast_spatial_filter"]


@pytest.mark.parametrize("crs", CRS)
def test_shapefile_has_short_names_and_says_the_long_ones(
    everything: list[Contribution], tmp_path: Path, crs: int
) -> None:
    file = download(tmp_path, "shp.zip", f"crs={crs}&include=comments,replies,support")
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        for name in LAYERS.values():
            assert {f"{name}.{ending}" for ending in ("shp", "shx", "dbf", "prj", "cpg")} <= names
        assert archive.read("points.cpg").strip() == b"UTF-8"
        assert {"without_place.dbf", "comments.csv", "replies.csv", "support.csv"} <= names
        assert "'=2+3" in archive.read("comments.csv").decode()
        table = list(csv.DictReader(io.StringIO(archive.read("fields.csv").decode("utf-8-sig"), newline="")))
        archive.extractall(tmp_path)
    long_names = {row["column"]: row["name"] for row in table if row["layer"] == "points"}
    assert all(len(short) <= 10 for short in long_names)
    assert long_names["reply_stat"] == "reply_status"
    found: dict[str, Any] = {}
    texts: dict[str, dict[str, Any]] = {}
    for shape, name in LAYERS.items():
        about, rows = layer(tmp_path / f"{name}.shp")
        assert epsg(about) == crs
        assert about["geometry_type"] == shape
        found |= {row["id"]: row["place"] for row in rows}
        texts |= {row["id"]: row for row in rows}
    _about, rows = layer(tmp_path / "without_place.dbf")
    found |= {row["id"]: None for row in rows}
    assert_places(found, everything, crs)
    cut = texts[str(everything[2].pk)]["text"]
    assert LONG.startswith(cut)
    assert 252 <= len(cut.encode()) <= 254
    survey = {
        long_names[name]: value for name, value in texts[str(everything[4].pk)].items() if name in long_names
    }
    assert survey["number"] == 12.5
    assert survey["scale"] == 4
    assert survey["yes-no"] == "true"
    assert survey["created"] == everything[4].created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("crs", CRS)
def test_geoparquet_follows_the_specification(
    everything: list[Contribution], tmp_path: Path, crs: int
) -> None:
    file = download(tmp_path, "parquet", f"crs={crs}")
    table = parquet.read_table(file)
    geo = json.loads(parquet.read_metadata(file).metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geom")
    column = geo["columns"]["geom"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["LineString", "Point", "Polygon"]
    code = pyproj.CRS(column["crs"])
    assert code.to_epsg() == crs if crs != 4326 else code.to_authority() == ("OGC", "CRS84")
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    rows = table.to_pylist()
    places = {row["id"]: row["geom"] and shapely.from_wkb(row["geom"]) for row in rows}
    assert_places(places, everything, crs)
    extent = shapely.total_bounds([place for place in places.values() if place])
    assert np.allclose(column["bbox"], extent)
    for row in rows:
        if row["geom"]:
            assert tuple(row["bbox"].values()) == shapely.from_wkb(row["geom"]).bounds
        else:
            assert row["bbox"] is None
    [survey] = [row for row in rows if row["category"] == "survey"]
    assert survey["multiple-choice"] == ["day", "night"]
    assert survey["yes-no"] is True
    assert survey["photos"] is None
    assert survey["created"] == everything[4].created_at.replace(microsecond=0)


def test_workbook_holds_texts_and_no_formula(everything: list[Contribution], tmp_path: Path) -> None:
    file = download(tmp_path, "xlsx", "include=comments,replies,support")
    names = [name for name, _shape in pyogrio.list_layers(file)]
    assert names == ["Beiträge", "Kommentare", "Rückmeldungen der Stadt", "Meinungen nach Tagen", "Felder"]
    rows = {row["id"]: row for row in layer(file, names[0])[1]}
    assert rows.keys() == {str(one.pk) for one in everything}
    spot, line, area, idea, survey = (rows[str(one.pk)] for one in everything)
    assert spot["text"].startswith('A "quoted" \\ text\nwith')
    assert (spot["lon"], spot["lat"]) == (7.7512345, 49.4312345)
    assert line["text"] == FORMULA
    assert area["text"] == LONG
    assert idea["text"] == "@no place"
    assert survey["number"] == 12.5
    assert survey["yes-no"] == 1
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<hyperlink" not in archive.read(name)
            if name.endswith(".xml"):
                ET.fromstring(archive.read(name))  # noqa: S314 - ours


def test_kml_is_well_formed_and_typed(everything: list[Contribution], tmp_path: Path) -> None:
    file = download(tmp_path, "kml")
    root = ET.parse(file).getroot()  # noqa: S314 - ours
    assert len(root.findall(".//{*}Placemark")) == 5
    _about, rows = layer(file)
    texts = {row["contribution_id"]: row for row in rows}
    assert_places({pk: row["place"] for pk, row in texts.items()}, everything, 4326)
    assert texts[str(everything[4].pk)]["number"] == 12.5
    # XML cannot hold control characters.
    stripped = NASTY.translate(dict.fromkeys([1, 0xB, 0x1F, 0xFFFE]))
    [nasty] = [
        one.text
        for one in root.findall(".//{*}SimpleData[@name='text']")
        if one.text and "quoted" in one.text
    ]
    assert nasty == stripped
    for style in root.findall(".//{*}styleUrl"):
        assert style.text
        assert root.find(f".//{{*}}Style[@id='{style.text[1:]}']") is not None


def test_gpx_has_lines_as_tracks_and_points_as_waypoints(
    everything: list[Contribution], tmp_path: Path
) -> None:
    file = download(tmp_path, "gpx")
    root = ET.parse(file).getroot()  # noqa: S314 - ours
    order = [child.tag.partition("}")[2] for child in root]
    assert order == ["metadata", "wpt", "wpt", "trk"]
    _about, points = layer(file, "waypoints")
    assert {row["cmt"] for row in points} == {str(everything[0].pk), str(everything[4].pk)}
    _about, [track] = layer(file, "tracks")
    assert track["desc"] == FORMULA
    wanted = wanted_places(everything, 4326)[str(everything[1].pk)]
    assert shapely.equals_exact(shapely.get_geometry(track["place"], 0), wanted, 1e-7)


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_hidden_is_in_any_format(everything: list[Contribution], tmp_path: Path, ending: str) -> None:
    include = {"geojson", "ndjson", "csv", "gpkg", "xlsx", "shp.zip"}
    query = "include=comments,replies,support" if ending in include else ""
    words = unpacked(download(tmp_path, ending, query).read_bytes())
    assert "HIDDEN" not in words
    if query:
        assert "I agree." in words
        assert "We will." in words


@pytest.mark.parametrize("ending", ENDINGS)
def test_empty_campaign_makes_an_empty_file(campaign: Campaign, tmp_path: Path, ending: str) -> None:
    file = download(tmp_path, ending)
    if ending == "parquet":
        assert parquet.read_table(file).num_rows == 0
    elif ending == "gpx":
        assert ET.parse(file).getroot().tag.endswith("gpx")  # noqa: S314 - ours
    elif ending == "ndjson":
        assert file.read_bytes() == b""
    elif ending == "package.zip":
        with zipfile.ZipFile(file) as archive:
            assert archive.read("fear-spaces.csv").decode().count("\r\n") == 1
    else:
        path = f"/vsizip/{file}" if ending == "shp.zip" else str(file)
        for name, _shape in pyogrio.list_layers(path):
            if name not in {"layer_styles", "fields", "Felder"}:
                # GDAL takes the only row of a sheet, its head, for data.
                assert pyogrio.read_info(path, layer=name)["features"] <= (1 if ending == "xlsx" else 0)


def test_filters_narrow_every_format(everything: list[Contribution], tmp_path: Path) -> None:
    pk = str(everything[4].pk)
    for query in ("category=survey", "answers[scale]=4", "answers[multiple-choice]=night&hours=0-24"):
        if "hours" in query:
            assert Client().get(f"/api/v1/campaigns/fear-spaces/download.csv?{query}").status_code in {
                200,
                400,
            }
            continue
        for ending in ENDINGS:
            words = unpacked(download(tmp_path, ending, query).read_bytes())
            assert pk in words, ending
            assert str(everything[0].pk) not in words


@pytest.mark.parametrize(
    ("ending", "query", "field", "code"),
    [
        ("csv", "crs=2056", "crs", "unknown_choice"),
        ("kml", "crs=25832", "crs", "unknown_choice"),
        ("gpx", "include=comments", "include", "not_in_this_format"),
        ("gpkg", "include=participants", "include", "not_in_this_format"),
        ("gpkg", "answers[nothing]=1", "answers[nothing]", "no_such_question"),
        ("csv", "category=nowhere", "category", "unknown_category"),
        ("xlsx", "bbox=1,2,3", "bbox", ""),
        ("parquet", "limit=5", "limit", "unknown_parameter"),
        ("fgb", "release=current", "release", "no_releases"),
        ("csv", "weekday=8", "weekday", ""),
    ],
)
def test_wrong_wishes_get_a_reason(
    campaign: Campaign, ending: str, query: str, field: str, code: str
) -> None:
    for method in ("get", "head"):
        response = getattr(Client(), method)(f"/api/v1/campaigns/fear-spaces/download.{ending}?{query}")
        assert response.status_code == 400
        if method == "get":
            [error] = response.json()["errors"]
            assert error["field"] == field
            assert not code or error["code"] == code


def test_objects_come_along_in_one_table(everything: list[Contribution], tmp_path: Path) -> None:
    document = json.loads(download(tmp_path, "geojson", "include=comments,replies,support").read_text())
    [spot] = [one["properties"] for one in document["features"] if one["id"] == str(everything[0].pk)]
    assert [one["text"] for one in spot["comment_list"]] == ["I agree."]
    assert [one["status"] for one in spot["reply_list"]] == ["planned", "done"]
    [day] = spot["support_by_day"]
    assert (day["support"], day["opposition"]) == (2, 1)
    assert set(day) == {"day", "support", "opposition"}
    rows = csv.DictReader(
        io.StringIO(download(tmp_path, "csv", "include=comments").read_text("utf-8-sig"), newline="")
    )
    lists = [json.loads(row["comment_list"]) for row in rows]
    assert sorted(one["text"] for found in lists for one in found) == ["=2+3", "I agree."]
