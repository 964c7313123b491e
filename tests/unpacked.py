"""All that a file says, as one text: archives, workbooks, databases and columns opened, so that nothing hides."""

import hashlib
import io
import re
import sqlite3
import zipfile
from contextlib import closing

from PIL import Image
from pyarrow import parquet

# When something was made differs from one file to the next.
VOLATILE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)(?=</dc:date|'|</time></metadata|</dcterms)"
    r"|\d\d:\d\d Uhr"
)


def unpacked(body: bytes) -> str:
    """The words of a body, whatever it is packed in."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(f"{name}: {unpacked(archive.read(name))}" for name in archive.namelist())
    if body.startswith(b"SQLite format 3\x00"):
        return VOLATILE.sub("", _dump(body))
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return _picture(body)
    if body.startswith(b"PAR1"):
        table = parquet.read_table(io.BytesIO(body))
        return f"{table.schema.metadata} {table.to_pylist()}"
    return VOLATILE.sub("", body.decode("utf-8", "surrogateescape"))


def _picture(body: bytes) -> str:
    """Size, pixels as their digest, texts, and what stands behind the end: packed pixels show any short number."""
    with Image.open(io.BytesIO(body)) as picture:
        pixels = hashlib.sha256(picture.tobytes()).hexdigest()
        behind = body.rpartition(b"IEND")[2][4:].decode("utf-8", "surrogateescape")
        return f"{picture.mode} {picture.size} {picture.info} {pixels} {behind}"


def _dump(body: bytes) -> str:
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(body)
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'rtree%'"
        )
        rows = [
            f"{name}: {row}"
            for (name,) in tables.fetchall()
            if not name.startswith("rtree")
            for row in database.execute(f'SELECT * FROM "{name}"')
        ]
    return "\n".join(rows)
