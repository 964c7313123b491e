"""The registry of export formats; apps register theirs here by name."""

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
from mapping.registry import Registry

CRS: Final = (WGS84, UTM32, LAEA, WEB_MERCATOR)
"""EPSG codes in which files are written; x is always to the east."""

Extra = Literal["comments", "replies", "support"]
EXTRAS: Final[tuple[Extra, ...]] = ("comments", "replies", "support")
"""Data that can accompany contributions: published comments, all replies of the city, opinions by day."""

Group = Literal["map", "table", "whole"]


@dataclass(frozen=True)
class Origin:
    """URLs written into a file: its source, and the prefix of photos."""

    url: str
    photo_base: str


@dataclass(frozen=True)
class Released:
    """The public data of a campaign that publishes cells: its current release, or None before the first one."""

    campaign: Campaign
    release: PublicRelease | None


Content = Selection | Released
"""The content of a file. Callers must check permissions first; see `http.parameters.export`."""


@dataclass(frozen=True)
class ExportOptions:
    """Options of an export: the CRS by its EPSG code, accompanying data, and how choices are written."""

    crs: int = WGS84
    include: frozenset[Extra] = frozenset()
    labels: Labels = "codes"


AS_IT_IS: Final = ExportOptions()

Progress = Callable[[int, int], None]
"""Called with the number of rows written and the total; may raise to stop the writing."""

Stream = Callable[[Content, Origin, ExportOptions], Generator[bytes, None, None]]
FileWriter = Callable[[Content, Origin, ExportOptions, Path, Progress], None]


@dataclass(frozen=True)
class Format:
    """One format: its name, media type, capabilities and writer.

    Text is streamed by `write` in constant memory; formats that need to seek are written by `write_file`.
    """

    name: str
    """Short name, also the file extension, e.g. `geojson` or `shp.zip`."""
    title: str | Promise
    media_type: str
    write: Stream | None = None
    write_file: FileWriter | None = None
    hint: str | Promise = ""
    group: Group = "map"
    crs: tuple[int, ...] = CRS
    extras: tuple[Extra, ...] = EXTRAS
    """Accompanying data that the format can include on request."""
    has_all_extras: bool = False
    """Whether all accompanying data are always included."""
    labels: tuple[Labels, ...] = ("codes",)
    """The ways in which the format can write choices."""
    takes_cells: bool = True
    """Whether the format can hold the public cells of a release."""

    @property
    def is_streamed(self) -> bool:
        """Whether the format can be streamed without delay, however large the file is."""
        return self.write is not None


EXPORT_FORMATS: Final[Registry[Format]] = Registry("export format")


def formats() -> tuple[Format, ...]:
    """All formats, sorted by name."""
    return tuple(sorted(EXPORT_FORMATS, key=lambda one: one.name))


def format_named(name: str) -> Format | None:
    """The format with this name, or None."""
    return EXPORT_FORMATS.named(name)


GROUPS: Final[tuple[tuple[Group, str | Promise], ...]] = (
    ("map", _("For the map")),
    ("table", _("For tables")),
    ("whole", _("Everything in one")),
)
"""Groups of formats in display order, with their titles."""
