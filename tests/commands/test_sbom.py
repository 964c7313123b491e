"""What `bin/sbom` keeps of an environment that holds development's tools as well."""

import csv
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.shell import ROOT


def module() -> Any:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "bin" / "lib" / "sbom.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


sbom = module()
LOCK = "# by bin/lock\ndj_Database.url==1.0 \\\n    --hash=sha256:aa\n    # via geoparticipation\nb==2\n"


def component(name: str, *licenses: Any) -> dict[str, Any]:
    return {"name": name, "version": "1", "bom-ref": f"{name}==1", "licenses": list(licenses)}


def document() -> dict[str, Any]:
    return {
        "metadata": {"component": {"bom-ref": "root"}},
        "components": [component("dj-database-url"), component("B"), component("pytest")],
        "dependencies": [
            {"ref": "root", "dependsOn": ["B==1", "pytest==1"]},
            {"ref": "B==1"},
            {"ref": "pytest==1", "dependsOn": ["B==1"]},
        ],
    }


def test_only_what_serves_is_kept() -> None:
    kept = sbom.only(document(), sbom.names_in(LOCK))
    assert [one["name"] for one in kept["components"]] == ["dj-database-url", "B"]
    assert kept["dependencies"] == [{"ref": "root", "dependsOn": ["B==1"]}, {"ref": "B==1"}]


def test_missing_package_is_refused() -> None:
    with pytest.raises(SystemExit, match="not installed: c"):
        sbom.only(document(), {"b", "c"})


@pytest.mark.parametrize(
    ("licenses", "expected"),
    [
        ([], {"unknown"}),
        (
            [{"license": {"id": "MIT"}}, {"license": {"name": "License :: OSI Approved :: MIT License"}}],
            {"MIT"},
        ),
        ([{"expression": "MIT OR BSD-3-Clause"}], {"MIT OR BSD-3-Clause"}),
        ([{"license": {"name": "License :: OSI Approved :: BSD License"}}], {"BSD License"}),
    ],
)
def test_most_exact_licence_counts(licenses: list[Any], expected: set[str]) -> None:
    assert sbom.licences_of(component("a", *licenses)) == expected


def test_files_are_written(tmp_path: Path) -> None:
    files = {
        "python": json.dumps(document()),
        "npm": json.dumps({"components": [component("leaflet")]}),
        "lock": LOCK,
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    sbom.main(*(tmp_path / name for name in files), tmp_path / "made")
    with (tmp_path / "made" / "licences.csv").open(newline="") as file:
        assert [row["package"] for row in csv.DictReader(file)] == ["B", "dj-database-url", "leaflet"]
    assert len(json.loads((tmp_path / "made" / "sbom-python.cdx.json").read_text())["components"]) == 2


def test_every_runtime_package_is_named() -> None:
    """The pattern finds all packages of the lock file, extras and dots included."""
    text = (ROOT / "requirements" / "runtime.lock").read_text()
    assert len(sbom.names_in(text)) == text.count("==") > 80
