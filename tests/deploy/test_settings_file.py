"""The example of a settings file names every setting, as do the documents and the code."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "deploy" / "geoparticipation.env.example"
INSTALLING = ROOT / "docs" / "operators" / "installing.md"
LINE = re.compile(r"^(#?)([A-Z][A-Z0-9_]+)=(.*)$", re.MULTILINE)
OF_TESTS = {"TEST_DB_NAME"}
"""Documented, but of no use on a site."""
READ_ELSEWHERE = {"GRANIAN_HOST", "PROMETHEUS_MULTIPROC_DIR"}
"""By libraries; the settings do not read them."""
BY_PREFIX = ("OIDC_", "SAML_")
"""Read under the names of providers, which nobody can tell beforehand."""


def in_example() -> dict[str, str]:
    return {name: value.strip("'") for _, name, value in LINE.findall(EXAMPLE.read_text())}


def in_documents() -> dict[str, str]:
    """Settings with what the table tells as their default."""
    found: dict[str, str] = {}
    for line in (ROOT / "docs" / "operators" / "settings.md").read_text().splitlines():
        if line.startswith("| `"):
            names, defaults, meaning = line.strip("| ").split(" | ", 2)
            if "…" in names:  # a family: its members stand behind it
                found |= dict.fromkeys(re.findall(r"`([A-Z_]+)`", meaning), defaults)
                continue
            told = re.split(r",\s(?=`|empty|Django|none)", defaults)
            keys = re.findall(r"`([A-Z0-9_]+)`", names)
            found |= dict(zip(keys, told * len(keys) if len(told) == 1 else told, strict=False))
    return found


def in_code() -> set[str]:
    """What `env.<type>("NAME", …)` reads in the modules of the settings."""
    found = set()
    for path in (ROOT / "geoparticipation" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                owner, first = node.func.value, node.args[0]
                if isinstance(owner, ast.Name) and owner.id == "env" and isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_example_documents_and_code_name_the_same_settings() -> None:
    assert len(in_code()) > 50
    documents = set(in_documents())
    assert in_code() - documents == set()
    assert {name for name in documents - in_code() if not name.startswith(BY_PREFIX)} == READ_ELSEWHERE
    assert documents - OF_TESTS == set(in_example())


def test_settings_and_units_are_documented_once() -> None:
    lines = (ROOT / "docs" / "operators" / "settings.md").read_text().splitlines()
    rows = [line.split(" | ")[0] for line in lines if line.startswith("| `")]
    names = [name for row in rows if "…" not in row for name in re.findall(r"`([A-Z0-9_]+)`", row)]
    assert sorted(names) == sorted(set(names))
    units = re.findall(r"^\| `(geoparticipation-\w+[.\w]*)`", INSTALLING.read_text(), re.MULTILINE)
    assert len(units) >= 4
    assert sorted(units) == sorted(set(units))


@pytest.mark.parametrize("name", sorted(in_example()))
def test_lines_left_out_show_the_default(name: str) -> None:
    """What stands behind # is what holds without it."""
    ((left_out, value),) = (
        (mark, value) for mark, one, value in LINE.findall(EXAMPLE.read_text()) if one == name
    )
    default = re.fullmatch(r"`([^`]*)`", in_documents()[name])
    if left_out and default:
        assert value.strip("'") == default[1]


def test_every_key_is_told_in_words() -> None:
    """A comment stands above it, or above the lines that it belongs to."""
    for block in re.split(r"\n\n+", EXAMPLE.read_text()):
        if LINE.search(block):
            assert re.match(r"# \w", block), block


def test_shells_and_systemd_read_the_same(tmp_path: Path) -> None:
    """No line means one thing to bash and another to systemd: no expansion, no remark behind a value."""
    lines = [
        line.removeprefix("#") if LINE.match(line) else line for line in EXAMPLE.read_text().splitlines()
    ]
    file = tmp_path / "env"
    file.write_text("\n".join(lines))
    script = f"set -aeu; source {file}; env -0"
    done = subprocess.run(["/usr/bin/env", "-i", "bash", "-c", script], capture_output=True, check=True)
    read = dict(one.split("=", 1) for one in done.stdout.decode().split("\0") if "=" in one)
    assert read.items() >= in_example().items()


def test_commands_run_with_these_settings(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text(
        f"SITE_URL='https://a b'\nVAR_DIR={tmp_path}\nDATABASE_URL=postgis://a@/b?host=c,d&target_session_attrs=read-write\n"
    )
    environment = {**os.environ, "SETTINGS_FILE": str(file), "SERVICE_USER": user()}
    command = [
        str(ROOT / "bin" / "as-service"),
        "sh",
        "-c",
        'printf "%s|%s|%s|%s" "$SITE_URL" "$DATABASE_URL" "$HOME" "$(id -un)"',
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    # What runs as root writes nothing into a directory of the service.
    home = os.environ["HOME"] if user() == "root" else tmp_path
    address = "postgis://a@/b?host=c,d&target_session_attrs=read-write"
    assert done.stdout == f"https://a b|{address}|{home}|{user()}"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("x&y;z=1 # no remark", "x&y;z=1 # no remark"),
        ("'it is $HOME & \"q\"'", 'it is $HOME & "q"'),
        (r'"a \"b\" \$x `y`"', 'a "b" $x `y`'),
        ("it's", "it's"),
        ("""'a'"'"'b'""", "a'b"),
        ("$(touch /tmp/never)", "$(touch /tmp/never)"),
        ("", ""),
    ],
)
def test_values_are_read_as_systemd_reads_them(tmp_path: Path, written: str, read: str) -> None:
    file = tmp_path / "settings"
    file.write_text(f"# a remark\nCITY_NAME={written}\n")
    environment = {**os.environ, "SETTINGS_FILE": str(file), "SERVICE_USER": user()}
    command = [str(ROOT / "bin" / "as-service"), "sh", "-c", 'printf "%s" "$CITY_NAME"']
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == read


def user() -> str:
    """Whoever runs the tests."""
    return subprocess.run(["/usr/bin/id", "-un"], capture_output=True, text=True, check=True).stdout.strip()


def test_missing_settings_end_with_a_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "SETTINGS_FILE": str(tmp_path / "none")}
    done = subprocess.run(
        [ROOT / "bin" / "as-service", "true"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "cannot read" in done.stderr
