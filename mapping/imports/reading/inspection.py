"""Checks a file before GDAL opens it: its content must match its ending and must not refer to anything outside."""

import codecs
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from mapping.imports.problems import TableProblem
from mapping.imports.reading.formats import FORMATS, SIDECARS, Format

_HEAD: Final = 65_536
_PIECE: Final = 1 << 20
_LONGEST_CRS: Final = 8_192
_LONGEST_NAME: Final = 64
# In either kind of quotes and in any case, as GDAL accepts, each letter plain or escaped.
_CRS_NAME: Final = re.compile(rb"""["'](?:c|\\u00[46]3)(?:r|\\u00[57]2)(?:s|\\u00[57]3)["']""", re.IGNORECASE)
_DECLARATIONS: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ENCODING: Final = re.compile(rb"""encoding\s*=\s*["']([^"']*)""", re.IGNORECASE)
_READABLE: Final = frozenset({b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1"})
_AFTER_NAME: Final = re.compile(rb"\s*(:\s*)?")
_PLAIN_VALUE: Final = re.compile(rb'null|["0-9-]')
# SQL functions that GDAL adds to SQLite reach files and servers; they can only run from views and computed columns.
_COMPUTED: Final = re.compile(
    r"\bgenerated\b|\bas\s*\(|\b(?:ogr|gdal)_\w+\s*\(|load_extension", re.IGNORECASE
)
_VIRTUAL: Final = re.compile(r"create\s+virtual\s+table", re.IGNORECASE)
_INDEX: Final = re.compile(r"\busing\s+\"?rtree\"?\b", re.IGNORECASE)


def inspect(plain: Path, name: str) -> None:
    """Raise TableProblem if a file does not match its ending, or if reading it would open something else."""
    inspect_as(FORMATS[plain.suffix], plain, name)


def inspect_as(form: Format, plain: Path, name: str) -> None:
    """As `inspect`, for a format that not every import reads."""
    with plain.open("rb") as file:
        start = file.read(_HEAD)
    if not start:
        raise TableProblem(f"{name} is empty.", "file_empty")
    if not form.looks(start):
        raise TableProblem(
            f"{name} does not hold {form.driver} as its ending says.", "file_other_content", driver=form.title
        )
    if form.is_xml:
        _inspect_xml(plain, start, name)
    if form.driver == "GPKG":
        _inspect_database(plain, name)
    if form.driver.startswith("GeoJSON"):
        _inspect_json(plain, name)


def require_sidecars(plain: Path, name: str) -> None:
    """Raise TableProblem if a required file of the family is missing."""
    for ending in SIDECARS.get(plain.suffix, ()):
        if not plain.with_suffix(ending).exists():
            raise TableProblem(
                f"The {ending} file that belongs to {name} is missing; pack all files of one name together.",
                "file_without_sidecar",
                ending=ending,
            )


def _inspect_json(plain: Path, name: str) -> None:
    """Refuse CRS by reference: GDAL would fetch the address of a "link" (GeoJSON 2008, section 3.2), wherever it leads.

    The file is searched, not parsed: it may be larger than memory. What a name `crs` is followed by must be nothing,
    a text, a number, or an object that names its CRS; everything else is refused, comments between them too.
    """
    carried = b""
    with plain.open("rb") as file:
        while piece := file.read(_PIECE):
            window = carried + piece
            following = file.read(_LONGEST_CRS)
            file.seek(-len(following), 1)
            whole, position = window + following, 0
            while found := _CRS_NAME.search(window, position):
                end = _end_of_crs(whole, found.end())
                if end is None:
                    raise TableProblem(
                        f"{name} refers to other files or to servers; name its CRS with --crs.",
                        "file_with_references",
                    )
                position = end
            # A name may lie across two pieces; one in the overlap is checked twice.
            carried = window[-_LONGEST_NAME:]


def _end_of_crs(text: bytes, start: int) -> int | None:
    """The end of the value after a name or text `crs`, or None if it is not harmless.

    Nothing is read twice, so that the time is linear in the length of any file.
    """
    limit = start + _LONGEST_CRS
    after = _AFTER_NAME.match(text, start, limit)
    position = after.end() if after is not None else start
    if position == limit:
        return None  # only blanks within the limit
    if after is None or after[1] is None:
        return (
            position if text[position : position + 1] in {b",", b"]", b"}", b""} else None
        )  # not a member name
    if text[position : position + 1] != b"{":
        return position if _PLAIN_VALUE.match(text, position) else None
    written = text[position:limit].decode("utf-8", "ignore")
    try:
        crs, length = json.JSONDecoder(object_pairs_hook=_unambiguous).raw_decode(written)
    except (ValueError, RecursionError):
        return None
    is_named = str(crs.get("type")).lower() in {"name", "epsg"}
    return position + len(written[:length].encode()) if is_named else None


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse duplicate names and nested CRS, of which two parsers may choose different ones."""
    names = {name.lower() for name, _ in pairs}
    if len(names) < len(pairs) or "crs" in names:
        raise ValueError("a name occurs twice")
    return dict(pairs)


def _inspect_xml(plain: Path, start: bytes, name: str) -> None:
    """Refuse entities (XML 1.0, section 4.2.2: external ones are files and addresses), and encodings that hide them."""
    if b"\0" in start or not _is_readable(start):
        raise TableProblem(f"{name} is not UTF-8; save it so.", "file_not_utf8_xml")
    tail = b""
    with plain.open("rb") as file:
        while piece := file.read(_PIECE):
            if _DECLARATIONS.search(tail + piece):
                raise TableProblem(f"{name} declares a document type or entities.", "file_with_document_type")
            tail = piece[-10:]


def _is_readable(start: bytes) -> bool:
    """Whether the declaration, which must be at the very beginning, names an encoding that hides nothing."""
    document = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if document[:5].lower() != b"<?xml":
        return True
    declaration, end, _rest = document.partition(b"?>")
    return bool(end) and all(one.lower() in _READABLE for one in _ENCODING.findall(declaration))


def _inspect_database(plain: Path, name: str) -> None:
    """Accept tables with data, indexes and triggers (which reading never fires) only; views could run anything."""
    try:
        # "immutable" and "ro": no journal is opened, nothing is written.
        with closing(
            sqlite3.connect(f"{plain.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as database:
            objects = database.execute("SELECT type, coalesce(sql, '') FROM sqlite_master").fetchall()
    except (sqlite3.Error, ValueError) as error:
        raise TableProblem(f"{name} cannot be read: {error}", "file_unreadable") from error
    for kind, sql in objects:
        is_virtual = bool(_VIRTUAL.match(sql)) and not _INDEX.search(sql)
        if kind == "view" or is_virtual or (kind in {"table", "index"} and _COMPUTED.search(sql)):
            raise TableProblem(
                f"{name} holds views, virtual tables or computed columns; export the layer as a table of its own.",
                "file_with_views",
            )
