"""`import_population`: inhabitants per cell from files."""

import pytest
from django.core.management import CommandError

from mapping.geo.grid import Cell
from mapping.models import PopulationGrid
from tests.imports.conftest import Files, run

pytestmark = pytest.mark.django_db

LONG = "CRS3035RES1000mN2916000E4150000"


def stored(slug: str = "census") -> dict[int, int]:
    return dict(PopulationGrid.objects.get(slug=slug).cells.values_list("cell", "inhabitants"))


def test_age_groups_are_added_up(files: Files) -> None:
    path = files.csv(
        [
            {"id": LONG, "young": 30, "old": 22},
            {"id": "CRS3035RES1000mN2917000E4150000", "young": "-1", "old": ""},
        ]
    )
    said = run(
        *("import_population", "census", path, "--id-field", "id", "--count-field", "young"),
        *("--count-field", "old", "--title", "Census", "--attribution", "© The office"),
    )
    assert said == "census has 2 cells of 1000 m with 52 inhabitants.\n"
    grid = PopulationGrid.objects.get()
    assert (grid.title, grid.attribution, grid.size) == ("Census", "© The office", 1000)
    assert stored() == {Cell.parse(LONG).key: 52, Cell(1000, 4_150_000, 2_917_000).key: 0}


def test_a_newer_file_replaces_cells_and_keeps_the_title(files: Files) -> None:
    older = files.csv([{"id": LONG, "n": 5}])
    run("import_population", "census", older, "--id-field", "id", "--count-field", "n", "--title", "Census")
    newer = files.csv(
        [{"id": "100mN28567E43327", "n": "7,4"}, {"id": "100mN28568E43327", "n": "–"}], "new.csv"
    )
    run("import_population", "census", newer, "--id-field", "id", "--count-field", "n")
    grid = PopulationGrid.objects.get()
    assert (grid.title, grid.size) == ("Census", 100)
    assert stored() == {Cell(100, 4_332_700, 2_856_700).key: 7, Cell(100, 4_332_700, 2_856_800).key: 0}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"id": "nowhere", "n": 1}], "Row 1: “nowhere” is not the id of a cell"),
        ([{"id": LONG, "n": "many"}], "Row 1: “many” in n is not a number"),
        ([{"id": LONG, "n": -7}], "Row 1: “-7” in n is not a number"),
        ([{"id": LONG, "n": 10**11}], "more inhabitants than there can be"),
        ([{"id": LONG, "n": 1}, {"id": LONG, "n": 2}], f"Row 2: The cell {LONG} occurs again"),
        ([{"id": LONG, "n": 1}, {"id": "100mN28567E43327", "n": 2}], "another size"),
        ([{"id": LONG, "people": 1}], "no field n"),
    ],
)
def test_a_wrong_row_stores_nothing(files: Files, rows: list[dict[str, object]], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        run("import_population", "census", files.csv(rows), "--id-field", "id", "--count-field", "n")
    assert not PopulationGrid.objects.exists()


def test_a_name_that_is_none_is_refused(files: Files) -> None:
    with pytest.raises(CommandError, match="no short name"):
        run(
            "import_population",
            "a b",
            files.csv([{"id": LONG, "n": 1}]),
            "--id-field",
            "id",
            "--count-field",
            "n",
        )
