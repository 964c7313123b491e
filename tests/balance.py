"""How a run is divided among processes: by measured seconds, and with one migrated database as a template for all.

xdist hands out whole files (`--dist loadfile`). Left alone it begins with those that hold the most tests, so that long
stories with few tests came last, on one worker, for minutes. `times.json` holds the seconds of each file instead:

    bin/test --record-times     # a whole run that writes the table anew
"""

import fcntl
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from django.db import connection

ROOT: Final = Path(__file__).parent.parent
TIMES: Final = Path(__file__).parent / "times.json"
LEAST: Final = 0.1
"""Seconds; what takes less is not written down."""


def read_times(path: Path = TIMES) -> dict[str, float]:
    """Seconds by the path of a file below the root."""
    times: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))
    return times


def write_times(measured: Mapping[str, float], path: Path = TIMES, root: Path = ROOT) -> None:
    """Replace what was measured; keep the other files, as long as they exist."""
    times = {name: seconds for name, seconds in read_times(path).items() if (root / name).is_file()}
    times |= {name: round(seconds, 1) for name, seconds in measured.items() if seconds >= LEAST}
    path.write_text(json.dumps(dict(sorted(times.items())), indent=2) + "\n", encoding="utf-8")


def longest_first(items: list[pytest.Item], times: Mapping[str, float]) -> list[pytest.Item]:
    """Tests by file, the longest file first; the order within a file stays.

    A file that is not in the table may be long, so it goes first too: no tail of minutes before it was measured.
    """

    def place(item: pytest.Item) -> tuple[float, str]:
        name = file_of(item.nodeid)
        return -times.get(name, float("inf")), name

    return sorted(items, key=place)


def file_of(nodeid: str) -> str:
    """The file of a test, from the root."""
    return nodeid.split("::", 1)[0]


class LongestFirst:
    """Brings the longest files to the front, where several workers share them."""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Called in each worker, after pytest-django has ordered the tests within their files."""
        items[:] = longest_first(items, read_times())


class Recorder:
    """Adds up the seconds of each file, set-up and tear-down included, and writes the table at the end."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Called in the process that hands out the tests, for each phase of each test."""
        self.seconds[file_of(report.nodeid)] += report.duration  # type: ignore[assignment]

    def pytest_sessionfinish(self) -> None:
        """Write what was measured."""
        write_times(self.seconds)


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Wait until no other process is in here under this name."""
    with Path(tempfile.gettempdir(), f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def template_name() -> str:
    """The name of the template of a run that this process hands out."""
    database = settings.DATABASES["default"]
    return f"{database['TEST']['NAME'] or 'test_' + database['NAME']}_{os.getpid()}_template"


def use_template(template: str) -> None:
    """Let this worker's database be a copy of one that the first worker migrates.

    To be called once the worker has its own `TEST["NAME"]`, before its database is made.
    """
    test: dict[str, Any] = connection.settings_dict["TEST"]
    usual, own = connection.settings_dict["NAME"], test["NAME"]
    with alone(template):
        if not _exists(template):
            test["NAME"] = template
            connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined] # a database that is in use cannot be copied
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = usual
            test["NAME"] = own
    test["TEMPLATE"] = template


def drop_template(template: str) -> None:
    """Remove the template after the run."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{template}" WITH (FORCE)')
    Path(tempfile.gettempdir(), f"{template}.lock").unlink(missing_ok=True)


def _exists(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None
