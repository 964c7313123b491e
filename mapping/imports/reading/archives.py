"""Untrusted zip archives: names, sizes and links are checked before anything is unpacked.

Declared sizes are checked first, unpacked bytes are counted again: the directory of a zip file may be forged.
"""

import gzip
import re
import stat
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, Final

from mapping.imports.problems import TableProblem
from mapping.imports.reading.formats import FORMATS

MOST_MEMBERS: Final = 2_000
MOST_DATA: Final = 100
"""Most files with data in one archive, of which one is chosen like a layer."""
_RATIO: Final = 250
"""Highest compression ratio: shapes and tables reach 20, empty grids 100; deflate can reach 1,032."""
_HARMLESS: Final = 32 * 2**20
"""Bytes up to which the ratio does not matter."""
_PIECE: Final = 1 << 20
_WORKBOOK: Final = re.compile(r"(?:\[Content_Types\]\.xml|_rels/[\w.-]+|xl/[\w./-]+)")
_DECLARATIONS: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def data_members(archive: zipfile.ZipFile, name: str, largest: int) -> tuple[str, ...]:
    """The names of the members with data, in order; raises TableProblem for none, too many, or unsafe archives."""
    members = [one for one in _checked(archive, name, largest) if not one.filename.startswith("__MACOSX/")]
    data = [one.filename for one in members if PurePosixPath(one.filename).suffix.lower() in FORMATS]
    if not 0 < len(data) <= MOST_DATA:
        raise TableProblem(
            f"{name} must hold a file with data (Shapefile, GeoPackage, CSV …), at most {MOST_DATA}; it holds "
            f"{len(data)}.",
            "file_archive_of_many",
            number=len(data),
            most=MOST_DATA,
        )
    return tuple(data)


def repacked(source: Path, target: Path, name: str, largest: int) -> Path:
    """Repack a workbook with only the parts that hold tables, uncompressed and without entities."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as clean:
        left = largest
        for one in _checked(archive, name, largest):
            if not _WORKBOOK.fullmatch(one.filename) or one.filename.endswith("/"):
                continue
            with archive.open(one) as packed, clean.open(one.filename, "w") as plain:
                tail = b""
                while piece := packed.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise _too_large(largest)
                    if _DECLARATIONS.search(tail + piece):
                        raise TableProblem(
                            f"{name} declares a document type or entities.", "file_with_document_type"
                        )
                    tail = piece[-10:]
                    plain.write(piece)
    return target


def write(packed: IO[bytes] | gzip.GzipFile, target: Path, largest: int, most: int | None = None) -> Path:
    """Copy a stream; raises when it exceeds `largest`, or `most`, the limit by compression ratio."""
    with target.open("xb") as plain:
        while piece := packed.read(_PIECE):
            plain.write(piece)
            if plain.tell() > largest:
                raise _too_large(largest)
            if most is not None and plain.tell() > most:
                raise bomb(target.name)
    return target


def most_unpacked(packed: int) -> int:
    """Most bytes that a number of packed bytes may become in a benign file."""
    return max(_HARMLESS, _RATIO * packed)


def bomb(name: str) -> TableProblem:
    """The error for a file that exceeds the compression ratio."""
    return TableProblem(f"{name} unpacks to a multiple of its size that no honest file has.", "file_bomb")


def _checked(archive: zipfile.ZipFile, name: str, largest: int) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    names = [one.filename for one in members]
    if len(members) > MOST_MEMBERS or len(set(names)) < len(names) or any(map(_is_unsafe, members)):
        raise TableProblem(
            f"{name} holds names that lead out of it, links, or too many files.", "file_archive_unsafe"
        )
    size = sum(one.file_size for one in members)
    if size > largest:
        raise _too_large(largest)
    # Members may share their packed bytes, or declare wrong sizes: there are never more than the archive has.
    packed = min(sum(one.compress_size for one in members), _length(archive))
    if size > most_unpacked(packed):
        raise bomb(name)
    return members


def _length(archive: zipfile.ZipFile) -> int:
    return Path(str(archive.filename)).stat().st_size


def _is_unsafe(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    has_drive = bool(PureWindowsPath(member.filename).drive)
    return is_link or has_drive or path.is_absolute() or ".." in path.parts or "\0" in str(path)


def _too_large(largest: int) -> TableProblem:
    return TableProblem(
        f"The file holds more than {largest / 2**30:.3g} GB after unpacking.",
        "file_too_large",
        megabytes=largest // 2**20,
    )
