"""What holds for every format: nothing hidden, nothing but what was asked for, empty files, wrong options."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pyogrio.raw
import pytest
from django.test import Client
from pyarrow import parquet

from mapping.exports.registry import EXTRAS, format_named, formats
from mapping.models import Campaign, Contribution
from tests.exports.conftest import download
from tests.unpacked import unpacked

ENDINGS = tuple(known.name for known in formats())


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_hidden_is_in_any_format(everything: list[Contribution], tmp_path: Path, ending: str) -> None:
    known = format_named(ending)
    assert known is not None
    for labels in known.labels:
        query = f"include={','.join(known.extras)}&labels={labels}"
        extras = EXTRAS if known.has_all_extras else known.extras
        words = unpacked(download(tmp_path, ending, query).read_bytes())
        assert "HIDDEN" not in words
        assert ("I agree." in words) == ("comments" in extras)
        assert ("We will." in words) == ("replies" in extras)


def test_every_format_but_gpx_takes_everything_along() -> None:
    assert {one.name for one in formats() if one.extras != EXTRAS and not one.has_all_extras} == {"gpx"}


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
