"""What a set holds: its files with their checksums, versions, counts, and the moment of which it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from geoparticipation.backup.errors import RestoreRefused
from geoparticipation.backup.sealing import checksum_of

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
_CHECKSUM: Final = "manifest.json.sha256"


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made_at` is the moment of the database's snapshot (ISO 8601, UTC); all later changes are not in the set.

    `files` is by plain name, with the file's own name, `tables` the number of rows, `migrations` the last of each app.
    `missing_media` are files that rows name and that were gone already when they were copied.
    `key_mark` says whether another SECRET_KEY is the same one, `first_migrated_at` whether another database is a copy.
    """

    format: int
    made_at: str
    encryption: str
    versions: Mapping[str, str]
    migrations: Mapping[str, str]
    key_mark: str
    tables: Mapping[str, int]
    media_files: int
    media_bytes: int
    missing_media: list[str]
    files: Mapping[str, Mapping[str, Any]]
    first_migrated_at: str = ""

    @property
    def moment(self) -> datetime:
        """The moment of the snapshot."""
        return datetime.fromisoformat(self.made_at)


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write the manifest, and its own checksum beside it."""
    content = json.dumps(asdict(manifest), indent=2, sort_keys=True).encode() + b"\n"
    (directory / MANIFEST).write_bytes(content)
    (directory / _CHECKSUM).write_text(f"{hashlib.sha256(content).hexdigest()}  {MANIFEST}\n")


_KNOWN: Final = frozenset(one.name for one in fields(Manifest))
"""What later versions add is left out."""


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a set; raises RestoreRefused where there is none, or it was changed or is of another format."""
    path = directory / MANIFEST
    try:
        content = path.read_bytes()
        stated = (directory / _CHECKSUM).read_text().split()[0]
    except (OSError, IndexError) as error:
        words = f"{directory} is no set: {error}"
        if below := sets_below(directory):
            words = f"{directory} is no set, but holds some. The newest is {below[0]}."
        raise RestoreRefused(words) from error
    if hashlib.sha256(content).hexdigest() != stated:
        raise RestoreRefused(f"{path} was changed: its checksum is another one.")
    values = json.loads(content)
    if values.get("format") != FORMAT:
        raise RestoreRefused(
            f"{directory} has format {values.get('format')}, and this version reads {FORMAT}: restore it with the"
            " version that made it."
        )
    return Manifest(**{name: value for name, value in values.items() if name in _KNOWN})


def broken_files(directory: Path, manifest: Manifest) -> Iterator[str]:
    """What is wrong with the files of a set, in words."""
    for file in manifest.files.values():
        path = directory / str(file["name"])
        try:
            if not path.is_file():
                yield f"{path.name} is missing"
            elif path.stat().st_size != file["bytes"]:
                yield f"{path.name} has {path.stat().st_size:,} bytes instead of {file['bytes']:,}"
            elif checksum_of(path) != file["sha256"]:
                yield f"{path.name} was changed: its checksum is another one"
        except OSError as error:
            yield f"{path.name} cannot be read ({error.strerror})"


def require_whole(directory: Path) -> Manifest:
    """The manifest of a set whose files are all there and unchanged; raises RestoreRefused."""
    manifest = read_manifest(directory)
    if problems := list(broken_files(directory, manifest)):
        raise RestoreRefused(f"The set is broken: {'; '.join(problems)}.")
    return manifest


def sets_below(directory: Path) -> list[Path]:
    """The finished sets in a directory, the newest first."""
    return sorted((path.parent for path in directory.glob(f"[0-9]*/{MANIFEST}")), reverse=True)
