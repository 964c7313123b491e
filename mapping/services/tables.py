"""Reads files that GIS teams bring (CSV, GeoJSON, GeoPackage, Shapefile, FlatGeobuf) through GDAL (pyogrio).

Only what a file itself holds is read. GDAL would also follow references to other files and servers (its virtual file
systems, VRT, GDALG pipelines inside JSON, sidecar files); therefore the ending and the first bytes of the content must
agree, the file is opened under a neutral name in a folder of its own, and text formats only by their own driver.
"""

import math
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyogrio
import pyogrio.raw
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import parse_crs, transform_geometry
from mapping.geo.errors import GeometryProblem
from mapping.services.unpacking import TableProblem, unpacked

__all__ = ["Row", "Table", "TableProblem", "open_table"]

LONLAT: Final = 4326
_AT_ONCE: Final = 100_000
"""Rows that GDAL reads in one go; some of its drivers start from the top each time."""
_BATCH: Final = 5_000
_PREFIXES: Final[Mapping[str, str]] = {".csv": "CSV:", ".geojson": "GeoJSON:", ".json": "GeoJSON:"}
_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]{1,20}(?:[.,][0-9]{0,40})?|[.,][0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?"
)
_PATH: Final = re.compile(r"\S*/table\.[a-z]+")
_Column = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (from 1), its geometry in longitude and latitude or what is wrong with it (both
    None: it has none), its fields.
    """

    number: int
    geometry: BaseGeometry | None
    problem: GeometryProblem | None
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """A readable file: its field names, whether it holds geometries, its CRS (None where it names none) and its number
    of rows.
    """

    fields: tuple[str, ...]
    has_geometries: bool
    crs: pyproj.CRS | None
    count: int
    _name: str
    _source: str
    _layer: str | None
    _encoding: str | None

    def require(self, *names: str | None) -> None:
        """Raise TableProblem for the first name that is not a field."""
        for name in names:
            if name and name not in self.fields:
                raise TableProblem(
                    f"There is no field {name}; the file has {', '.join(self.fields) or 'none'}."
                )

    def rows(
        self,
        *,
        crs: pyproj.CRS | None = None,
        lon_field: str | None = None,
        lat_field: str | None = None,
        drop_heights: bool = False,
    ) -> Iterator[list[Row]]:
        """The rows in batches, geometries transformed to longitude and latitude (EPSG:4326).

        `crs` replaces the CRS of the file; with `lon_field` and `lat_field` points are made from two columns (x and y
        of `crs`, EPSG:4326 when none is given). A row whose geometry cannot be used carries the problem, one with
        heights too unless they are to be dropped.
        """
        self.require(lon_field, lat_field)
        from_columns = bool(lon_field and lat_field)
        source = crs or (None if from_columns else self.crs) or LONLAT
        for start in range(0, self.count, _AT_ONCE):
            names, wkb, columns = self._read(start)
            length = len(columns[0]) if columns else (0 if wkb is None else len(wkb))
            for low in range(0, length, _BATCH):
                part = slice(low, low + _BATCH)
                cells = [_plain(column[part]) for column in columns]
                if from_columns:
                    given = _points(cells[names.index(lon_field or "")], cells[names.index(lat_field or "")])
                elif wkb is None:
                    given = [None] * (min(low + _BATCH, length) - low)
                else:
                    given = _geometries(wkb[part], drop_heights=drop_heights)
                placed = _in_lonlat(given, source)
                lines = zip(*cells, strict=True) if cells else ((),) * len(placed)
                yield [
                    Row(
                        start + low + index + 1,
                        None if isinstance(found, GeometryProblem) else found,
                        found if isinstance(found, GeometryProblem) else None,
                        dict(zip(names, line, strict=True)),
                    )
                    for index, (found, line) in enumerate(zip(placed, lines, strict=True))
                ]

    def _read(self, start: int) -> tuple[list[str], npt.NDArray[np.object_] | None, list[_Column]]:
        with _one_sentence(self._name):
            meta, _, wkb, columns = pyogrio.raw.read(
                self._source,
                layer=self._layer,
                encoding=self._encoding,
                skip_features=start,
                max_features=_AT_ONCE,
                datetime_as_string=True,
            )
        return [str(name) for name in meta["fields"]], wkb, columns


@contextmanager
def open_table(path: Path, *, layer: str | None = None, encoding: str | None = None) -> Iterator[Table]:
    """Open a file as a table; `.gz` and `.zip` (of one Shapefile) are unpacked to a temporary folder first.

    Raises TableProblem for what is no plain file, for an unknown ending, and for content of another kind.
    """
    with unpacked(path) as (plain, driver):
        source = _PREFIXES.get(plain.suffix, "") + str(plain)
        yield _table(path.name, source, driver, layer, encoding)


@contextmanager
def _one_sentence(name: str) -> Iterator[None]:
    """Turn GDAL's errors into ours; its warnings would only repeat what the checks of rows say better."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except UnicodeDecodeError as error:
        raise TableProblem(f"{name} is not UTF-8; name its encoding with --encoding, e.g. cp1252.") from error
    except (DataSourceError, DataLayerError, FeatureError, LookupError) as error:
        detail = " ".join(_PATH.sub(name, str(error)).split())
        raise TableProblem(f"{name} cannot be read: {detail}") from error


def _table(name: str, source: str, driver: str, layer: str | None, encoding: str | None) -> Table:
    with _one_sentence(name):
        layers = [str(found) for found, _ in pyogrio.list_layers(source)]
        if layer is None and len(layers) > 1:
            raise TableProblem(f"{name} has several layers; choose one with --layer: {', '.join(layers)}.")
        info = pyogrio.read_info(source, layer=layer, encoding=encoding, force_feature_count=True)
    if info["driver"] != driver:
        raise TableProblem(f"{name} holds {info['driver']}, not {driver} as its ending says.")
    try:
        crs = parse_crs(info["crs"]) if info["crs"] else None
    except GeometryProblem as problem:
        raise TableProblem(
            f"The coordinate reference system of {name} cannot be used: {problem}"
        ) from problem
    fields = tuple(str(field) for field in info["fields"])
    has_geometries = info["geometry_type"] is not None
    return Table(fields, has_geometries, crs, int(info["features"]), name, source, layer, encoding)


def _plain(column: _Column) -> list[object]:
    """A column as Python values, missing ones as None.

    Whole numbers become integers: a column of integers with gaps arrives as floats, and an id must not depend on gaps.
    """
    return [_plain_value(value) for value in column.tolist()]


def _plain_value(value: object) -> object:
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    return value if isinstance(value, str | int | date | datetime) else None


_Found = BaseGeometry | GeometryProblem | None


def _points(xs: list[object], ys: list[object]) -> list[_Found]:
    """Points from two columns of a table."""
    return [_point(x, y) for x, y in zip(xs, ys, strict=True)]


def _point(x: object, y: object) -> _Found:
    if _is_blank(x) and _is_blank(y):
        return None
    try:
        return shapely.Point(_number(x), _number(y))
    except GeometryProblem as problem:
        return problem


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _number(value: object) -> float:
    """A coordinate from a cell; German decimal commas are understood, thousands separators are not."""
    if _is_blank(value):
        raise GeometryProblem("missing", member="coordinates")
    if isinstance(value, str):
        text = value.strip()
        if text.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
            raise GeometryProblem("not_finite")
        if not _NUMBER.fullmatch(text):
            raise GeometryProblem("not_a_number")
        value = float(text.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise GeometryProblem("not_a_number")
    if not math.isfinite(value):
        raise GeometryProblem("not_finite")
    return float(value)


def _geometries(wkb: npt.NDArray[np.object_], *, drop_heights: bool) -> list[_Found]:
    """Geometries from a file; a collection of one part is that part."""
    read = shapely.from_wkb(wkb, on_invalid="ignore")
    flat = shapely.force_2d(read)
    return [
        _geometry(geometry, had_height=bool(high) and not drop_heights, was_there=raw is not None)
        for geometry, high, raw in zip(flat.tolist(), shapely.has_z(read).tolist(), wkb, strict=True)
    ]


def _geometry(geometry: BaseGeometry | None, *, had_height: bool, was_there: bool) -> _Found:
    if geometry is None:
        return GeometryProblem("invalid_geometry", reason="it cannot be read") if was_there else None
    if geometry.is_empty:
        return GeometryProblem("empty")
    if had_height:
        return GeometryProblem("not_two_dimensional", length=3)
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return GeometryProblem("not_finite")
    while geometry.geom_type.startswith(("Multi", "GeometryCollection")):
        parts = shapely.get_parts(geometry)
        if len(parts) != 1:
            break
        geometry = parts[0]
    return geometry


def _in_lonlat(found: list[_Found], source: pyproj.CRS | int) -> list[_Found]:
    """The geometries transformed: all in one go, or one by one where a position has no image."""
    if source == LONLAT:
        return found
    places = [index for index, one in enumerate(found) if isinstance(one, BaseGeometry)]
    result = list(found)
    try:
        together = shapely.GeometryCollection([one for one in found if isinstance(one, BaseGeometry)])
        moved: list[_Found] = shapely.get_parts(transform_geometry(together, source, LONLAT)).tolist()
    except GeometryProblem:
        moved = [_moved(found[index], source) for index in places]
    for index, one in zip(places, moved, strict=True):
        result[index] = one
    return result


def _moved(geometry: _Found, source: pyproj.CRS | int) -> _Found:
    assert isinstance(geometry, BaseGeometry)  # noqa: S101 - for the type checker
    try:
        return transform_geometry(geometry, source, LONLAT)
    except GeometryProblem as problem:
        return problem
