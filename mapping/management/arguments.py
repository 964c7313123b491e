"""Arguments shared by several commands: campaign, file, CRS, areas; errors as one sentence."""

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyproj
from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from mapping.geo.crs import parse_crs
from mapping.geo.errors import GeometryProblem
from mapping.imports.outlines import read_outline
from mapping.imports.problems import TableProblem
from mapping.imports.reading.tables import Reading, Table, open_table
from mapping.imports.rejections import ImportReport, drained
from mapping.models import Campaign
from mapping.services.errors import Invalid


def add_file_options(parser: ArgumentParser) -> None:
    """Add options for reading a file."""
    parser.add_argument(
        "--crs", metavar="EPSG:N", help="the coordinates' CRS, where the file does not say it"
    )
    parser.add_argument("--layer", metavar="NAME", help="the layer or sheet, where a file has several")
    parser.add_argument(
        "--encoding", help="the encoding of a text file or Shapefile that is not UTF-8, e.g. cp1252"
    )

    parser.add_argument(
        "--header-line",
        type=int,
        metavar="N",
        help="the line of a table that names its fields, 0 where none does; without it, it is looked for",
    )
    parser.add_argument(
        "--place-field",
        metavar="FIELD",
        help="the field of a table with places: WKT, WKB, GeoJSON, or both coordinates",
    )
    parser.add_argument(
        "--place-order",
        choices=("lat-lon", "lon-lat"),
        help="the order of both coordinates in --place-field; without it, their size decides",
    )


def add_column_options(parser: ArgumentParser) -> None:
    """Add options for coordinates from two columns."""
    parser.add_argument("--lon", metavar="FIELD", help="the field with longitudes (or x of --crs)")
    parser.add_argument("--lat", metavar="FIELD", help="the field with latitudes (or y of --crs)")


@contextmanager
def opened(path: str, options: Mapping[str, Any]) -> Iterator[Table]:
    """Open a file as a table; errors end the command with one sentence."""
    try:
        with open_table(Path(path), **asdict(reading_of(options))) as table:
            yield table
    except TableProblem as problem:
        raise CommandError(str(problem)) from problem


def reading_of(options: Mapping[str, Any]) -> Reading:
    """Reading options from --layer, --encoding, --header-line and --place-field."""
    order = options.get("place_order")
    return Reading(
        layer=options.get("layer"),
        encoding=options.get("encoding"),
        header=options.get("header_line"),
        place_field=options.get("place_field"),
        lat_first=None if order is None else order == "lat-lon",
    )


def crs_of(options: Mapping[str, Any]) -> pyproj.CRS | None:
    """The CRS of --crs."""
    if not options.get("crs"):
        return None
    try:
        return parse_crs(options["crs"])
    except GeometryProblem as problem:
        raise CommandError(f"{problem} Write it like EPSG:25832.") from problem


def columns_of(options: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The fields of --lon and --lat: both or none."""
    if bool(options.get("lon")) != bool(options.get("lat")):
        raise CommandError("--lon and --lat belong together.")
    return options.get("lon"), options.get("lat")


def campaign_of(slug: str) -> Campaign:
    """The campaign given to a command."""
    found = Campaign.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no campaign {slug}.")
    return found


def outline_of(path: str, options: Mapping[str, Any]) -> MultiPolygon:
    """The union of the polygons in a file."""
    with opened(path, options) as table:
        return drained(read_outline(table, crs_of(options), ImportReport()))


def require_short_name(name: str) -> None:
    """Require a name of letters, digits and hyphens for layers and grids."""
    try:
        validate_slug(name)
    except ValidationError as error:
        raise CommandError(f"{name} is no short name: letters, digits and hyphens.") from error


def day_of(option: str, text: str | None) -> date | None:
    """A calendar day (ISO 8601)."""
    if not text:
        return None
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{option} {text} is no date; write 2026-12-31.")
    return found


def moment_of(option: str, text: str | None, *, at_end: bool = False) -> datetime | None:
    """A moment from a date or time (ISO 8601) in the site's time zone; a date means its beginning, or its end."""
    if not text:
        return None
    try:
        found: date | datetime | None = parse_date(text) if len(text) == 10 else parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"{option} {text} is no date; write 2026-12-31 or 2026-12-31T18:00.")
    if not isinstance(found, datetime):
        found = datetime.combine(found + timedelta(days=1 if at_end else 0), time())
    return found if timezone.is_aware(found) else timezone.make_aware(found)


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    """Turn errors of services into a CommandError with one line per field."""
    try:
        yield
    except Invalid as invalid:
        lines = [
            f"{name}: {problem.params.get('message', problem.code)}"
            for name, problems in invalid.fields.items()
            for problem in problems
        ]
        raise CommandError("\n".join(lines)) from invalid
