"""Texts and tables read back: same count, places, attributes, CRS; no formulas."""

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyogrio
import pyogrio.raw
import pytest
import shapely
from pyarrow import parquet

from mapping.models import Contribution
from tests.exports.conftest import FORMULA, LONG, NASTY, download
from tests.exports.reading import CRS, assert_places, epsg, layer, wanted_places


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


def rows_of(file: Path) -> list[dict[str, Any]]:
    """The rows of all layers; GDAL's wheels read no Parquet."""
    if file.suffix == ".parquet":
        found: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
        return found
    return [row for name, _shape in pyogrio.list_layers(file) for row in layer(file, name)[1]]


@pytest.mark.parametrize("ending", ["kml", "fgb", "parquet"])
def test_objects_come_along_in_other_formats_of_one_table(
    everything: list[Contribution], tmp_path: Path, ending: str
) -> None:
    assert "comment_list" not in rows_of(download(tmp_path, ending))[0]
    rows = rows_of(download(tmp_path, ending, "include=comments,replies,support"))
    assert len(rows) == len(everything)
    [spot] = [row for row in rows if str(everything[0].pk) in row.values()]
    assert [one["text"] for one in json.loads(spot["comment_list"])] == ["I agree."]
    assert [one["status"] for one in json.loads(spot["reply_list"])] == ["planned", "done"]
    assert [one["support"] for one in json.loads(spot["support_by_day"])] == [2]
