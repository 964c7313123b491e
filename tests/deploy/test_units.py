"""The shipped units of systemd: known keys, real commands, confined."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from benchmarks.site.deploy import REPLACING

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy" / "systemd"
PLACE = "/srv/geoparticipation"
MOST_EXPOSURE = 1.5
"""Of 10, as `systemd-analyze security` rates; what is left is mostly the network."""
SERVICES = sorted(path.name for path in SHIPPED.glob("*.service"))
TIMERS = sorted(path.name for path in SHIPPED.glob("*.timer"))

ANALYZE = shutil.which("systemd-analyze") or ""

needs_systemd = pytest.mark.skipif(
    sys.platform != "linux", reason="units are for Linux; set-up installs systemd there"
)


def commands(service: str) -> list[list[str]]:
    """The commands that a unit runs."""
    text = (SHIPPED / service).read_text().replace("\\\n", " ")
    return [line.split() for line in re.findall(r"^ExecStart=(.+)$", text, re.MULTILINE)]


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with programs of their names where they expect them."""
    place = tmp_path / "units"
    shutil.copytree(SHIPPED, place)
    for service in SERVICES:
        for program, *_ in commands(service):
            file = tmp_path / Path(program).relative_to("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(0o755)
    (tmp_path / "srv" / "geoparticipation" / "docs").symlink_to(ROOT / "docs")
    for path in place.rglob("*"):
        if path.is_file():
            path.write_text(path.read_text().replace(PLACE, f"{tmp_path}{PLACE}"))
    return place


def analyzed(*arguments: str, units: Path) -> str:
    """What systemd-analyze says; its status tells little, unknown keys are not among its errors."""
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{units}:", "SYSTEMD_COLORS": "0"}
    done = subprocess.run(
        [ANALYZE, *arguments],
        cwd=units,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


@needs_systemd
def test_systemd_finds_nothing_to_complain_of(units: Path) -> None:
    assert analyzed("verify", *(f"./{name}" for name in SERVICES + TIMERS), units=units) == ""


@needs_systemd
def test_verification_notices_unknown_keys(units: Path) -> None:
    with (units / "geoparticipation-.service.d" / "confined.conf").open("a") as file:
        file.write("ProtectEverything=yes\n")
    assert "ProtectEverything" in analyzed("verify", "./geoparticipation-web.service", units=units)


@needs_systemd
def test_drop_in_of_a_shared_folder_is_read_by_all_services(units: Path) -> None:
    """The one of docs/operators/media.md."""
    page = (ROOT / "docs" / "operators" / "media.md").read_text()
    (drop_in,) = re.findall(r"```ini\n(.+?)```", page, re.DOTALL)
    assert "/geoparticipation-.service.d/media.conf" in page
    assert "ReadWritePaths=/srv/media" in drop_in
    file = units / "geoparticipation-.service.d" / "media.conf"
    file.write_text(drop_in)
    assert analyzed("verify", *(f"./{name}" for name in SERVICES), units=units) == ""
    file.write_text(drop_in + "ReadWriteOdd=/srv/media\n")
    for name in SERVICES:
        assert "ReadWriteOdd" in analyzed("verify", f"./{name}", units=units)


@needs_systemd
@pytest.mark.parametrize("service", SERVICES)
def test_services_are_confined(units: Path, service: str) -> None:
    said = analyzed("security", "--offline=true", service, units=units)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found is not None, said
    assert float(found[1]) <= MOST_EXPOSURE


def test_every_timer_has_its_service() -> None:
    assert len(TIMERS) >= 4
    assert {name.replace(".timer", ".service") for name in TIMERS} <= set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_commands_exist(service: str) -> None:
    ran = commands(service)
    assert ran
    for program, *arguments in ran:
        if "/bin/" in program and not program.endswith("/python"):
            assert (ROOT / Path(program).relative_to(PLACE)).is_file(), program
        elif arguments[0] == "manage.py":
            assert arguments[1] in get_commands()
        else:
            assert arguments[:3] == ["-m", "granian", "geoparticipation.wsgi:application"]


@pytest.mark.parametrize("failing", ["", "apply_retention", "sweep_photos"])
def test_no_step_of_the_night_keeps_others_from_running(tmp_path: Path, failing: str) -> None:
    (tmp_path / "bin" / "lib").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "retention", tmp_path / "bin")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nshift\necho "$@"\n[ "$1" != "{failing}" ]\n')
    python.chmod(0o755)
    (tmp_path / "bin" / "lib" / "setup.sh").write_text(
        f"set_up() {{ :; }}\nROOT={tmp_path}\nPYTHON={python}\n"
    )
    done = subprocess.run([tmp_path / "bin" / "retention"], capture_output=True, text=True, check=False)
    steps = done.stdout.splitlines()
    assert len(steps) == 5
    assert {step.split()[0] for step in steps} <= set(get_commands())
    assert done.returncode == (1 if failing else 0)
    assert done.stderr.startswith(f"bin/retention: {failing}") if failing else not done.stderr


def test_documentation_exists() -> None:
    for path in SHIPPED.glob("*.*"):
        if path.is_file():
            (named,) = re.findall(rf"^Documentation=file://{PLACE}/(.+)$", path.read_text(), re.MULTILINE)
            assert (ROOT / named).is_file()


def test_server_is_started_as_documented() -> None:
    """The guide and the unit start the same server; only how long a reload waits for downloads differs."""
    guide = (ROOT / "docs" / "operators" / "running.md").read_text()
    (command,) = commands("geoparticipation-web.service")
    for option in (
        "--http 1",
        "--blocking-threads 16",
        "--backpressure 256",
        "--respawn-failed-workers",
    ):
        assert option in " ".join(command)
        assert option in guide
    assert "--host" not in command  # an argument would win over the environment
    assert (
        "GRANIAN_WORKERS=2 GRANIAN_HOST=127.0.0.1" in (SHIPPED / "geoparticipation-web.service").read_text()
    )
    assert "--workers 2" in guide
    assert " ".join(REPLACING) in " ".join(command)
