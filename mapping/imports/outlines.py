"""Outlines for the database: polygons are united to one valid, flat MultiPolygon in degrees (EPSG:4326)."""

from collections.abc import Collection, Generator, Iterable

import pyproj
import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapping.geo.geojson import DECIMALS
from mapping.imports.problems import TableProblem
from mapping.imports.reading.rows import Row, Table
from mapping.imports.rejections import ImportReport

_AREAS = ("Polygon", "MultiPolygon")


def is_area(geometry: BaseGeometry) -> bool:
    """Whether a geometry is a polygon or several."""
    return geometry.geom_type in _AREAS


def united(areas: Iterable[BaseGeometry]) -> MultiPolygon | None:
    """The union of polygons in longitude and latitude; None if it is empty.

    Heights are dropped, rings that cross themselves repaired, coordinates rounded to `DECIMALS`.
    """
    sound = [shapely.make_valid(shapely.force_2d(area)) for area in areas]
    # Repairing and rounding may produce lines and points; only areas are kept.
    rounded = shapely.set_precision(shapely.union_all(sound), 10.0**-DECIMALS)
    polygons = [
        part
        for part in shapely.get_parts(shapely.get_parts(rounded)).tolist()
        if isinstance(part, shapely.Polygon) and not part.is_empty
    ]
    if not polygons:
        return None
    made = GEOSGeometry(memoryview(shapely.to_wkb(shapely.MultiPolygon(polygons))), srid=4326)
    assert isinstance(made, MultiPolygon)  # noqa: S101 - for the type checker
    return made


def is_on_earth(outline: MultiPolygon) -> bool:
    """Whether all coordinates are valid degrees."""
    west, south, east, north = outline.extent
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def area_of_row(row: Row, report: ImportReport) -> BaseGeometry | None:
    """The polygon of a row; None for other geometries, which are added to the report."""
    if row.problem is not None:
        report.reject(row, "geometry", row.problem.code, str(row.problem), row.problem.params)
    elif row.geometry is None or not is_area(row.geometry):
        report.reject(row, "geometry", "not_an_area")
    else:
        return row.geometry
    return None


def read_outline(
    table: Table, crs: pyproj.CRS | None, report: ImportReport
) -> Generator[int, None, MultiPolygon]:
    """The union of the polygons in a file; rows without a place are skipped. Yields the rows of each batch.

    Raises TableProblem for invalid rows (the report lists all of them) or without any polygon.
    """
    areas = []
    for batch in table.rows(crs=crs, drop_heights=True):
        for row in report.sound(batch):
            if row.problem is None and row.geometry is None:
                continue
            area = area_of_row(row, report)
            if area is not None:
                areas.append(area)
        yield len(batch)
    require_all_right(report)
    outline = united(areas)
    if outline is None:
        raise TableProblem("The file holds no polygon.", "file_without_polygons")
    if not is_on_earth(outline):
        raise TableProblem(
            "The file leaves the range of longitude and latitude; name its CRS with --crs.",
            "file_not_in_degrees",
        )
    report.stored = len(areas)
    return outline


def require_all_right(report: ImportReport, except_for: Collection[tuple[str, str]] = ()) -> None:
    """Raise TableProblem for the first rejected row: areas, districts and inhabitants are stored as a whole.

    `except_for` are fields and reasons of rows that may be left out.
    """
    wrong = [row for row in report.rejected if (row.field, row.code) not in except_for]
    if wrong:
        first = wrong[0]
        raise TableProblem(f"Row {first.number}: {first.detail}", "file_refused_rows")
