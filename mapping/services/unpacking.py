"""Puts a file from outside under a neutral name into a folder of its own, unpacked, after a look at its content."""

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow.lib

from mapping.services.archives import main_member, most_unpacked, repacked, write
from mapping.services.coordinates import require_points
from mapping.services.formats import ENDINGS, FAMILIES, FORMATS, Format, form_of
from mapping.services.inspection import inspect, require_sidecars
from mapping.services.kml import prepared
from mapping.services.parquet import as_flat_geobuf
from mapping.services.problems import TableProblem

LARGEST: Final = 4 * 2**30
"""Bytes after unpacking: a compressed file may be a thousand times larger than it looks."""

LARGEST_SHEET: Final = 512 * 2**20
"""Bytes of a workbook after unpacking: GDAL holds all of it in memory."""

_STEM: Final = "table"


@contextmanager
def unpacked(path: Path, largest: int | None = None) -> Iterator[tuple[Path, Format]]:
    """The plain file to open and what must read it; at most `largest` bytes are unpacked.

    Raises TableProblem for what is no plain file, for an unknown ending, and for content of another kind.
    """
    if not path.is_file():
        raise TableProblem(f"There is no file {path}.", "file_missing")
    with tempfile.TemporaryDirectory(prefix="geoparticipation-") as folder:
        try:
            plain = _put(path, Path(folder), largest or LARGEST)
            inspect(plain, path.name)
            require_sidecars(plain, path.name)
            require_points(plain, path.name)
            form = form_of(plain)
            opened = _converted(plain, path.name, largest or LARGEST)
        except (
            OSError,
            EOFError,
            zlib.error,
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            pyarrow.lib.ArrowException,
        ) as error:
            raise TableProblem(
                f"{path.name} cannot be read or unpacked: {error}", "file_unreadable"
            ) from error
        yield opened, form


def _put(path: Path, folder: Path, largest: int) -> Path:
    ending = path.suffix.lower()
    if ending in {".zip", ".kmz"}:
        return _unzip(path, folder, largest)
    if ending == ".gz":
        inner = Path(path.stem).suffix.lower()
        _require_known(inner, path.name)
        with gzip.open(path) as packed:
            most = most_unpacked(path.stat().st_size)
            return write(packed, folder / f"{_STEM}{inner}", largest, most)
    _require_known(ending, path.name)
    for sidecar in _family(path, ending):
        (folder / f"{_STEM}{sidecar.suffix.lower()}").symlink_to(sidecar.resolve())
    return folder / f"{_STEM}{ending}"


def _require_known(ending: str, name: str) -> None:
    if ending not in FORMATS:
        known = ", ".join(sorted(FORMATS))
        raise TableProblem(
            f"{name} does not end in {known} (or .gz after these, or .zip around one of them).",
            "file_unknown_ending",
            known=", ".join(ENDINGS),
        )


def _family(path: Path, ending: str) -> list[Path]:
    """The files that belong together: same name, other endings."""
    if ending not in FAMILIES:
        return [path]
    return [
        file
        for file in path.parent.iterdir()
        if file.stem == path.stem and file.suffix.lower() in FAMILIES[ending]
    ]


def _unzip(path: Path, folder: Path, largest: int) -> Path:
    """Unpack the one file with data of an archive, with those that belong to it; all other members are left alone."""
    with zipfile.ZipFile(path) as archive:
        main = main_member(archive, path.name, largest)
        ending = Path(main).suffix.lower()
        for name in archive.namelist():
            member = Path(name)
            same = member.with_suffix("") == Path(main).with_suffix("")
            if name == main or (same and member.suffix.lower() in FAMILIES.get(ending, ())):
                with archive.open(name) as packed:
                    write(packed, folder / f"{_STEM}{member.suffix.lower()}", largest)
    return folder / f"{_STEM}{ending}"


def _converted(plain: Path, name: str, largest: int) -> Path:
    """What GDAL opens: the file itself, or what was made of it where GDAL cannot read it or should not."""
    match plain.suffix:
        case ".xlsx":
            return repacked(plain, plain.with_name("workbook.xlsx"), name, min(largest, LARGEST_SHEET))
        case ".kml":
            return prepared(plain, plain.with_name("document.kml"), name)
        case ".parquet" | ".geoparquet":
            return as_flat_geobuf(plain, plain.with_name("rows.fgb"), largest)
    return plain
