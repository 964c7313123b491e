"""What the commands in `bin/` set up, and for what they wait."""

from pathlib import Path

import pytest

from tests.commands.shell import ROOT, printed

DONE = """
    is_stamped() { return 0; }
    has_npm() { return 0; }
    has_built() { return 0; }
    has_system_packages() { return 0; }
    has_translations() { return 0; }
    export DATABASE_URL=postgis://geo@db.example.org/live
    mkdir -p "$VAR/media" "$VAR/static"
"""


def test_what_is_set_up_waits_for_no_other_set_up(tmp_path: Path) -> None:
    script = f"{DONE} lock_setup() {{ echo waits; }}; set_up runtime; echo ready"
    assert printed(script, tmp_path).split() == ["ready"]


@pytest.mark.parametrize(
    "missing", ["has_python", "has_npm", "has_built", "has_translations", "has_system_packages"]
)
def test_what_is_missing_is_set_up_alone(tmp_path: Path, missing: str) -> None:
    script = f"""
        {DONE}
        {missing}() {{ return 1; }}
        lock_setup() {{ echo locked; }}
        for step in ensure_system_packages ensure_python ensure_npm ensure_built compile_translations; do
            eval "$step() {{ :; }}"
        done
        set_up runtime
    """
    assert printed(script, tmp_path).split() == ["locked"]


def test_program_that_serves_needs_no_tools_of_development(tmp_path: Path) -> None:
    assert asked_for(tmp_path, "python -m granian --help") == "runtime"
    assert asked_for(tmp_path, "--dev python -m pytest") == "dev"


@pytest.mark.parametrize("tool", ["pytest", "ruff", "mypy", "lint-imports", "djlint", "biome", "tsc"])
def test_tools_of_development_are_known_by_name(tmp_path: Path, tool: str) -> None:
    assert asked_for(tmp_path, f"{tool} --version") == "dev"


def asked_for(var: Path, arguments: str) -> str:
    """What `bin/run` sets up for a program, which is not run."""
    body = (ROOT / "bin" / "run").read_text().split("set_up", 1)[0].split("\n")
    lines = [line for line in body if not line.startswith(("#!", "source"))]
    return printed("\n".join([f"set -- {arguments}", *lines, 'echo "$needs"']), var)


def test_installing_writes_below_the_checkout_only(tmp_path: Path) -> None:
    """Root installs, and the service owns VAR_DIR: links that it lays there must lead root nowhere."""
    script = """
        for stamp in built npm-runtime venv; do stamp_file "$stamp"; done
        for log in apt pip npm build; do log_file "$log"; done
        run_logged pip "installing" true
        (lock_setup)
    """
    assert all(line.startswith(f"{ROOT}/var/") for line in printed(script, tmp_path).splitlines())
    assert list(tmp_path.iterdir()) == []
    assert printed("stamp_file built", tmp_path) != printed("stamp_file built", tmp_path / "other")
