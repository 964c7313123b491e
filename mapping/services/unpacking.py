"""Puts a file from outside under a neutral name into a folder of its own, unpacked, after a look at its first bytes."""

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

DRIVERS: Final[Mapping[str, str]] = {
    ".csv": "CSV",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".gpkg": "GPKG",
    ".shp": "ESRI Shapefile",
    ".fgb": "FlatGeobuf",
}
"""GDAL's driver by the ending of a file."""

LARGEST: Final = 4 * 2**30
"""Bytes after unpacking: a compressed file may be a thousand times larger than it looks."""

_SIGNATURES: Final[Mapping[str, bytes]] = {
    ".gpkg": b"SQLite format 3\0",
    ".shp": b"\0\0\x27\x0a",
    ".fgb": b"fgb",
}
_SHAPEFILE: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_STEM: Final = "table"
_PIECE: Final = 1 << 20


class TableProblem(ValueError):
    """A file that cannot be read as a table; `str()` is one plain sentence for the command line."""


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Path, str]]:
    """The plain file to open and the driver that must read it.

    Raises TableProblem for what is no plain file, for an unknown ending, and for content of another kind.
    """
    if not path.is_file():
        raise TableProblem(f"There is no file {path}.")
    with tempfile.TemporaryDirectory(prefix="geoparticipation-") as folder:
        try:
            plain = _put(path, Path(folder))
        except (
            OSError,
            EOFError,
            zlib.error,
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise TableProblem(f"{path.name} cannot be read or unpacked: {error}") from error
        _look_at(plain, path.name)
        yield plain, DRIVERS[plain.suffix]


def _put(path: Path, folder: Path) -> Path:
    ending = path.suffix.lower()
    if ending == ".zip":
        return _unzip(path, folder)
    if ending == ".gz":
        inner = Path(path.stem).suffix.lower()
        _require_known(inner, path.name)
        with gzip.open(path) as packed:
            return _write(packed, folder / f"{_STEM}{inner}")
    _require_known(ending, path.name)
    for sidecar in _family(path) if ending == ".shp" else [path]:
        (folder / f"{_STEM}{sidecar.suffix.lower()}").symlink_to(sidecar.resolve())
    return folder / f"{_STEM}{ending}"


def _require_known(ending: str, name: str) -> None:
    if ending not in DRIVERS:
        known = ", ".join(sorted(DRIVERS))
        raise TableProblem(f"{name} does not end in {known} (or .gz after these, or .zip for a Shapefile).")


def _family(path: Path) -> list[Path]:
    """The files of a Shapefile: same name, other endings."""
    return [
        file for file in path.parent.iterdir() if file.stem == path.stem and file.suffix.lower() in _SHAPEFILE
    ]


def _unzip(path: Path, folder: Path) -> Path:
    """Unpack the one Shapefile of an archive; folders and all other members are left alone."""
    with zipfile.ZipFile(path) as archive:
        members = [Path(name) for name in archive.namelist() if not name.startswith("__MACOSX/")]
        shapes = [member for member in members if member.suffix.lower() == ".shp"]
        if len(shapes) != 1:
            raise TableProblem(f"{path.name} must hold exactly one Shapefile, not {len(shapes)}.")
        for name in archive.namelist():
            member = Path(name)
            ending = member.suffix.lower()
            if member.with_suffix("") == shapes[0].with_suffix("") and ending in _SHAPEFILE:
                with archive.open(name) as packed:
                    _write(packed, folder / f"{_STEM}{ending}")
    return folder / f"{_STEM}.shp"


def _write(packed: IO[bytes] | gzip.GzipFile, target: Path) -> Path:
    """Copy until the end or until it is too much."""
    with target.open("wb") as plain:
        while piece := packed.read(_PIECE):
            plain.write(piece)
            if plain.tell() > LARGEST:
                raise TableProblem(f"The file holds more than {LARGEST // 2**30} GB after unpacking.")
    return target


def _look_at(plain: Path, name: str) -> None:
    """Raise TableProblem where the first bytes are not what the ending promises."""
    ending = plain.suffix
    with plain.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise TableProblem(f"{name} is empty.")
    if ending in _SIGNATURES:
        is_right = start.startswith(_SIGNATURES[ending])
    elif ending == ".csv":
        is_right = b"\0" not in start and not start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"<", b"{"))
    else:
        is_right = start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
    if not is_right:
        raise TableProblem(f"{name} does not hold {DRIVERS[ending]} as its ending says.")
