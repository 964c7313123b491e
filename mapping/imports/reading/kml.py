"""Preparation of KML for GDAL's driver: schemas are moved to where it reads them, link-only files are refused."""

import re
from pathlib import Path
from typing import Final

from mapping.imports.problems import TableProblem

_PIECE: Final = 1 << 20
_LONGEST_NAME: Final = 64
LARGEST_REWRITTEN: Final = 64 * 2**20
"""Most bytes of a document that is rewritten in memory; larger ones are not changed."""

_PLACEMARK: Final = re.compile(rb"<(?:[\w.-]{1,30}:)?Placemark[\s>/]")
_NETWORK_LINK: Final = re.compile(rb"<(?:[\w.-]{1,30}:)?NetworkLink[\s>/]")
_DOCUMENT: Final = re.compile(rb"<(?:[\w.-]{1,30}:)?Document(?:\s[^<>]*)?>")
_FOLDER: Final = re.compile(rb"<(?:[\w.-]{1,30}:)?Folder[\s>]")
_SCHEMA_START: Final = re.compile(rb"<((?:[\w.-]{1,30}:)?Schema)[\s>]")


def prepared(plain: Path, target: Path, name: str) -> Path:
    """The file itself, or a copy in which the schemas of folders are moved to the document.

    Raises TableProblem for a file without places but with a link to another one (KML 2.2, section 13.1 NetworkLink),
    which is never fetched.
    """
    has_place, has_link, has_folder = _found(plain, _PLACEMARK, _NETWORK_LINK, _FOLDER)
    if has_link and not has_place:
        raise TableProblem(
            f"{name} holds no places; it only points to another file (NetworkLink). Import that one.",
            "file_points_elsewhere",
        )
    if not has_folder or plain.stat().st_size > LARGEST_REWRITTEN:
        return plain
    content = plain.read_bytes()
    rewritten = _with_schemas_in_document(content)
    if rewritten is content:
        return plain
    target.write_bytes(rewritten)
    return target


def _found(plain: Path, *patterns: re.Pattern[bytes]) -> list[bool]:
    """Whether each pattern occurs, read piece by piece."""
    found = [False] * len(patterns)
    carried = b""
    with plain.open("rb") as file:
        while (piece := file.read(_PIECE)) and not all(found):
            window = carried + piece
            found = [
                known or pattern.search(window) is not None
                for known, pattern in zip(found, patterns, strict=True)
            ]
            carried = window[-_LONGEST_NAME:]
    return found


def _with_schemas_in_document(content: bytes) -> bytes:
    """Move every schema behind the start of the first document: elsewhere LIBKML reads none (KML 2.2, section 9.2)."""
    document, folder = _DOCUMENT.search(content), _FOLDER.search(content)
    if document is None or folder is None or document.start() > folder.start():
        return content
    kept, schemas, position = [], [], folder.start()
    while start := _SCHEMA_START.search(content, position):
        closing = b"</" + start[1] + b">"
        end = content.find(closing, start.end())
        if end < 0:
            break
        end += len(closing)
        kept.append(content[position : start.start()])
        schemas.append(content[start.start() : end])
        position = end
    if not schemas:
        return content
    kept.append(content[position:])
    return b"".join([content[: document.end()], *schemas, content[document.end() : folder.start()], *kept])
