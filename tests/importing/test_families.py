"""Files that need others beside them, and kinds of JSON that share an ending."""

import json
import zipfile

import pytest
import shapely

from mapping.services.import_messages import file_sentence
from mapping.services.tables import TableProblem, open_table
from tests.importing.conftest import Files
from tests.personas import TOWN_HALL

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
