"""Formats of GIS programs read back: same count, places, attributes, CRS."""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pyogrio.raw
import pyproj
import pytest
import shapely
from pyarrow import parquet

from mapping.models import Campaign, Contribution
from tests.exports.conftest import FORMULA, LONG, NASTY, download
from tests.exports.reading import CRS, assert_places, epsg, layer
from tests.personas import GOOD_ANSWERS, make_contribution

LAYERS = {"Point": "points", "LineString": "lines", "Polygon": "areas"}


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
        assert columns == ["fid", "contribution", "comment", "parent", "created", "text", "support"]


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
