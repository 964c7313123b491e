"""`create_campaign`, `import_area` and `import_districts`: areas from files."""

import json
from datetime import UTC, datetime

import pytest
import shapely
from django.core.management import CommandError

from mapping.geo.crs import transform_geometry
from mapping.models import Campaign, DistrictLayer
from tests import personas
from tests.imports.conftest import Files, run

pytestmark = pytest.mark.django_db

LEFT = shapely.box(7.70, 49.42, 7.76, 49.46)
RIGHT = shapely.box(7.76, 49.42, 7.80, 49.46)


def geojson(geometry: shapely.geometry.base.BaseGeometry) -> object:
    return json.loads(shapely.to_geojson(geometry))


def test_campaign_with_all_options(files: Files) -> None:
    DistrictLayer.objects.create(slug="wards", title="Wards")
    path = files.geojson([(geojson(LEFT), {}), (geojson(RIGHT), {})])

    said = run(
        *(
            "create_campaign",
            "heat",
            "--title",
            "Too hot",
            "--area",
            path,
            "--publication",
            "cells",
            "--k",
            7,
        ),
        *(
            "--opens",
            "2026-05-01",
            "--closes",
            "2026-06-30",
            "--moderation",
            "pre",
            "--summary",
            "Where is it hot?",
        ),
        *("--attribution", "© The city", "--districts", "wards", "--draft"),
    )

    campaign = Campaign.objects.get(slug="heat")
    assert said == "Created /campaigns/heat/\n"
    assert (campaign.title, campaign.summary, campaign.attribution) == (
        "Too hot",
        "Where is it hot?",
        "© The city",
    )
    assert (campaign.publication, campaign.k, campaign.moderation, campaign.is_draft) == (
        "cells",
        7,
        "pre",
        True,
    )
    assert campaign.district_layer is not None
    assert campaign.opens_at == datetime(2026, 4, 30, 22, tzinfo=UTC)
    # The last day belongs to the campaign.
    assert campaign.closes_at == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert campaign.area is not None
    assert len(campaign.area) == 1
    assert campaign.area.extent == pytest.approx((7.70, 49.42, 7.80, 49.46))


def test_campaign_with_what_is_needed_only(db: None) -> None:
    run("create_campaign", "ideas", "--title", "Ideas")
    campaign = Campaign.objects.get()
    assert (campaign.area, campaign.opens_at, campaign.publication, campaign.k) == (None, None, "points", 5)


@pytest.mark.parametrize("name", ["area.gpkg", "area.shp", "area.fgb"])
def test_area_in_another_system_with_heights(files: Files, name: str) -> None:
    places = [shapely.force_3d(transform_geometry(part, 4326, 25832), 230.0) for part in (LEFT, RIGHT)]
    path = files.gis(places, {"nr": [1, 2]}, name, crs="EPSG:25832", kind="Polygon Z")

    run("create_campaign", "heat", "--title", "Heat", "--area", path)

    area = Campaign.objects.get().area
    assert area is not None
    assert not area.hasz
    assert area.extent == pytest.approx((7.70, 49.42, 7.80, 49.46), abs=1e-4)


def test_area_that_crosses_itself_is_repaired(files: Files) -> None:
    bow = {
        "type": "Polygon",
        "coordinates": [[[7.7, 49.4], [7.8, 49.5], [7.8, 49.4], [7.7, 49.5], [7.7, 49.4]]],
    }
    run("create_campaign", "heat", "--title", "Heat", "--area", files.geojson([(bow, {})]))
    area = Campaign.objects.get().area
    assert area is not None
    assert area.valid
    assert len(area) == 2


@pytest.mark.parametrize(
    ("geometries", "sentence"),
    [
        ([personas.line()], "Row 1: This is not an area"),
        ([geojson(LEFT), personas.point()], "Row 2: This is not an area"),
        ([None], "holds no polygon"),
        ([], "holds no polygon"),
        ([{"type": "Polygon", "coordinates": [[[7, 49], [8, 49], [7, 49]]]}], "holds no polygon|cannot be"),
        ([geojson(shapely.box(400_000, 5_400_000, 420_000, 5_500_000))], "name its CRS"),
        ([geojson(shapely.box(-200, 49, 8, 50))], "name its CRS"),
    ],
)
def test_bad_area_is_told_in_one_sentence(files: Files, geometries: list[object], sentence: str) -> None:
    path = files.geojson([(geometry, {}) for geometry in geometries])
    with pytest.raises(CommandError, match=sentence):
        run("create_campaign", "heat", "--title", "Heat", "--area", path)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("taken", "--title", "T"), "slug: "),
        (("two words", "--title", "T"), "slug: "),
        (("new", "--title", ""), "title: "),
        (("new", "--title", "T" * 161), "title: "),
        (("new", "--title", "T", "--k", "1"), "k: "),
        (("new", "--title", "T", "--opens", "soon"), "--opens soon is no date"),
        (("new", "--title", "T", "--closes", "2026-02-30"), "--closes 2026-02-30 is no date"),
        (("new", "--title", "T", "--opens", "2026-05-02", "--closes", "2026-04-01"), "campaign: "),
        (("new", "--title", "T", "--publication", "all"), "invalid choice"),
        (("new", "--title", "T", "--area", "nowhere.geojson"), "There is no file"),
        (("new", "--title", "T", "--districts", "nothing"), "no district layer nothing"),
        (("new",), "--title"),
    ],
)
def test_wrong_options(arguments: tuple[str, ...], sentence: str) -> None:
    personas.make_campaign("taken")
    with pytest.raises(CommandError) as told:
        run("create_campaign", *arguments)
    assert sentence in str(told.value)
    assert Campaign.objects.count() == 1


def test_area_is_replaced_and_says_who_lies_outside(campaign: Campaign, files: Files) -> None:
    personas.make_contribution(campaign, personas.TOWN_HALL)
    personas.make_contribution(campaign, personas.UNIVERSITY)
    path = files.geojson([(geojson(RIGHT), {})])

    said = run("import_area", campaign.slug, path)

    campaign.refresh_from_db()
    assert said == "fear-spaces has a new area.\n1 contributions lie outside of it; they stay.\n"
    assert campaign.area is not None
    assert campaign.area.extent == pytest.approx(RIGHT.bounds)


def test_bad_area_leaves_the_old_one(campaign: Campaign, files: Files) -> None:
    with pytest.raises(CommandError, match="is not an area"):
        run("import_area", campaign.slug, files.geojson([(personas.point(), {})]))
    campaign.refresh_from_db()
    assert campaign.area == personas.area()


def test_districts_are_replaced_as_a_whole(campaign: Campaign, files: Files) -> None:
    path = files.geojson([(geojson(LEFT), {"n": "West", "c": 1}), (geojson(RIGHT), {"n": "East", "c": 2})])
    arguments = ("import_districts", "wards", path, "--name-field", "n", "--code-field", "c")

    said = run(*arguments, "--title", "Wards", "--attribution", "© The city", "--campaign", campaign.slug)
    files.geojson([(geojson(RIGHT), {"n": "Far east", "c": 2})])
    run(*arguments)

    layer = DistrictLayer.objects.get()
    campaign.refresh_from_db()
    assert said == "wards has 2 districts.\n"
    assert campaign.district_layer == layer
    # What is not named again stays.
    assert (layer.title, layer.attribution) == ("Wards", "© The city")
    assert [(district.code, district.name) for district in layer.districts.all()] == [("2", "Far east")]


def test_district_of_several_rows(files: Files) -> None:
    path = files.geojson(
        [(geojson(LEFT), {"n": "City"}), (geojson(shapely.box(8, 49, 8.1, 49.1)), {"n": "City"})]
    )
    run("import_districts", "wards", path, "--name-field", "n")
    district = DistrictLayer.objects.get().districts.get()
    assert (district.code, district.name, len(district.geom)) == ("City", "City", 2)


def test_slivers_and_nameless_rows_are_left_out_on_request(files: Files) -> None:
    sliver = {
        "type": "Polygon",
        "coordinates": [[[7.8, 49.4], [7.800000001, 49.4], [7.8, 49.4000001], [7.8, 49.4]]],
    }
    path = files.geojson(
        [(geojson(LEFT), {"n": "West"}), (sliver, {"n": "Splitter"}), (geojson(RIGHT), {"n": ""})]
    )
    arguments = ("import_districts", "wards", path, "--name-field", "n")
    with pytest.raises(
        CommandError, match=r"Row 2: The district “Splitter” is so narrow|Row 3: The row has no name"
    ):
        run(*arguments)
    said = run(*arguments, "--leave-out", "--dry-run")
    assert "1 districts would be stored" in said
    assert not DistrictLayer.objects.exists()
    said = run(*arguments, "--leave-out")
    assert "Row 2 is left out: The district “Splitter” is so narrow" in said
    assert "Row 3 is left out: The row has no name" in said
    assert [one.name for one in DistrictLayer.objects.get().districts.all()] == ["West"]


def test_rows_that_are_no_areas_are_never_left_out(files: Files) -> None:
    path = files.geojson([(geojson(LEFT), {"n": "West"}), (personas.point(), {"n": "East"})])
    with pytest.raises(CommandError, match="Row 2: This is not an area"):
        run("import_districts", "wards", path, "--name-field", "n", "--leave-out")
    assert not DistrictLayer.objects.exists()


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        ([], "There is no field n"),
        ([(geojson(LEFT), {"n": ""})], "Row 1: The row has no name"),
        ([(geojson(LEFT), {"n": "a"}), (personas.point(), {"n": "b"})], "Row 2: This is "),
        ([(geojson(LEFT), {"n": "a"}), (None, {"n": "b"})], "Row 2: This is "),
        ([(geojson(LEFT), {"n": "x" * 41})], "a code 40"),
        ([(geojson(shapely.box(400_000, 5_400_000, 420_000, 5_500_000)), {"n": "a"})], "coordinate system"),
        ([(geojson(LEFT), {"m": "a"})], "There is no field n"),
    ],
)
def test_bad_districts_leave_the_old_ones(
    files: Files, features: list[tuple[object, dict[str, object]]], sentence: str
) -> None:
    run("import_districts", "wards", files.geojson([(geojson(RIGHT), {"n": "East"})]), "--name-field", "n")
    with pytest.raises(CommandError, match=sentence):
        run("import_districts", "wards", files.geojson(features), "--name-field", "n")
    assert DistrictLayer.objects.get().districts.get().name == "East"


def test_districts_of_an_unknown_campaign(files: Files) -> None:
    path = files.geojson([(geojson(LEFT), {"n": "West"})])
    with pytest.raises(CommandError, match="no campaign nowhere"):
        run("import_districts", "wards", path, "--name-field", "n", "--campaign", "nowhere")
    with pytest.raises(CommandError, match="no short name"):
        run("import_districts", "two words", path, "--name-field", "n")
    assert not DistrictLayer.objects.exists()
