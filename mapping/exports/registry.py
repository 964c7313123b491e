"""The formats in which contributions can be taken home; apps register theirs here by name."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.aggregation.releases.publication import PublicRelease
from mapping.exports.labels import Labels
from mapping.exports.selection import Selection
from mapping.geo.crs import LAEA, UTM32, WEB_MERCATOR, WGS84
from mapping.models import Campaign

CRS: Final = (WGS84, UTM32, LAEA, WEB_MERCATOR)
"""EPSG codes in which files are written; x is always to the east."""

Extra = Literal["comments", "replies", "support"]
EXTRAS: Final[tuple[Extra, ...]] = ("comments", "replies", "support")
"""What can be taken along with contributions: published comments, all replies of the city, opinions by day."""

Group = Literal["map", "table", "whole"]


@dataclass(frozen=True)
class Origin:
    """Addresses that a file names: where it came from, and what goes before the id of a photo."""

    url: str
    photo_base: str


@dataclass(frozen=True)
class Released:
    """What the public gets of a campaign that publishes cells: its current release, or None before the first one."""

    campaign: Campaign
    release: PublicRelease | None


Content = Selection | Released
"""What a file is made of. Whoever makes one has asked the rules; see `http.export_parameters`."""


@dataclass(frozen=True)
class Wishes:
    """How it is wanted: the CRS of coordinates by its EPSG code, what else comes along, and how choices are written."""

    crs: int = WGS84
    include: frozenset[Extra] = frozenset()
    labels: Labels = "codes"


AS_IT_IS: Final = Wishes()

Progress = Callable[[int, int], None]
"""Told how many of how many rows are written; may raise to stop the writing."""

Stream = Callable[[Content, Origin, Wishes], Generator[bytes, None, None]]
FileWriter = Callable[[Content, Origin, Wishes, Path, Progress], None]


@dataclass(frozen=True)
class Format:
    """One format: how it is called, what it is, and how it is written.

    Text is streamed by `write` in constant memory; formats that need to seek are written by `write_file`.
    """

    name: str
    """Also the end of the file's name, e.g. `geojson` or `shp.zip`."""
    title: str | Promise
    media_type: str
    write: Stream | None = None
    write_file: FileWriter | None = None
    hint: str | Promise = ""
    group: Group = "map"
    crs: tuple[int, ...] = CRS
    extras: tuple[Extra, ...] = EXTRAS
    """What it can take along where somebody asks for it."""
    has_all_extras: bool = False
    """Whether everything comes along unasked."""
    labels: tuple[Labels, ...] = ("codes",)
    """How it can write choices."""
    takes_cells: bool = True
    """Whether the public cells of a release make sense in it."""

    @property
    def is_streamed(self) -> bool:
        """Whether it can leave at once, however large it is."""
        return self.write is not None


_formats: dict[str, Format] = {}


def register(new: Format) -> Format:
    """Add a format, when the apps are ready; a name stands for one format only."""
    if _formats.setdefault(new.name, new) is not new:
        raise ValueError(f"The export format {new.name} is registered twice.")
    return new


def formats() -> tuple[Format, ...]:
    """All formats by name."""
    return tuple(_formats[name] for name in sorted(_formats))


def format_named(name: str) -> Format | None:
    """The format with this name, if there is one."""
    return next((known for known in formats() if known.name == name), None)


GROUPS: Final[tuple[tuple[Group, str | Promise], ...]] = (
    ("map", _("For the map")),
    ("table", _("For tables")),
    ("whole", _("Everything in one")),
)
"""Groups of formats in the order in which people see them, with their titles."""
