"""How a whole run is divided: which tests count as units, and in which order files are handed out."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.balance import Recorder, longest_first, read_times, write_times
from tests.conftest import is_unit


def items_of(*nodeids: str) -> list[pytest.Item]:
    return [cast("pytest.Item", SimpleNamespace(nodeid=nodeid)) for nodeid in nodeids]


def test_longest_file_comes_first_and_its_tests_stay_in_order() -> None:
    items = items_of("short.py::b", "long.py::z", "long.py::a", "short.py::a")
    ordered = longest_first(items, {"short.py": 1.0, "long.py": 60.0})
    assert [one.nodeid for one in ordered] == ["long.py::z", "long.py::a", "short.py::b", "short.py::a"]


def test_file_that_was_never_measured_comes_before_all_others() -> None:
    ordered = longest_first(items_of("long.py::a", "new.py::a"), {"long.py": 60.0})
    assert [one.nodeid for one in ordered] == ["new.py::a", "long.py::a"]


def test_recorded_times_replace_what_was_measured_and_forget_files_that_are_gone(tmp_path: Path) -> None:
    table = tmp_path / "times.json"
    table.write_text(json.dumps({"kept.py": 3.0, "measured.py": 9.0, "gone.py": 5.0}))
    for name in ("kept.py", "measured.py"):
        (tmp_path / name).touch()
    recorder = Recorder()
    for phase, seconds in (("setup", 1.5), ("call", 0.5)):
        report = SimpleNamespace(nodeid="measured.py::test[1]", when=phase, duration=seconds)
        recorder.pytest_runtest_logreport(cast("pytest.TestReport", report))
    write_times(recorder.seconds, table, tmp_path)
    assert read_times(table) == {"kept.py": 3.0, "measured.py": 2.0}


def needs_nothing(tmp_path: Path) -> None: ...


def needs_a_database(campaign: object) -> None: ...


def chooses_a_fixture(request: pytest.FixtureRequest) -> None: ...


@pytest.mark.django_db
def is_marked() -> None: ...


@pytest.mark.parametrize(
    ("function", "expected"),
    [(needs_nothing, True), (needs_a_database, False), (chooses_a_fixture, False), (is_marked, False)],
)
def test_units_are_known_by_their_fixtures(
    request: pytest.FixtureRequest, function: Callable[..., None], expected: bool
) -> None:
    item = pytest.Function.from_parent(request.node.parent, name=function.__name__, callobj=function)
    assert is_unit(item) is expected
