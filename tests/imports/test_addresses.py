"""`import_addresses`: names for the search."""

import pytest
from django.core.management import CommandError

from mapping.models import Address
from tests import personas
from tests.imports.conftest import Files, run
from tests.personas import STATION, TOWN_HALL

pytestmark = pytest.mark.django_db


def test_points_from_columns_and_again(files: Files) -> None:
    path = files.csv(
        [
            {"what": "Town hall", "type": "place", "x": TOWN_HALL[0], "y": TOWN_HALL[1]},
            {"what": "Station", "type": "stop", "x": STATION[0], "y": STATION[1]},
            {"what": "", "type": "stop", "x": 7, "y": 49},
            {"what": "Nowhere", "type": "stop", "x": "", "y": ""},
            {"what": "Beyond", "type": "stop", "x": 500, "y": 49},
        ]
    )
    arguments = (
        "import_addresses",
        path,
        "--name-field",
        "what",
        "--kind-field",
        "type",
        "--lon",
        "x",
        "--lat",
        "y",
    )

    assert run(*arguments) == "stored 2, known 0, rejected 3\n"
    assert run(*arguments) == "stored 0, known 2, rejected 3\n"
    assert list(Address.objects.values_list("name", "kind")) == [("Station", "stop"), ("Town hall", "place")]
    assert Address.objects.get(name="Station").geom.coords == pytest.approx(STATION)


def test_pieces_of_a_street_are_one_address_on_it(files: Files) -> None:
    here = [personas.line((7.760, 49.440), (7.762, 49.440)), personas.line((7.762, 49.440), (7.764, 49.441))]
    elsewhere = personas.line((7.80, 49.46), (7.801, 49.46))
    path = files.geojson([(line, {"name": "Ringstraße"}) for line in (*here, elsewhere)])

    run("import_addresses", path, "--name-field", "name", "--kind", "Straße")

    positions = sorted(
        address.geom.coords for address in Address.objects.filter(name="Ringstraße", kind="Straße")
    )
    assert len(positions) == 2
    assert positions[0] == pytest.approx((7.762, 49.440), abs=4e-4)
    assert positions[1] == pytest.approx((7.8005, 49.46), abs=2e-4)


def test_replacing_forgets_the_others(files: Files) -> None:
    path = files.geojson([(personas.point(), {"name": "Old"})])
    run("import_addresses", path, "--name-field", "name")
    files.geojson([(personas.point(), {"name": "New"})])
    run("import_addresses", path, "--name-field", "name", "--replace")
    assert Address.objects.get().name == "New"


def test_file_without_any_name_replaces_nothing(files: Files) -> None:
    path = files.geojson([(personas.point(), {"name": "Old"})])
    run("import_addresses", path, "--name-field", "name")
    files.geojson([(None, {"name": "New"})])
    with pytest.raises(CommandError, match="no name with a position"):
        run("import_addresses", path, "--name-field", "name", "--replace")
    assert Address.objects.get().name == "Old"
