"""The formats in which responses are taken home."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.exports.formats.csv import CSV
from mapping.exports.formats.geopackage import GEOPACKAGE
from mapping.exports.formats.spreadsheet import SPREADSHEET
from mapping.exports.labels import Labels
from mapping.exports.registry import Progress
from mapping.exports.responses import csv, geopackage, spss, workbook
from mapping.models import Campaign


@dataclass(frozen=True)
class Order:
    """What a file is to hold; `address` is where it comes from, as written into it.

    `progress` is called with the number of responses written and the total; it may raise to stop the writing.
    """

    campaign: Campaign
    labels: Labels
    address: str
    progress: Progress | None = None


@dataclass(frozen=True)
class ResponsesFormat:
    """One format: text is streamed by `write`, files are written by `write_file`."""

    name: str
    """Short name, also the file extension."""
    title: str | Promise
    media_type: str
    hint: str | Promise
    write: Callable[[Order], Generator[bytes, None, None]] | None = None
    write_file: Callable[[Order, Path], None] | None = None
    labels: tuple[Labels, ...] = ("codes",)
    """The ways in which the format can write choices."""

    @property
    def is_streamed(self) -> bool:
        """Whether the format can be streamed without delay, however large the file is."""
        return self.write is not None


_WORDS: Final[tuple[Labels, ...]] = ("codes", "titles")

RESPONSES_FORMATS: Final = (
    ResponsesFormat(
        "csv",
        CSV.title,
        CSV.media_type,
        _("A plain table, for statistics programs and databases."),
        write=lambda order: csv.write(order.campaign, order.labels, order.progress),
        labels=_WORDS,
    ),
    ResponsesFormat(
        "xlsx",
        SPREADSHEET.title,
        SPREADSHEET.media_type,
        _("A sheet of answers and a codebook that explains the columns."),
        write_file=lambda order, path: workbook.write_file(
            order.campaign, order.labels, order.address, path, order.progress
        ),
        labels=_WORDS,
    ),
    ResponsesFormat(
        "sav",
        _("SPSS (SAV)"),
        "application/x-spss-sav",
        _("With labels of questions and answers and levels of measurement; also for R, PSPP and Stata."),
        write_file=lambda order, path: spss.write_file(order.campaign, path, order.progress),
    ),
    ResponsesFormat(
        "gpkg",
        GEOPACKAGE.title,
        GEOPACKAGE.media_type,
        _("A table of answers and a layer for each question about a place, joined by id."),
        write_file=lambda order, path: geopackage.write_file(
            order.campaign, order.address, path, order.progress
        ),
    ),
)


def responses_format(name: str) -> ResponsesFormat | None:
    """The format with a name, or None."""
    return next((one for one in RESPONSES_FORMATS if one.name == name), None)


def write_responses(wanted: ResponsesFormat, order: Order, path: Path) -> None:
    """Write a format to a path, which must not exist yet; the caller removes a partly written file."""
    if wanted.write_file is not None:
        wanted.write_file(order, path)
    elif wanted.write is not None:
        with path.open("xb") as file:
            for piece in wanted.write(order):
                file.write(piece)
