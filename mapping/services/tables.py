"""Reads files that GIS teams bring (CSV, GeoJSON, GeoPackage, Shapefile, XLSX, KML ...) through GDAL (pyogrio).

Only what a file itself holds is read. GDAL would also follow references to other files and servers (its virtual file
systems, VRT, GDALG pipelines inside JSON, sidecar files); therefore the ending and the first bytes of the content must
agree (`formats`, `inspection`), the file is opened under a neutral name in a folder of its own (`unpacking`), and text
formats only by their own driver.
"""

import codecs
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
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import parse_crs, transform_geometry
from mapping.geo.errors import GeometryProblem
from mapping.services.formats import Format
from mapping.services.problems import TableProblem
from mapping.services.unpacking import unpacked

__all__ = ["Row", "Table", "TableProblem", "open_table"]

LONLAT: Final = 4326
_AT_ONCE: Final = 100_000
"""Rows that GDAL reads in one go; some of its drivers start from the top each time."""
_BATCH: Final = 5_000
_MOST_LAYERS: Final = 200
MOST_FIELDS: Final = 1_000
"""Columns of a table; one with more is a matrix, not a list of places."""
_NUMBER: Final = re.compile(
    r"[+-]?(?:[0-9]{1,20}(?:[.,][0-9]{0,40})?|[.,][0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?"
)
_PATH: Final = re.compile(r"\S*/(?:table|workbook|rows)\.[a-z]+")
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
    """A readable layer of a file: its field names, whether it holds geometries, its CRS (None where it names none), its
    number of rows; `layers` names all layers that hold rows.
    """

    fields: tuple[str, ...]
    has_geometries: bool
    crs: pyproj.CRS | None
    count: int
    layer: str
    layers: tuple[str, ...]
    _name: str
    _source: str
    _encoding: str | None
    _options: Mapping[str, str]

    def require(self, *names: str | None) -> None:
        """Raise TableProblem for the first name that is not a field."""
        for name in names:
            if name and name not in self.fields:
                fields = ", ".join(self.fields)[:2_000] or "none"
                raise TableProblem(
                    f"There is no field {name}; the file has {fields}.", "file_without_field", field=name
                )

    def rows(
        self,
        *,
        crs: pyproj.CRS | None = None,
        lon_field: str | None = None,
        lat_field: str | None = None,
        drop_heights: bool = False,
        most: int | None = None,
    ) -> Iterator[list[Row]]:
        """The rows in batches, geometries transformed to longitude and latitude (EPSG:4326).

        `crs` replaces the CRS of the file; with `lon_field` and `lat_field` points are made from two columns (x and y
        of `crs`, EPSG:4326 when none is given). A row whose geometry cannot be used carries the problem, one with
        heights too unless they are to be dropped. `most` ends it early.
        """
        self.require(lon_field, lat_field)
        from_columns = bool(lon_field and lat_field)
        source = crs or (None if from_columns else self.crs) or LONLAT
        wanted = self.count if most is None else min(most, self.count)
        for start in range(0, wanted, _AT_ONCE):
            names, wkb, columns = self._read(start, min(_AT_ONCE, wanted - start))
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

    def values(self, name: str) -> Iterator[object]:
        """All values of one field, without the places."""
        self.require(name)
        with _one_sentence(self._name):
            _, _, _, columns = pyogrio.raw.read(
                self._source,
                layer=self.layer,
                encoding=self._encoding,
                columns=[name],
                read_geometry=False,
                datetime_as_string=True,
                **self._options,
            )
        yield from (_plain(columns[0]) if columns else ())

    def _read(
        self, start: int, length: int
    ) -> tuple[list[str], npt.NDArray[np.object_] | None, list[_Column]]:
        with _one_sentence(self._name):
            meta, _, wkb, columns = pyogrio.raw.read(
                self._source,
                layer=self.layer,
                encoding=self._encoding,
                skip_features=start,
                max_features=length,
                datetime_as_string=True,
                **self._options,
            )
        return [str(name) for name in meta["fields"]], wkb, columns


@contextmanager
def open_table(
    path: Path,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    first_layer: bool = False,
    largest: int | None = None,
) -> Iterator[Table]:
    """Open a file as a table; `.gz` and `.zip` (of one file with data) are unpacked to a temporary folder first.

    Without `layer`, a file must have only one that holds rows, or the first one is taken with `first_layer`.
    At most `largest` bytes are unpacked.

    Raises TableProblem for what is no plain file, for an unknown ending, and for content of another kind.
    """
    _require_encoding(encoding)
    with unpacked(path, largest) as (plain, form):
        source = form.prefix + str(plain)
        yield _table(path.name, source, form, layer, encoding, first_layer=first_layer)


def _require_encoding(encoding: str | None) -> None:
    try:
        codecs.lookup(encoding or "utf-8")
    except (LookupError, ValueError) as error:
        raise TableProblem(
            f"The file cannot be read: there is no encoding {encoding!r}.", "file_not_utf8"
        ) from error


@contextmanager
def _one_sentence(name: str) -> Iterator[None]:
    """Turn GDAL's errors into ours; its warnings would only repeat what the checks of rows say better."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.simplefilter("ignore", UserWarning)
            yield
    except UnicodeDecodeError as error:
        raise TableProblem(
            f"{name} is not UTF-8; name its encoding with --encoding, e.g. cp1252.", "file_not_utf8"
        ) from error
    except (DataSourceError, DataLayerError, FeatureError, GeometryError, LookupError) as error:
        detail = " ".join(_PATH.sub(name, str(error)).split())
        raise TableProblem(f"{name} cannot be read: {detail}", "file_unreadable") from error


def _table(
    name: str, source: str, form: Format, layer: str | None, encoding: str | None, *, first_layer: bool
) -> Table:
    with _one_sentence(name):
        infos = {
            str(found): pyogrio.read_info(
                source, layer=str(found), encoding=encoding, force_feature_count=True, **form.options
            )
            for found, _ in pyogrio.list_layers(source)[:_MOST_LAYERS]
        }
    chosen = _chosen(name, infos, layer, first_layer=first_layer)
    info = infos[chosen]
    if info["driver"] != form.driver:
        raise TableProblem(
            f"{name} holds {info['driver']}, not {form.driver} as its ending says.",
            "file_other_content",
            driver=form.title,
        )
    fields = tuple(str(field) for field in info["fields"])
    if len(fields) > MOST_FIELDS:
        raise TableProblem(
            f"{name} has {len(fields)} fields; at most {MOST_FIELDS} can be read.",
            "file_too_many_fields",
            number=len(fields),
            most=MOST_FIELDS,
        )
    try:
        crs = parse_crs(info["crs"]) if info["crs"] else None
    except GeometryProblem as problem:
        raise TableProblem(
            f"The coordinate reference system of {name} cannot be used: {problem}", "file_crs_unusable"
        ) from problem
    return Table(
        fields=fields,
        has_geometries=info["geometry_type"] is not None,
        crs=crs,
        count=int(info["features"]),
        layer=chosen,
        layers=tuple(one for one, about in infos.items() if about["features"]) or tuple(infos),
        _name=name,
        _source=source,
        _encoding=encoding,
        _options=form.options,
    )


def _chosen(
    name: str, infos: Mapping[str, Mapping[str, object]], layer: str | None, *, first_layer: bool
) -> str:
    """The layer that is meant."""
    if not infos:
        raise TableProblem(f"{name} cannot be read: it has no layer with data.", "file_without_layers")
    if layer is not None:
        if layer not in infos:
            raise TableProblem(
                f"{name} cannot be read: it has no layer {layer}, but {', '.join(infos)}.",
                "file_without_layer",
            )
        return layer
    filled = [one for one, info in infos.items() if info["features"]] or list(infos)
    if len(filled) > 1 and not first_layer:
        raise TableProblem(
            f"{name} has several layers; choose one with --layer: {', '.join(filled)}.", "file_with_layers"
        )
    return filled[0]


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
