"""Unpacks an untrusted file to a neutral name in a folder of its own, after checking its content."""

import gzip
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow.lib

from mapping.imports.problems import TableProblem
from mapping.imports.reading.archives import data_members, most_unpacked, repacked, write
from mapping.imports.reading.coordinates import require_points
from mapping.imports.reading.formats import ENDINGS, FAMILIES, FORMATS, Format, form_of
from mapping.imports.reading.inspection import inspect, require_sidecars
from mapping.imports.reading.kml import prepared
from mapping.imports.reading.parquet import as_flat_geobuf

LARGEST: Final = 4 * 2**30
"""Most bytes after unpacking: a compressed file may expand a thousandfold."""

LARGEST_SHEET: Final = 512 * 2**20
"""Most bytes of a workbook after unpacking: GDAL holds all of it in memory."""

LAYER_OF: Final = ": "
"""Separator of the name of a file in an archive and that of its layer."""

_ARCHIVES: Final = frozenset({".zip", ".kmz"})
_STEM: Final = "table"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The plain file to open and its format.

    Of an archive with several files with data, `members` names all of them, `member` the one that was unpacked, and
    `layer` its layer; otherwise there are no members, and `layer` is the requested one.
    """

    plain: Path
    form: Format
    layer: str | None
    member: str = ""
    members: tuple[str, ...] = ()


@contextmanager
def unpacked(
    path: Path, largest: int | None = None, *, layer: str | None = None, first_layer: bool = False
) -> Iterator[Unpacked]:
    """Unpack a file, at most `largest` bytes of it. Of an archive with several files with data, `layer` names one
    ("meld.shp", or "plan.gpkg: wards" for a layer of it); without, the first is taken with `first_layer`.

    Raises TableProblem for anything but a plain file, for an unknown ending, and for content of another kind.
    """
    if not path.is_file():
        raise TableProblem(f"There is no file {path}.", "file_missing")
    with tempfile.TemporaryDirectory(prefix="geoparticipation-") as folder:
        try:
            member, members = _chosen(path, largest or LARGEST, layer, first=first_layer)
            plain = _put(path, Path(folder), largest or LARGEST, member)
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
        if len(members) < 2:
            yield Unpacked(opened, form, layer)
        else:
            prefix = f"{member}{LAYER_OF}"
            inner = layer.removeprefix(prefix) if layer and layer.startswith(prefix) else None
            yield Unpacked(opened, form, inner, member, members)


def _chosen(path: Path, largest: int, layer: str | None, *, first: bool) -> tuple[str, tuple[str, ...]]:
    """The chosen member of an archive, and all candidates; empty for other files."""
    if path.suffix.lower() not in _ARCHIVES:
        return "", ()
    with zipfile.ZipFile(path) as archive:
        members = data_members(archive, path.name, largest)
    if len(members) == 1:
        return members[0], members
    named = tuple(one for one in members if layer and (layer == one or layer.startswith(one + LAYER_OF)))
    if not named and layer:
        raise TableProblem(
            f"{path.name} cannot be read: it has no layer {layer}, but {', '.join(members)}.",
            "file_without_layer",
        )
    if not named and not first:
        raise TableProblem(
            f"{path.name} has several layers; choose one with --layer: {', '.join(members)}.",
            "file_with_layers",
        )
    return (named or members)[0], members


def _put(path: Path, folder: Path, largest: int, member: str) -> Path:
    ending = path.suffix.lower()
    if member:
        return _unzip(path, folder, largest, member)
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


def _unzip(path: Path, folder: Path, largest: int, main: str) -> Path:
    """Unpack one file of an archive with its sidecars; all other members are ignored."""
    with zipfile.ZipFile(path) as archive:
        ending = Path(main).suffix.lower()
        for name in archive.namelist():
            member = Path(name)
            same = member.with_suffix("") == Path(main).with_suffix("")
            if name == main or (same and member.suffix.lower() in FAMILIES.get(ending, ())):
                with archive.open(name) as packed:
                    write(packed, folder / f"{_STEM}{member.suffix.lower()}", largest)
    return folder / f"{_STEM}{ending}"


def _converted(plain: Path, name: str, largest: int) -> Path:
    """The file for GDAL: the original, or its conversion if GDAL cannot or should not read it."""
    match plain.suffix:
        case ".xlsx":
            return repacked(plain, plain.with_name("workbook.xlsx"), name, min(largest, LARGEST_SHEET))
        case ".kml":
            return prepared(plain, plain.with_name("document.kml"), name)
        case ".parquet" | ".geoparquet":
            return as_flat_geobuf(plain, plain.with_name("rows.fgb"), largest)
    return plain
