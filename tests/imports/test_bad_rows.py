"""Rows that cannot be contributions: each is left out with its reason, and the good ones are stored."""

import json
from collections.abc import Mapping

import pytest

from mapping.models import Campaign, Contribution
from tests import personas
from tests.imports.conftest import Files, rejected, run
from tests.imports.rows import LONLAT, SPOT, row
from tests.personas import TOWN_HALL

LON, LAT = TOWN_HALL
BAD_CELLS: list[tuple[Mapping[str, object], str, str]] = [
    ({"lon": ""}, "geometry", "missing"),
    ({"lon": "", "lat": ""}, "geometry", "geometry_required"),
    ({"lon": "nan"}, "geometry", "not_finite"),
    ({"lat": "-Infinity"}, "geometry", "not_finite"),
    ({"lon": "1e400"}, "geometry", "not_a_number"),
    ({"lon": "1e99"}, "geometry", "out_of_range"),
    ({"lon": "7.768.9"}, "geometry", "not_a_number"),
    ({"lon": "7°66'08\""}, "geometry", "not_a_number"),
    ({"lon": "1_000"}, "geometry", "not_a_number"),
    ({"lon": "٧"}, "geometry", "not_a_number"),
    ({"lon": 95, "lat": 95}, "geometry", "out_of_range"),
    ({"lon": 412_000, "lat": 5_477_000}, "geometry", "out_of_range"),
    ({"lon": LAT, "lat": LON}, "geometry", "swapped_axes_suspected"),
    ({"lon": 0, "lat": 0}, "geometry", "outside_area"),
    ({"lon": personas.BEYOND_THE_EDGE[0], "lat": personas.BEYOND_THE_EDGE[1]}, "geometry", "outside_area"),
    ({"id": ""}, "id", "required"),
    ({"id": "good"}, "id", "repeated"),
    ({"id": "x" * 121}, "id", "too_long"),
    ({"kind": ""}, "category", "required"),
    ({"kind": "unknown"}, "category", "unknown_category"),
    ({"kind": "x" * 121}, "category", "too_long"),
    ({"kind": "street"}, "geometry", "type_not_allowed"),
    ({"at": ""}, "created", "not_a_date"),
    ({"at": "yesterday"}, "created", "not_a_date"),
    ({"at": "2024-02-30"}, "created", "not_a_date"),
    ({"at": "30.02.2024"}, "created", "not_a_date"),
    ({"at": "2024-05-01T25:00"}, "created", "not_a_date"),
    ({"at": "0001-01-01"}, "created", "not_a_date"),
    ({"at": "2999-01-01"}, "created", "not_a_date"),
    ({"at": "9999-12-31T23:59:59-12:00"}, "created", "not_a_date"),
    ({"at": "99999-01-01"}, "created", "not_a_date"),
    ({"text": "x" * 5001}, "text", "too_long"),
    ({"scale": "9", "kind": "survey"}, "answers.scale", "not_on_the_scale"),
    ({"scale": "many", "kind": "survey"}, "answers.scale", "not_a_number_answer"),
    ({"scale": "NaN", "kind": "survey"}, "answers.scale", "not_a_number_answer"),
    ({"scale": "true", "kind": "survey"}, "answers.scale", "not_a_number_answer"),
    ({"choice": "never", "kind": "survey"}, "answers.single-choice", "not_a_choice"),
    ({"yes": "perhaps", "kind": "survey"}, "answers.yes-no", "not_yes_no"),
    ({"time": "25:00", "kind": "survey"}, "answers.time-of-day", "not_a_time"),
]


@pytest.mark.parametrize(("cells", "field", "reason"), BAD_CELLS)
def test_bad_cell_leaves_the_row_out(
    campaign: Campaign, files: Files, cells: Mapping[str, object], field: str, reason: str
) -> None:
    good = {"kind": "spot", "at": "2024-05-01", "text": "", "scale": "", "choice": "", "yes": "", "time": ""}
    rows = [row("good", **good), row("bad", **good) | dict(cells), row("fine", **good)]
    report = files.folder / "report.csv"

    said = run(
        "import_contributions",
        campaign.slug,
        files.csv(rows),
        *LONLAT,
        *("--id-field", "id", "--category-field", "kind", "--time-field", "at", "--text-field", "text"),
        *("--answer", "scale=scale", "--answer", "single-choice=choice", "--answer", "yes-no=yes"),
        *("--answer", "time-of-day=time", "--report", report),
    )

    assert said.startswith("stored 2, known 0, rejected 1\n")
    assert rejected(report) == [(2, field, reason)]
    assert sorted(str(one.external_id) for one in Contribution.objects.all()) == ["fine", "good"]


RING = personas.square()["coordinates"][0]  # type: ignore[index]
BAD_GEOMETRIES: list[tuple[str, str]] = [
    ("null", "geometry_required"),
    ('{"type": "Point", "coordinates": []}', "geometry_required"),
    (f'{{"type": "Point", "coordinates": [{LON}, {LAT}, 200]}}', "not_two_dimensional"),
    (f'{{"type": "LineString", "coordinates": [[{LON}, {LAT}, 1], [{LON}, 49.44, 1]]}}', "not_two_dimensional"),
    ('{"type": "Point", "coordinates": [200, 100]}', "out_of_range"),
    (f'{{"type": "Point", "coordinates": [{LAT}, {LON}]}}', "swapped_axes_suspected"),
    (f'{{"type": "LineString", "coordinates": [[{LON}, {LAT}], [{LON}, {LAT}]]}}', "invalid_geometry"),
    ('{"type": "LineString", "coordinates": [[7.77, 49.44], [7.9, 49.45]]}', "outside_area"),
    ('{"type": "Polygon", "coordinates": [[[7.7, 49.4], [7.8, 49.5], [7.8, 49.4], [7.7, 49.5], [7.7, 49.4]]]}',
     "self_intersection"),
    (json.dumps({"type": "MultiPoint", "coordinates": [TOWN_HALL, personas.STATION]}), "several_parts"),
    (json.dumps({"type": "MultiPolygon", "coordinates": [[RING], [RING]]}), "several_parts"),
    (json.dumps({"type": "GeometryCollection", "geometries": [personas.point(), personas.line()]}), "several_parts"),
    (json.dumps({"type": "LineString", "coordinates": [[7.77 + number * 1e-6, 49.44] for number in range(1001)]}),
     "too_many_vertices"),
]  # fmt: skip


@pytest.mark.parametrize(("geometry", "reason"), BAD_GEOMETRIES)
def test_bad_geometry_leaves_the_row_out(
    campaign: Campaign, files: Files, geometry: str, reason: str
) -> None:
    features = ",".join(
        f'{{"type": "Feature", "properties": {{"n": {number}}}, "geometry": {text}}}'
        for number, text in enumerate((json.dumps(personas.point()), geometry, json.dumps(personas.point())))
    )
    path = files.text(f'{{"type": "FeatureCollection", "features": [{features}]}}', "rows.geojson")
    report = files.folder / "report.csv"

    said = run("import_contributions", campaign.slug, path, "--category", "anything", "--report", report)

    if reason == "geometry_required":
        # The category takes contributions without a place, and so it does from files.
        assert said.startswith("stored 3")
        return
    assert said.startswith("stored 2, known 0, rejected 1\n")
    assert rejected(report) == [(2, "geometry", reason)]


def test_position_that_has_no_image_spoils_no_other(campaign: Campaign, files: Files) -> None:
    path = files.csv(
        [row(1, (411_000.0, 5_477_500.0)), row(2, (1e15, 1e15)), row(3, (411_100.0, 5_477_500.0))]
    )
    report = files.folder / "report.csv"
    run(
        "import_contributions", campaign.slug, path, *LONLAT, "--crs", "EPSG:25832", *SPOT, "--report", report
    )
    assert Contribution.objects.count() == 2
    assert rejected(report) == [(2, "geometry", "crs_transform_failed")]


def test_nothing_stored_at_all_is_a_failure(campaign: Campaign, files: Files) -> None:
    from django.core.management import CommandError

    with pytest.raises(CommandError, match="No row could be stored"):
        run("import_contributions", campaign.slug, files.csv([row(1, personas.OUTSIDE)]), *LONLAT, *SPOT)


def test_texts_are_cleaned_but_html_stays_text(campaign: Campaign, files: Files) -> None:
    path = files.csv([row(1, text="<script>alert(1)</script>\u202eevil\u202c \x07")])
    run("import_contributions", campaign.slug, path, *LONLAT, *SPOT, "--text-field", "text")
    assert Contribution.objects.get().text == "<script>alert(1)</script>evil"
