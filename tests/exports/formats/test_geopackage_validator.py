"""GeoPackages before GDAL's own validator, which knows every requirement of the standard (OGC 12-128r17)."""

import os
import subprocess
from pathlib import Path

import pytest

from mapping.models import Contribution
from tests.exports.conftest import download

VALIDATOR = (os.environ.get("GDAL_PYTHON", "/usr/bin/python3"), "-m", "osgeo_utils.samples.validate_gpkg")


def validated(file: Path) -> subprocess.CompletedProcess[str]:
    """What the validator says; the wheels' data of PROJ and GDAL are not its own."""
    surroundings = {"PATH": os.environ["PATH"], "HOME": str(file.parent)}
    command = [*VALIDATOR, "--extra", "--warning-as-error", str(file)]
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("query", ["", "crs=25832", "crs=3035&include=comments,replies,support"])
def test_geopackage_is_valid(everything: list[Contribution], tmp_path: Path, query: str) -> None:
    found = validated(download(tmp_path, "gpkg", query))
    assert found.returncode == 0, found.stdout + found.stderr


def test_validator_finds_what_is_wrong(everything: list[Contribution], tmp_path: Path) -> None:
    file = download(tmp_path, "gpkg")
    content = file.read_bytes()
    file.write_bytes(content.replace(b"GPKG", b"GPKX", 1))
    found = validated(file)
    assert found.returncode != 0
    assert "Wrong application_id" in found.stderr
