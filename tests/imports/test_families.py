"""Files that need others beside them, and kinds of JSON that share an ending."""

import json
import zipfile
from pathlib import Path

import pytest
import shapely

from mapping.imports.messages import file_sentence
from mapping.imports.reading.tables import TableProblem, open_table
from tests.imports.conftest import Files
from tests.personas import STATION, TOWN_HALL

ESRI = {
    "geometryType": "esriGeometryPoint",
    "spatialReference": {"wkid": 4326},
    "fields": [{"name": "id", "type": "esriFieldTypeInteger"}],
    "features": [{"attributes": {"id": 7}, "geometry": {"x": TOWN_HALL[0], "y": TOWN_HALL[1]}}],
}
TOPOLOGY = {
    "type": "Topology",
    "objects": {
        "places": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Point", "coordinates": TOWN_HALL, "properties": {"id": 7}}],
        }
    },
    "arcs": [],
}


@pytest.mark.parametrize(
    ("name", "driver", "lost"),
    [
        ("rows.shp", "ESRI Shapefile", ".shx"),
        ("rows.tab", "MapInfo File", ".dat"),
        ("rows.mif", "MapInfo File", ".mid"),
    ],
)
def test_file_that_belongs_to_another_is_named_when_it_is_missing(
    files: Files, name: str, driver: str, lost: str
) -> None:
    files.gis([shapely.Point(TOWN_HALL)], {"a": [1]}, name)
    (files.folder / "rows").with_suffix(lost).unlink()
    packed = files.folder / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in files.folder.glob("rows.*"):
            archive.write(path, path.name)
    for path in (packed, files.folder / name):
        with pytest.raises(TableProblem) as caught, open_table(path):
            pass
        assert caught.value.code == "file_without_sidecar"
        assert lost in str(caught.value)
        assert "geoparticipation-" not in str(caught.value)
        assert f"Endung {lost} fehlt" in file_sentence(caught.value.code, caught.value.params)


@pytest.mark.parametrize(("content", "identifier"), [(ESRI, 7), (TOPOLOGY, "7")])
def test_json_of_another_kind_is_read_by_its_own_driver(
    files: Files, content: object, identifier: object
) -> None:
    with open_table(files.text(json.dumps(content, indent=1), "rows.json")) as table:
        [[row]] = table.rows()
    assert row.geometry == shapely.Point(TOWN_HALL)
    assert row.fields["id"] == identifier


def test_words_of_other_kinds_within_geojson_change_nothing(files: Files) -> None:
    path = files.geojson(
        [({"type": "Point", "coordinates": TOWN_HALL}, {"attributes": {"esri": 1}, "id": 7})]
    )
    with open_table(path) as table:
        [[row]] = table.rows()
    assert row.fields["id"] == 7


def packed(files: Files, name: str = "packed.zip") -> Path:
    """An archive as our own Shapefile download: several layers and a table beside them."""
    files.gis([shapely.Point(TOWN_HALL)], {"a": ["point"]}, "points.shp")
    files.gis([shapely.LineString([TOWN_HALL, STATION])], {"a": ["line"]}, "lines.shp")
    files.gis([shapely.Point(TOWN_HALL)], {"a": ["bench"]}, "plan.gpkg", layer="benches")
    files.gis([shapely.Point(STATION)], {"a": ["tree"]}, "plan.gpkg", layer="trees", append=True)
    files.text("column,title\na,Kind\n", "fields.csv")
    path = files.folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(files.folder.iterdir()):
            if one != path:
                archive.write(one, f"data/{one.name}")
    return path


def test_files_of_an_archive_are_chosen_like_layers(files: Files) -> None:
    path = packed(files)
    choose = r"choose one with --layer: data/fields\.csv, data/lines\.shp"
    with pytest.raises(TableProblem, match=choose) as caught, open_table(path):
        pass
    assert caught.value.code == "file_with_layers"
    with open_table(path, layer="data/points.shp") as table:
        [[row]] = table.rows()
        assert table.layers == ("data/fields.csv", "data/lines.shp", "data/plan.gpkg", "data/points.shp")
        assert table.layer == "data/points.shp"
    assert row.fields == {"a": "point"}
    with open_table(path, layer="data/plan.gpkg: trees") as table:
        [[row]] = table.rows()
        assert table.layer == "data/plan.gpkg: trees"
        assert "data/plan.gpkg: benches" in table.layers
    assert row.fields == {"a": "tree"}
    with open_table(path, first_layer=True) as table:
        assert table.layer == "data/fields.csv"
    with (
        pytest.raises(TableProblem, match=r"no layer data/other\.shp"),
        open_table(path, layer="data/other.shp"),
    ):
        pass
