"""Files that are not what they seem: refused with one sentence, and nothing else is opened on the way."""

import gzip
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from django.core.management import CommandError

from mapping.imports.reading import unpacking
from mapping.models import Campaign, Contribution
from tests import personas
from tests.imports.conftest import Files, run
from tests.imports.rows import LONLAT, SPOT, row

VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


def _other(files: Files) -> Path:
    """A good file to which a bad one may point."""
    return files.geojson([(personas.point(), {})], "other.geojson")


def _gpkg_named(files: Files, name: str) -> Path:
    return files.gis([shapely.Point(1, 2)], {"a": [1]}, "real.gpkg").rename(files.folder / name)


def _broken_shapefile(files: Files) -> Path:
    files.text(b"\0\0\x27\x0a" + b"\xff" * 200, "rows.shx")
    return files.text(b"\0\0\x27\x0a" + b"\xff" * 200, "rows.shp")


def _zip(files: Files, *names: str) -> Path:
    path = files.folder / "rows.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"\0\0\x27\x0a")
    return path


BAD_FILES: list[tuple[Callable[[Files], object], str]] = [
    (lambda files: files.folder / "missing.csv", "There is no file"),
    (lambda files: files.folder, "There is no file"),
    (lambda _: "/vsicurl/http://127.0.0.1:9/rows.csv", "There is no file"),
    (lambda files: f"/vsizip/{files.folder}/rows.zip", "There is no file"),
    (lambda files: f"GeoJSON:{_other(files)}", "There is no file"),
    (lambda _: "http://127.0.0.1:9/rows.geojson", "There is no file"),
    (lambda _: "PG:dbname=postgres", "There is no file"),
    (lambda _: '{"type": "Point", "coordinates": [1, 2]}', "There is no file"),
    (lambda _: "/dev/zero", "There is no file"),
    (lambda files: files.text(VRT.format(_other(files)), "rows.vrt"), "does not end in"),
    (lambda files: files.text(VRT.format(_other(files)), "rows.csv"), "does not hold CSV"),
    (lambda files: files.text(VRT.format(_other(files)), "rows.geojson"), "does not hold GeoJSON"),
    (lambda files: files.text(VRT.format(_other(files)), "rows.gpkg"), "does not hold GPKG"),
    (lambda files: files.text("a,b\n1,2\n", "rows.txt"), "does not end in"),
    (lambda files: files.text("a,b\n1,2\n", "rows"), "does not end in"),
    (lambda files: files.text("", "rows.csv"), "is empty"),
    (lambda files: files.text("", "rows.geojson"), "is empty"),
    (lambda files: files.text("lon,lat\n", "rows.json"), "does not hold GeoJSON"),
    (lambda files: files.text('{"type": "FeatureCollection", "features": [', "rows.json"), "cannot be read"),
    (lambda files: files.text('{"hello": "world"}', "rows.geojson"), "cannot be read"),
    (lambda files: files.text(json.dumps(personas.point()), "rows.csv"), "does not hold CSV"),
    (lambda files: files.text(b"SQLite format 3\0" + b"\0" * 200, "rows.gpkg"), "cannot be read"),
    (lambda files: files.text(b"fgb\3fgb\0" + b"\xff" * 20, "rows.fgb"), "cannot be read"),
    (_broken_shapefile, "cannot be read"),
    (lambda files: _gpkg_named(files, "rows.csv"), "does not hold CSV"),
    (lambda files: _gpkg_named(files, "rows.shp"), "does not hold ESRI Shapefile"),
    (lambda files: files.text(gzip.compress(b"a,b\n")[:-4], "rows.csv.gz"), "unpacked"),
    (lambda files: files.text(b"plain", "rows.csv.gz"), "unpacked"),
    (lambda files: files.text(gzip.compress(b"a"), "rows.gz"), "does not end in"),
    (lambda files: files.text(gzip.compress(b"a"), "rows.zip.gz"), "does not end in"),
    (lambda files: files.text(b"PK nonsense", "rows.zip"), "unpacked"),
    (
        lambda files: _zip(files, "readme.txt"),
        "must hold a file with data (Shapefile, GeoPackage, CSV …), at most 100; it holds 0",
    ),
    (
        lambda files: _zip(files, "a.shp", "b.shp"),
        "has several layers; choose one with --layer: a.shp, b.shp",
    ),
]


@pytest.mark.parametrize(("make", "sentence"), BAD_FILES)
def test_bad_file_is_refused(
    campaign: Campaign, files: Files, make: Callable[[Files], object], sentence: str
) -> None:
    with pytest.raises(CommandError) as told:
        run("import_contributions", campaign.slug, make(files), *SPOT)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)
    assert not Contribution.objects.exists()


def test_pipeline_in_json_reads_no_other_file(campaign: Campaign, files: Files) -> None:
    pipeline = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {_other(files)}"}
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_contributions", campaign.slug, files.text(json.dumps(pipeline), "rows.json"), *SPOT)


def test_vrt_behind_a_byte_order_mark_is_refused(campaign: Campaign, files: Files) -> None:
    path = files.text(b"\xef\xbb\xbf\n" + VRT.format(_other(files)).encode(), "rows.csv")
    with pytest.raises(CommandError, match="does not hold CSV"):
        run("import_contributions", campaign.slug, path, *SPOT)


def test_sidecar_files_of_csv_are_not_followed(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1)])
    files.text(VRT.format(_other(files)), "rows.vrt")
    files.text('"Integer","String","String"', "rows.csvt")
    files.text('LOCAL_CS["nowhere"]', "rows.prj")
    assert run("import_contributions", campaign.slug, path, *LONLAT, *SPOT).startswith("stored 1")


def test_bomb_is_not_unpacked(campaign: Campaign, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST", 1 << 20)
    path = files.text(gzip.compress(b"0" * (4 << 20)), "rows.csv.gz")
    with pytest.raises(CommandError, match="GB after unpacking"):
        run("import_contributions", campaign.slug, path, *SPOT)


def test_csv_cut_in_the_middle_stores_what_is_there(campaign: Campaign, files: Files) -> None:
    path = files.text("id,lon,lat\n1,7.7689,49.4447\n2,7.76", "rows.csv")
    said = run("import_contributions", campaign.slug, path, *LONLAT, *SPOT)
    assert said.startswith("stored 1, known 0, rejected 1")
