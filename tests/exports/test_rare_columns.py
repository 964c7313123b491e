"""A column that is filled only on the five hundredth feature is there for every reader, in every format."""

import json
from pathlib import Path
from typing import Any

import pyogrio
import pytest
from django.test import Client
from openpyxl import load_workbook
from pyarrow import parquet

from mapping.exports.fields import campaign_fields
from mapping.exports.registry import formats
from mapping.models import Campaign
from tests.clients.rarely import FILLED, NUMBER, fill
from tests.exports.conftest import download
from tests.exports.reading import layer

WITHOUT_ATTRIBUTES = {"gpx"}
"""GPX has no place for them (`mapping/exports/formats/gpx.py`)."""
ENDINGS = sorted({known.name for known in formats()} - WITHOUT_ATTRIBUTES)


def columns_of(file: Path, ending: str) -> set[str]:
    """The columns as GDAL, or Excel's format, names them."""
    if ending == "package.zip":
        return set(layer(f"/vsizip/{file}/fear-spaces.gpkg", "points")[0]["fields"])
    if ending == "xlsx":
        [head, *_rows] = load_workbook(file, read_only=True).worksheets[0].iter_rows(values_only=True)
        return {str(name) for name in head}
    if ending == "parquet":
        return set(parquet.read_schema(file).names)
    if ending == "shp.zip":
        _about, [*described] = layer(f"/vsizip/{file}/fields.csv")
        columns = set(pyogrio.read_info(f"/vsizip/{file}/points.shp")["fields"])
        return {one["name"] for one in described if one["column"] in columns}
    return set(pyogrio.read_info(file, layer=pyogrio.list_layers(file)[0][0])["fields"])


@pytest.mark.parametrize("ending", ENDINGS)
def test_rare_column_is_in_the_file(campaign: Campaign, tmp_path: Path, ending: str) -> None:
    fill(campaign)
    names = columns_of(download(tmp_path, ending), ending)
    assert {field.name for field in campaign_fields(campaign)} <= names


@pytest.mark.parametrize("ending", ["geojson", "ndjson"])
def test_every_feature_has_every_property(campaign: Campaign, tmp_path: Path, ending: str) -> None:
    """Newline-delimited GeoJSON has no header: a reader of its first lines knows what these say."""
    oldest = fill(campaign)
    text = download(tmp_path, ending).read_text()
    features: list[dict[str, Any]] = (
        json.loads(text)["features"]
        if ending == "geojson"
        else [json.loads(line) for line in text.splitlines()]
    )
    names = [field.name for field in campaign_fields(campaign)]
    assert len(features) == NUMBER
    assert all([*one["properties"]] == names for one in features)
    [first, *_others] = features
    assert {name: first["properties"][name] for name in FILLED} == dict.fromkeys(FILLED)
    assert first["properties"]["reply_created"] is None
    assert features[-1]["id"] == str(oldest.pk)
    assert {name: features[-1]["properties"][name] for name in FILLED} == FILLED


def test_chosen_property_that_is_empty_is_null(campaign: Campaign) -> None:
    fill(campaign)
    for names in (
        "reply_text",
        "scale",
        "reply_text,scale",
        "reply_status,reply_text",
        "category,reply_text",
    ):
        address = f"/ogc/collections/fear-spaces-contributions/items?limit=1&properties={names}"
        [feature] = Client().get(address).json()["features"]
        assert {*feature["properties"]} == {*names.split(",")}
        assert all(value is None for name, value in feature["properties"].items() if name != "category")


def test_list_of_the_api_has_every_property_of_its_description(campaign: Campaign) -> None:
    fill(campaign)
    described = Client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    # `own` stands in the list of one's own contributions only.
    names = {*described["Contribution"]["properties"]["properties"]["properties"]} - {"own"}
    listed = Client().get("/api/v1/campaigns/fear-spaces/contributions/?limit=500").json()["features"]
    assert len(listed) == NUMBER
    assert all({*one["properties"]} == names for one in listed)
