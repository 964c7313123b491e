"""Layers of GIS files (GeoJSON, GeoPackage, Shapefile, KML ...), read by GDAL (pyogrio).

Only the file's own content is read. GDAL would also follow references to other files and servers (its virtual file
systems, VRT, GDALG pipelines inside JSON, sidecar files); therefore the ending and the first bytes of the content must
agree (`formats`, `inspection`), the file is opened under a neutral name in a folder of its own (`unpacking`), and text
formats only by their own driver.
"""

import json
import math
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import numpy as np
import numpy.typing as npt
import pyogrio
import pyogrio.raw
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import parse_crs
from mapping.geo.errors import GeometryProblem
from mapping.imports.problems import TableProblem
from mapping.imports.reading.formats import Format
from mapping.imports.reading.rows import Batch, Reading, Table, chosen_layer, require_few
from mapping.imports.reading.shapes import Found, usable
from mapping.imports.reading.sheets.heads import names_of

_AT_ONCE: Final = 100_000
"""Rows that GDAL reads at once; some of its drivers restart from the top each time."""
_BATCH: Final = 5_000
_MOST_LAYERS: Final = 200
_PATH: Final = re.compile(r"(?<!\S)\S*/(?:table|rows|document)\.[a-zA-Z]+")

_Column = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class _Vectors:
    """The rows of one layer."""

    name: str
    address: str
    layer: str
    encoding: str | None
    options: Mapping[str, str]

    def batches(self, most: int, *, drop_heights: bool) -> Iterator[Batch]:
        for start in range(0, most, _AT_ONCE):
            wkb, columns = self._read(start, min(_AT_ONCE, most - start))
            length = len(columns[0]) if columns else (0 if wkb is None else len(wkb))
            for low in range(0, length, _BATCH):
                part = slice(low, low + _BATCH)
                size = min(_BATCH, length - low)
                yield Batch(
                    range(start + low + 1, start + low + size + 1),
                    [_plain(column[part]) for column in columns],
                    [None] * size if wkb is None else _geometries(wkb[part], drop_heights=drop_heights),
                )

    def values(self, index: int, most: int) -> Iterator[object]:
        # By index: names may occur twice.
        _, columns = self._read(0, most, with_places=False)
        yield from (_plain(columns[index]) if columns else ())

    def _read(
        self, start: int, length: int, *, with_places: bool = True
    ) -> tuple[npt.NDArray[np.object_] | None, list[_Column]]:
        with one_sentence(self.name):
            _, _, wkb, columns = pyogrio.raw.read(
                self.address,
                layer=self.layer,
                encoding=self.encoding,
                skip_features=start,
                max_features=length,
                read_geometry=with_places,
                datetime_as_string=True,
                **self.options,
            )
        return wkb, columns


def open_layer(name: str, address: str, form: Format, reading: Reading, *, first_layer: bool) -> Table:
    """Open a layer of a file as a table; raises TableProblem for no layer or an ambiguous choice."""
    with one_sentence(name):
        infos = {
            str(found): pyogrio.read_info(
                address, layer=str(found), encoding=reading.encoding, force_feature_count=True, **form.options
            )
            for found, _ in pyogrio.list_layers(address)[:_MOST_LAYERS]
        }
    filled = tuple(one for one, about in infos.items() if about["features"])
    layer = chosen_layer(name, tuple(infos), filled, reading.layer, first=first_layer)
    info = infos[layer]
    if info["driver"] != form.driver:
        raise TableProblem(
            f"{name} holds {info['driver']}, not {form.driver} as its ending says.",
            "file_other_content",
            driver=form.title,
        )
    require_few(name, len(info["fields"]))
    try:
        crs = parse_crs(info["crs"]) if info["crs"] else None
    except GeometryProblem as problem:
        raise TableProblem(
            f"The coordinate reference system of {name} cannot be used: {problem}", "file_crs_unusable"
        ) from problem
    return Table(
        fields=names_of(info["fields"].tolist(), len(info["fields"]), "field_"),
        has_geometries=info["geometry_type"] is not None,
        crs=crs,
        count=int(info["features"]),
        layer=layer,
        layers=filled or tuple(infos),
        source=_Vectors(name, address, layer, reading.encoding, form.options),
    )


@contextmanager
def one_sentence(name: str) -> Iterator[None]:
    """Turn GDAL's errors into TableProblem; its warnings are silenced, as the checks of rows report them better."""
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


def _plain(column: _Column) -> list[object]:
    """A column as Python values, missing ones as None.

    Whole numbers become integers: a column of integers with gaps arrives as floats, and an id must not depend on gaps.
    """
    return [_plain_value(value) for value in column.tolist()]


def _plain_value(value: object) -> object:
    """Times of day as `22:30`, lists as JSON text."""
    if isinstance(value, time):
        return value.isoformat("auto" if value.second or value.microsecond else "minutes")
    if isinstance(value, np.ndarray):
        return json.dumps(value.tolist(), ensure_ascii=False)
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    return value if isinstance(value, str | int | date | datetime) else None


def _geometries(wkb: npt.NDArray[np.object_], *, drop_heights: bool) -> list[Found]:
    read = shapely.from_wkb(wkb, on_invalid="ignore")
    return [
        _geometry(geometry, drop_heights=drop_heights, was_there=raw is not None)
        for geometry, raw in zip(read.tolist(), wkb, strict=True)
    ]


def _geometry(geometry: BaseGeometry | None, *, drop_heights: bool, was_there: bool) -> Found:
    if geometry is None:
        return GeometryProblem("invalid_geometry", reason="it cannot be read") if was_there else None
    return usable(geometry, drop_heights=drop_heights)
