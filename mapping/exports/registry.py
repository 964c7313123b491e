"""The formats in which contributions can be taken home; every format registers itself here by name."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from django.utils.functional import Promise

from mapping.exports.selection import Selection


@dataclass(frozen=True)
class Origin:
    """Addresses that a file names: where it came from, and what goes before the number of a photo."""

    url: str
    photo_base: str


@dataclass(frozen=True)
class Format:
    """One format: how it is called, what it is, and the stream that writes it."""

    name: str
    """Also the end of the file's name, e.g. `geojson`."""
    title: str | Promise
    media_type: str
    write: Callable[[Selection, Origin], Generator[bytes, None, None]]


_formats: dict[str, Format] = {}


def register(new: Format) -> Format:
    """Add a format; a name stands for one format only."""
    if _formats.setdefault(new.name, new) is not new:
        raise ValueError(f"The export format {new.name} is registered twice.")
    return new


def formats() -> tuple[Format, ...]:
    """All formats by name."""
    from mapping.exports import geojson  # noqa: F401 - registers itself

    return tuple(_formats[name] for name in sorted(_formats))
