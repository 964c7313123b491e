"""Extracts of OpenStreetMap (`.osm.pbf`, `.osm`), read by GDAL, which puts ways and relations together.

Each layer is one pass through the file, in batches: an extract of a whole land may have millions of rows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyogrio
import pyogrio.raw
import shapely
from shapely.geometry.base import BaseGeometry

from mapping.geo.bbox import Box
from mapping.imports.problems import TableProblem
from mapping.imports.reading.formats import OSM_FORMATS
from mapping.imports.reading.inspection import inspect_as
from mapping.imports.reading.unpacking import LARGEST
from mapping.imports.reading.vectors import one_sentence

ATTRIBUTION: Final = "© OpenStreetMap contributors"
"""What the licence of OpenStreetMap's data (ODbL 1.0) asks for."""

# Most rows are single trees, benches and houses, of which nothing would be drawn.
_LAYERS: Final[Mapping[str, str | None]] = {
    "points": "name IS NOT NULL",
    "lines": "highway IS NOT NULL OR railway IS NOT NULL OR waterway IS NOT NULL",
    "multipolygons": "building IS NULL OR name IS NOT NULL",
}
_BATCH: Final = 10_000
_MEGABYTES_IN_MEMORY: Final = 200
_GEOMETRY: Final = "wkb_geometry"

OsmRow = tuple[BaseGeometry | None, Mapping[str, object]]
"""The geometry in degrees, and the tags, some of them as JSON in `other_tags`."""


def is_extract(path: Path) -> bool:
    """Whether a file is called as extracts are."""
    return path.suffix.lower() in OSM_FORMATS


def read_extract(path: Path, box: Box | None = None) -> Iterator[list[OsmRow]]:
    """The rows of an extract in batches, within a box in degrees where one is given.

    Raises TableProblem for what is no extract, or too large.
    """
    if not path.is_file():
        raise TableProblem(f"There is no file {path}.", "file_missing")
    if path.stat().st_size > LARGEST:
        megabytes = LARGEST // 2**20
        raise TableProblem(
            f"{path.name} is larger than {megabytes} MB; cut it first.", "file_too_large", megabytes=megabytes
        )
    form = OSM_FORMATS[path.suffix.lower()]
    with tempfile.TemporaryDirectory(prefix="geoparticipation-") as folder:
        plain = Path(folder) / f"extract{path.suffix.lower()}"
        plain.symlink_to(path.resolve())
        inspect_as(form, plain, path.name)
        kept = pyogrio.get_gdal_config_option("CPL_TMPDIR")
        # Positions of nodes that do not fit into memory are kept here, not in the working directory.
        pyogrio.set_gdal_config_options({"CPL_TMPDIR": folder})
        try:
            with one_sentence(path.name):
                _require_driver(plain, path.name)
                _require_whole(plain)
                for layer, condition in _LAYERS.items():
                    yield from _layer(plain, layer, condition, box)
        finally:
            pyogrio.set_gdal_config_options({"CPL_TMPDIR": kept})


def _require_driver(plain: Path, name: str) -> None:
    if "OSM" not in pyogrio.list_drivers():
        raise TableProblem(
            f"{name} cannot be read: this GDAL was built without its driver for OpenStreetMap."
        )
    if pyogrio.read_info(plain, layer="points")["driver"] != "OSM":
        raise TableProblem(
            f"{name} does not hold OSM as its ending says.", "file_other_content", driver="OSM"
        )


def _require_whole(plain: Path) -> None:
    """Raise pyogrio's FeatureError for a file that ends early or is damaged: streams of batches would just end there.

    The condition holds for nothing, so that the pass through the file takes no memory.
    """
    pyogrio.raw.read(plain, layer="points", columns=["osm_id"], where="osm_id = '-'", read_geometry=False)


def _layer(plain: Path, layer: str, condition: str | None, box: Box | None) -> Iterator[list[OsmRow]]:
    with pyogrio.open_arrow(
        plain,
        layer=layer,
        where=condition,
        bbox=box,
        batch_size=_BATCH,
        use_pyarrow=True,
        TAGS_FORMAT="JSON",
        MAX_TMPFILE_SIZE=str(_MEGABYTES_IN_MEMORY),
    ) as (_meta, batches):
        for batch in batches:
            geometries = shapely.from_wkb(
                batch[_GEOMETRY].to_numpy(zero_copy_only=False), on_invalid="ignore"
            )
            tags = batch.drop_columns([_GEOMETRY]).to_pylist()
            yield list(zip(geometries.tolist(), tags, strict=True))
