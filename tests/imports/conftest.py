"""Small files, and commands run as people run them."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from django.core.management import call_command
from pytest_django.fixtures import Settings
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Files:
    """Makes files in a folder of the test."""

    folder: Path

    def csv(self, rows: Sequence[Mapping[str, object]], name: str = "rows.csv") -> Path:
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def geojson(
        self, features: Sequence[tuple[object, Mapping[str, object]]], name: str = "rows.geojson"
    ) -> Path:
        collection = {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": geometry, "properties": dict(properties)}
                for geometry, properties in features
            ],
        }
        return self.text(json.dumps(collection), name)

    def text(self, content: str | bytes, name: str) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def gis(
        self,
        geometries: Sequence[BaseGeometry | None],
        fields: Mapping[str, Sequence[object]],
        name: str,
        *,
        crs: str = "EPSG:4326",
        kind: str | None = None,
        layer: str | None = None,
        append: bool = False,
    ) -> Path:
        """A GeoPackage, Shapefile or FlatGeobuf, by the ending of its name."""
        path = self.folder / name
        present = [one for one in geometries if one is not None]
        pyogrio.raw.write(
            path,
            np.array(shapely.to_wkb(list(geometries)), dtype=object),
            [
                np.array(values, dtype=object if isinstance(values[0], str) else None)
                for values in fields.values()
            ],
            list(fields),
            geometry_type=kind or present[0].geom_type,
            crs=crs,
            layer=layer,
            append=append,
        )
        return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    folder = tmp_path / "files"
    folder.mkdir()
    return Files(folder)


@pytest.fixture(autouse=True)
def reports(settings: Settings, tmp_path: Path) -> Path:
    """Where reports of rejected rows go unless told otherwise."""
    settings.VAR_DIR = tmp_path / "var"
    return tmp_path / "var" / "reports"


def run(command: str, *arguments: object) -> str:
    """A command's output."""
    out = StringIO()
    call_command(command, *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def rejected(path: Path) -> list[tuple[int, str, str]]:
    """Row, field and reason of a report."""
    with path.open(encoding="utf-8") as file:
        return [(int(row["row"]), row["field"], row["reason"]) for row in csv.DictReader(file)]
