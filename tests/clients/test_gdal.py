"""GDAL's OAPIF driver, which is also what geopandas and sf read with (GDAL 3.12, from pyogrio's wheel)."""

import pyproj
import pytest
import shapely

from mapping.models import Campaign, Contribution, Reply
from tests import personas
from tests.clients import rarely
from tests.clients.conftest import Requests, type_of_gdal
from tests.clients.gdal_reader import Layer, list_layers, read, read_info
from tests.ogc.asking import body
from tests.personas import STATION, TOWN_HALL

pytestmark = pytest.mark.django_db(transaction=True)

LAYER = "topics-contributions"


def test_every_collection_is_a_layer_of_the_right_type(
    root: str, topics: Campaign, gdal: type_of_gdal
) -> None:
    layers = gdal(list_layers, root)
    assert set(layers) == {
        f"topics-{kind}"
        for kind in ("contributions", "points", "lines", "areas", "cells", "districts", "area")
    }
    assert (layers["topics-points"], layers["topics-lines"]) == ("Point", "LineString")
    assert (layers["topics-areas"], layers["topics-cells"]) == ("Polygon", "Polygon")
    assert (layers["topics-districts"], layers["topics-area"]) == ("MultiPolygon", "MultiPolygon")


def test_mixed_collection_is_read_whole_and_only_what_is_public(
    root: str, topics: Campaign, gdal: type_of_gdal
) -> None:
    layer: Layer = gdal(read, root, LAYER)
    assert sorted("" if one is None else type(one).__name__ for one in layer.places) == [
        "",
        "LineString",
        "Point",
        "Point",
        "Point",
        "Polygon",
    ]
    assert "Waiting" not in layer.columns["text"]
    assert gdal(read_info, root, LAYER)["features"] == 6


def test_split_collections_have_one_type_each(root: str, topics: Campaign, gdal: type_of_gdal) -> None:
    for kind, number, geometry in (
        ("points", 3, "Point"),
        ("lines", 1, "LineString"),
        ("areas", 1, "Polygon"),
    ):
        layer: Layer = gdal(read, root, f"topics-{kind}")
        assert [type(one).__name__ for one in layer.places if one is not None] == [geometry] * number


def test_attributes_have_the_types_of_their_questions(
    root: str, topics: Campaign, gdal: type_of_gdal
) -> None:
    info = gdal(read_info, root, LAYER)
    assert info["types"]["created"] == "OFTDateTime"
    assert info["types"]["support"] == "OFTInteger"
    assert info["types"]["scale"] == "OFTInteger"
    assert info["types"]["number"] == "OFTReal"
    assert info["types"]["multiple-choice"] == "OFTStringList"
    assert info["subtypes"]["yes-no"] == "OFSTBoolean"
    layer: Layer = gdal(read, root, LAYER, where="category = 'survey'")
    row = {name: values[0] for name, values in layer.columns.items()}
    assert (row["scale"], row["number"], row["yes-no"]) == (4, 12.5, True)
    assert list(row["multiple-choice"]) == ["day", "night"]
    assert row["long-text"] == "The lamps are broken.\nSince March."


@pytest.mark.usefixtures("topics")
@pytest.mark.parametrize(
    ("where", "sent", "number"),
    [
        ("category = 'spot'", "category = 'spot'", 2),
        ("text = 'It''s loud'", "text = 'It''s loud'", 1),
        ("support = 0", "support = 0", 5),
        ("support > 2", "support > 2", 1),
        ("scale >= 4", "scale >= 4", 1),
        ("number < 12.75", "number < 12.75", 1),
        ("category <> 'spot'", "category <> 'spot'", 4),
        (
            "category = 'street' OR category = 'meadow'",
            "(category = 'street') OR (category = 'meadow')",
            2,
        ),
        ("text LIKE 'D%'", "text LIKE 'D%'", 1),
        ("text ILIKE 'd%'", "text ILIKE 'd%'", 1),
        ("NOT (category = 'spot')", "NOT (category = 'spot')", 4),
        ("reply_text IS NULL", "(reply_text IS NULL)", 5),
        ("reply_text IS NOT NULL", "NOT ((reply_text IS NULL))", 1),
        ("\"single-choice\" = 'night'", "single-choice = 'night'", 1),
        ('"yes-no" = 1', "yes-no = 1", 1),
        (
            "category = 'spot' AND text LIKE 'D%'",
            "(category = 'spot') AND (text LIKE 'D%')",
            1,
        ),
        ("support BETWEEN 1 AND 9", "(support >= 1) AND (support <= 9)", 1),
        ("created > '2001/01/01'", "created > '2001-01-01T'", 6),
        ("created < '2001/01/01 12:30:00'", "created < '2001-01-01T12:30:00Z'", 0),
    ],
)
def test_filter_is_pushed_down_whole(  # noqa: PLR0917 - fixtures and a row of the table
    root: str, gdal: type_of_gdal, asked: Requests, where: str, sent: str, number: int
) -> None:
    """The server finds what GDAL finds; only what matches is sent."""
    Contribution.objects.filter(text="Dark").update(support_count=3)
    Reply.objects.create(contribution=Contribution.objects.get(text="Dark"), status="done", text="We did.")
    layer = gdal(read, root, LAYER, where=where)
    assert len(layer) == number
    assert asked.of_items()[-1]["filter"] == [sent]
    assert asked.of_items()[-1]["filter-lang"] == ["cql-text"]
    found = body(f"/ogc/collections/{LAYER}/items", {"filter": sent, "filter-lang": "cql-text"})
    assert found["numberMatched"] == number


def test_filter_that_gdal_must_evaluate_itself_gives_the_same(
    root: str, topics: Campaign, gdal: type_of_gdal, asked: Requests
) -> None:
    Contribution.objects.filter(text="Dark").update(support_count=3)
    layer = gdal(read, root, LAYER, where="category = 'spot' AND support + 1 = 4")
    assert layer.columns["text"] == ["Dark"]
    assert asked.of_items()[-1]["filter"] == ["category = 'spot'"]


def test_box_is_pushed_down(root: str, topics: Campaign, gdal: type_of_gdal, asked: Requests) -> None:
    lon, lat = STATION
    layer = gdal(read, root, "topics-points", bbox=(lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001))
    assert layer.columns["text"] == ["Dark"]
    [box] = asked.of_items()[-1]["bbox"]
    assert [round(float(number), 6) for number in box.split(",")] == [
        round(number, 6) for number in (lon - 0.001, lat - 0.001, lon + 0.001, lat + 0.001)
    ]


@pytest.mark.parametrize("code", [25832, 3035, 3857])
def test_places_arrive_in_the_crs_that_was_asked_for(
    root: str, topics: Campaign, gdal: type_of_gdal, asked: Requests, code: int
) -> None:
    """East first, whatever the order of the registry: GDAL turns EPSG:3035 back, so that ours must be turned."""
    layer: Layer = gdal(read, root, "topics-points", where="category = 'survey'", CRS=f"EPSG:{code}")
    to_crs = pyproj.Transformer.from_crs(4326, code, always_xy=True)
    [place] = layer.places
    assert isinstance(place, shapely.Point)
    assert (place.x, place.y) == pytest.approx(to_crs.transform(*TOWN_HALL), abs=0.01)
    assert layer.crs == f"EPSG:{code}"
    assert asked.of_items()[-1]["crs"] == [f"http://www.opengis.net/def/crs/EPSG/0/{code}"]


def test_box_in_metres_is_understood(root: str, topics: Campaign, gdal: type_of_gdal) -> None:
    east, north = pyproj.Transformer.from_crs(4326, 3035, always_xy=True).transform(*STATION)
    box = (east - 50, north - 50, east + 50, north + 50)
    layer = gdal(read, root, "topics-points", CRS="EPSG:3035", bbox=box)
    assert layer.columns["text"] == ["Dark"]


def test_degrees_are_longitude_and_latitude_in_either_crs(
    root: str, topics: Campaign, gdal: type_of_gdal
) -> None:
    for crs in ("OGC:CRS84", "EPSG:4326"):
        layer: Layer = gdal(read, root, "topics-points", where="category = 'survey'", CRS=crs)
        [place] = layer.places
        assert isinstance(place, shapely.Point)
        assert (place.x, place.y) == pytest.approx(TOWN_HALL, abs=1e-7)


def test_all_pages_are_read_once_each(
    root: str, topics: Campaign, gdal: type_of_gdal, asked: Requests
) -> None:
    person = personas.make_participant(topics)
    for number in range(1500):
        place = (7.75 + number / 1e5, 49.44)
        personas.make_contribution(topics, place, by=person, text=f"{number}", footprint=False)
    layer = gdal(read, root, "topics-points", PAGE_SIZE="400")
    texts = layer.columns["text"]
    assert len(texts) == len(set(texts)) == 1503
    pages = [query for query in asked.of_items() if query.get("limit") == ["400"]]
    assert len(pages) == 4
    assert [("cursor" in query) for query in pages] == [False, True, True, True]


def test_cells_districts_and_area_are_read(root: str, topics: Campaign, gdal: type_of_gdal) -> None:
    cells: Layer = gdal(read, root, "topics-cells")
    # A line or an area counts in every cell that it touches.
    assert min(cells.columns["contributions"]) >= 1
    assert cells.columns["id"][0].startswith("CRS3035RES500m")
    districts: Layer = gdal(read, root, "topics-districts", where="code = 'w'")
    assert districts.columns["name"] == ["Half w"]
    area: Layer = gdal(read, root, "topics-area")
    [outline] = area.places
    assert outline is not None
    assert topics.area is not None
    assert shapely.equals_exact(outline, shapely.from_wkb(bytes(topics.area.wkb)), tolerance=1e-7)


def test_column_that_is_filled_on_the_last_feature_only_is_read_with_its_type(
    root: str, topics: Campaign, gdal: type_of_gdal
) -> None:
    """GDAL looks at twenty features; types of what is null in all of these stand in the schema of a feature."""
    Contribution.objects.all().delete()
    rarely.fill(topics)
    info = gdal(read_info, root, "topics-points")
    assert info["types"]["scale"] == "OFTInteger"
    assert info["types"]["number"] == "OFTReal"
    assert info["types"]["multiple-choice"] == "OFTStringList"
    assert info["types"]["reply_created"] == "OFTDateTime"
    assert info["subtypes"]["yes-no"] == "OFSTBoolean"
    layer: Layer = gdal(read, root, "topics-points")
    assert len(layer) == rarely.NUMBER
    last = {name: values[-1] for name, values in layer.columns.items()}
    assert {name: last[name] for name in ("scale", "reply_text", "yes-no")} == {
        name: rarely.FILLED[name] for name in ("scale", "reply_text", "yes-no")
    }
    # Without the schema the columns are there all the same.
    layer = gdal(read, root, "topics-points", IGNORE_SCHEMA="YES")
    assert {*rarely.FILLED} <= {*layer.columns}
