"""`import_contributions`: formats and coordinate systems of files."""

import gzip
import zipfile

import pytest
import shapely
from django.core.management import CommandError

from mapping.geo.crs import transform_geometry
from mapping.models import Campaign, Contribution
from tests import personas
from tests.imports.conftest import Files, rejected, run
from tests.imports.rows import LONLAT, SPOT, row
from tests.personas import STATION, TOWN_HALL, UNIVERSITY

pytestmark = pytest.mark.django_db


def test_file_is_read_in_several_goes(
    campaign: Campaign, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping.imports.reading.vectors._AT_ONCE", 3)
    monkeypatch.setattr("mapping.imports.reading.vectors._BATCH", 2)
    rows = [row(number) for number in range(8)]
    rows[6]["lon"] = "nowhere"

    run(
        "import_contributions",
        campaign.slug,
        files.csv(rows),
        *LONLAT,
        "--id-field",
        "id",
        *SPOT,
        "--report",
        files.folder / "r.csv",
    )

    assert {one.external_id for one in Contribution.objects.all()} == {"0", "1", "2", "3", "4", "5", "7"}
    assert rejected(files.folder / "r.csv") == [(7, "geometry", "not_a_number")]


@pytest.mark.parametrize("crs", ["EPSG:25832", "EPSG:2056", "EPSG:3035", "EPSG:3857", "EPSG:4258"])
def test_coordinates_in_other_systems(campaign: Campaign, files: Files, crs: str) -> None:
    import pyproj

    place = transform_geometry(shapely.Point(TOWN_HALL), 4326, pyproj.CRS(crs))
    path = files.csv([{"e": place.x, "n": f"{place.y:.4f}".replace(".", ",")}])

    run("import_contributions", campaign.slug, path, "--lon", "e", "--lat", "n", "--crs", crs, *SPOT)

    stored = Contribution.objects.get()
    assert stored.geom is not None
    assert stored.geom.coords == pytest.approx(TOWN_HALL, abs=1e-5)


@pytest.mark.parametrize("name", ["rows.gpkg", "rows.shp", "rows.fgb"])
def test_gis_formats_bring_their_own_system(campaign: Campaign, files: Files, name: str) -> None:
    places = [transform_geometry(shapely.Point(place), 4326, 25832) for place in (TOWN_HALL, STATION)]
    path = files.gis(places, {"nr": [7, 8], "what": ["Grüner Platz", ""]}, name, crs="EPSG:25832")

    run("import_contributions", campaign.slug, path, "--id-field", "nr", "--text-field", "what", *SPOT)

    stored = Contribution.objects.get(external_id="7")
    assert stored.text == "Grüner Platz"
    assert stored.geom is not None
    assert stored.geom.coords == pytest.approx(TOWN_HALL, abs=1e-6)


def test_geojson_of_lines_and_areas(campaign: Campaign, files: Files) -> None:
    path = files.geojson([(personas.line(), {}), (personas.square(), {}), (personas.point(), {})])

    run("import_contributions", campaign.slug, path, "--category", "anything")

    kinds = sorted(one.geom.geom_type for one in Contribution.objects.all() if one.geom)
    assert kinds == ["LineString", "Point", "Polygon"]


def test_single_part_of_a_multi_geometry_is_unwrapped(campaign: Campaign, files: Files) -> None:
    path = files.geojson(
        [
            ({"type": "MultiPoint", "coordinates": [TOWN_HALL]}, {}),
            ({"type": "GeometryCollection", "geometries": [personas.point()]}, {}),
        ]
    )
    assert run("import_contributions", campaign.slug, path, *SPOT).startswith("stored 2")


def test_compressed_csv(campaign: Campaign, files: Files) -> None:
    plain = files.csv([row(1)])
    packed = files.text(gzip.compress(plain.read_bytes()), "rows.csv.gz")
    assert run("import_contributions", campaign.slug, packed, *LONLAT, *SPOT).startswith("stored 1")


def test_zipped_shapefile(campaign: Campaign, files: Files) -> None:
    files.gis([shapely.Point(TOWN_HALL)], {"nr": [1]}, "deep.shp")
    packed = files.folder / "deep.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("read me.txt", "never unpacked")
        for path in files.folder.glob("deep.*"):
            if path != packed:
                archive.write(path, f"a folder/{path.name}")
    assert run("import_contributions", campaign.slug, packed, "--id-field", "nr", *SPOT).startswith(
        "stored 1"
    )


def test_german_excel_csv(campaign: Campaign, files: Files) -> None:
    path = files.text("Nr;Länge;Breite;Bemerkung\n1;7,7689;49,4447;zu heiß\n".encode("cp1252"), "excel.csv")
    arguments = (campaign.slug, path, "--lon", "Länge", "--lat", "Breite", "--text-field", "Bemerkung", *SPOT)

    with pytest.raises(CommandError, match="UTF-8"):
        run("import_contributions", *arguments)
    run("import_contributions", *arguments, "--encoding", "cp1252")

    assert Contribution.objects.get().text == "zu heiß"


def test_file_name_may_hold_anything(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1)], "100 %! #wo? {ä}.csv")
    assert run("import_contributions", campaign.slug, path, *LONLAT, *SPOT).startswith("stored 1")


def test_heights_are_dropped_on_request(campaign: Campaign, files: Files) -> None:
    path = files.geojson([({"type": "Point", "coordinates": [*TOWN_HALL, 230.5]}, {})])
    with pytest.raises(CommandError, match="No row"):
        run("import_contributions", campaign.slug, path, *SPOT)
    assert run("import_contributions", campaign.slug, path, *SPOT, "--drop-heights").startswith("stored 1")


def test_layer_of_a_geopackage(campaign: Campaign, files: Files) -> None:
    files.gis([shapely.Point(TOWN_HALL)], {"nr": [1]}, "two.gpkg", layer="one")
    path = files.gis([shapely.Point(UNIVERSITY)], {"nr": [2]}, "two.gpkg", layer="other", append=True)

    with pytest.raises(CommandError, match="--layer: one, other"):
        run("import_contributions", campaign.slug, path, *SPOT)
    run("import_contributions", campaign.slug, path, *SPOT, "--id-field", "nr", "--layer", "other")

    assert Contribution.objects.get().external_id == "2"


def test_ids_do_not_depend_on_gaps_in_other_rows(campaign: Campaign, files: Files) -> None:
    both: list[tuple[object, dict[str, object]]] = [
        (personas.point(), {"nr": 1}),
        (personas.point(STATION), {"nr": None}),
    ]
    run("import_contributions", campaign.slug, files.geojson(both), *SPOT, "--id-field", "nr")
    assert Contribution.objects.get().external_id == "1"
    assert run(
        "import_contributions", campaign.slug, files.geojson(both[:1]), *SPOT, "--id-field", "nr"
    ).startswith("stored 0, known 1")
