"""Preview of a file before import: its layers, fields, first rows, bounds and CRS."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from mapping.geo.text import cell_text
from mapping.imports.problems import TableProblem
from mapping.imports.reading.columns import guessed, guessed_crs
from mapping.imports.reading.dates import LOOKED_AT, DateProblem, dates_of, zone_of
from mapping.imports.reading.rows import Row, Table
from mapping.imports.reading.uploads import Upload
from mapping.planning.imports.form import LAT_FIRST, LON_FIRST, Given, problem_sentence

MOST_PLACES: Final = 2_000
"""Most places on the preview map."""

_ROWS: Final = 8
_COLUMNS: Final = 40
_LONGEST: Final = 80
_MOST_VERTICES: Final = 60_000
MOST_VALUES: Final = 100
"""Most distinct values of a category field; with more the field is no category."""


_TYPES: Final = {
    "Point": _("Points"),
    "MultiPoint": _("Points"),
    "LineString": _("Lines"),
    "MultiLineString": _("Lines"),
    "Polygon": _("Areas"),
    "MultiPolygon": _("Areas"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """A preview for the page; `crs` is that of the file, `is_from_columns` is true for points made from two fields.

    `header`, `heads`, `place_field` and `lat_first` as in `rows.Table`; `date_example` shows the first parsed date,
    `date_problem` the reason if it cannot be parsed.
    """

    fields: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]
    count: int
    layer: str
    layers: Sequence[str]
    crs: str
    has_geometries: bool
    is_from_columns: bool
    placed: int
    unplaced: int
    looked_at: int
    kinds: Sequence[tuple[str, int]]
    bounds: Sequence[float] | None
    header: int | None
    heads: Sequence[str]
    place_field: str | None
    lat_first: bool | None
    date_example: str
    date_problem: str
    values: Sequence[tuple[str, int]] = field(default_factory=tuple)

    @property
    def hidden_columns(self) -> int:
        """The number of columns that the table does not show."""
        return len(self.fields) - len(self.columns)


def preview_of(upload: Upload, given: Given) -> Preview:
    """Read the first rows; raises TableProblem for an unreadable file."""
    with upload.opened(given.reading()) as table:
        rows = first_rows(table, given)
        found = [row.geometry for row in rows if row.geometry is not None]
        kinds = Counter(str(_TYPES.get(one.geom_type, one.geom_type)) for one in found)
        columns = table.fields[:_COLUMNS]
        lon, lat = columns_of(table, given)
        date_example, date_problem = _dates(table, given)
        return Preview(
            fields=table.fields,
            columns=columns,
            rows=[(row.number, [_short(row.fields.get(name)) for name in columns]) for row in rows[:_ROWS]],
            count=table.count,
            layer=table.layer,
            layers=table.layers,
            crs=_crs_name(table),
            has_geometries=table.has_geometries,
            is_from_columns=bool(lon and lat),
            placed=len(found),
            unplaced=len(rows) - len(found),
            looked_at=len(rows),
            kinds=kinds.most_common(),
            bounds=_bounds(found),
            header=table.header,
            heads=table.heads,
            place_field=table.place_field,
            lat_first=table.lat_first,
            date_example=date_example,
            date_problem=date_problem,
            values=_values(table, given.name("category_field")),
        )


def first_rows(table: Table, given: Given) -> list[Row]:
    """The first rows, with places read according to the form."""
    lon, lat = columns_of(table, given)
    batches = table.rows(crs=given.crs(), lon_field=lon, lat_field=lat, drop_heights=True, most=MOST_PLACES)
    return [row for batch in batches for row in batch]


def columns_of(table: Table, given: Given) -> tuple[str | None, str | None]:
    """The two fields with coordinates; None if one of them is missing or not in this layer."""
    lon, lat = given.name("lon"), given.name("lat")
    if lon in table.fields and lat in table.fields:
        return lon, lat
    return None, None


def guesses_of(table: Table) -> dict[str, list[str]]:
    """Initial values of the form for a new upload: header, coordinates and CRS."""
    guesses: dict[str, str | None] = {"layer": table.layer, "drop_heights": "1"}
    guesses["header"] = None if table.header is None else str(table.header)
    guesses["place_field"] = table.place_field
    if table.lat_first is not None:
        guesses["place_order"] = LAT_FIRST if table.lat_first else LON_FIRST
    if table.has_geometries:
        if table.crs is None:
            guesses["crs"] = _guessed_from_places(table)
    else:
        lon, lat = guessed("lon", table.fields), guessed("lat", table.fields)
        if lon and lat and lon != lat:
            fields = [row.fields for batch in table.rows(most=200) for row in batch]
            guesses |= {"lon": lon, "lat": lat}
            guesses["crs"] = guessed_crs([one[lon] for one in fields], [one[lat] for one in fields])
    return {name: [value] for name, value in guesses.items() if value}


def features_of(upload: Upload, given: Given) -> dict[str, object]:
    """The first places as GeoJSON (degrees), simplified to the resolution of the map; raises TableProblem."""
    with upload.opened(given.reading()) as table:
        rows = [row for row in first_rows(table, given) if row.geometry is not None]
    geometries = np.array([row.geometry for row in rows], dtype=object)
    bounds = _bounds([row.geometry for row in rows if row.geometry is not None])
    if bounds is None:
        return {"type": "FeatureCollection", "features": []}
    # Half a pixel of a map of 1,000 pixels.
    tolerance = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) / 2_000
    simple = shapely.simplify(geometries, tolerance, preserve_topology=False)
    features: list[Mapping[str, object]] = []
    vertices = 0
    for row, shape in zip(rows, simple.tolist(), strict=True):
        geometry = row.geometry if shape is None or shape.is_empty else shape
        vertices += int(shapely.get_num_coordinates(geometry))
        if vertices > _MOST_VERTICES or geometry is None or not _is_on_earth(geometry):
            continue
        rounded = shapely.transform(geometry, lambda positions: np.round(positions, 5))
        features.append(
            {
                "type": "Feature",
                "id": row.number,
                "geometry": shapely.geometry.mapping(rounded),
                "properties": {"row": row.number},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _guessed_from_places(table: Table) -> str | None:
    rows = [row.geometry for batch in table.rows(crs=None, drop_heights=True, most=200) for row in batch]
    middles = shapely.get_coordinates(shapely.point_on_surface([one for one in rows if one is not None]))
    return guessed_crs(middles[:, 0].tolist(), middles[:, 1].tolist())


def _dates(table: Table, given: Given) -> tuple[str, str]:
    """The first parsed date of the chosen field, or the reason if it cannot be parsed."""
    name = given.name("time_field")
    if name not in table.fields:
        return "", ""
    cells = list(table.values(name, LOOKED_AT))
    try:
        dates = dates_of(cells, given.date_form(), zone_of(given.name("time_zone")))
    except TableProblem as problem:
        return "", problem_sentence(problem) if problem.code == "dates_ambiguous" else ""
    for cell in cells:
        with suppress(DateProblem):
            moment, _note = dates.moment_of(cell)
            words = localize(timezone.localtime(moment))
            return gettext("“%(cell)s” is read as %(moment)s.") % {"cell": _short(cell), "moment": words}, ""
    return "", ""


def _values(table: Table, name: str | None) -> list[tuple[str, int]]:
    if name is None or name not in table.fields:
        return []
    counted = Counter(cell_text(value) for value in table.values(name))
    counted.pop("", None)
    return counted.most_common(MOST_VALUES + 1)[: MOST_VALUES + 1]


def _crs_name(table: Table) -> str:
    if table.crs is None:
        return ""
    authority = table.crs.to_authority()
    return f"{':'.join(authority)} ({table.crs.name})" if authority else table.crs.name


def _bounds(found: Sequence[BaseGeometry]) -> list[float] | None:
    """West, south, east, north of the valid positions."""
    sound = [one for one in found if _is_on_earth(one)]
    if not sound:
        return None
    west, south, east, north = (float(one) for one in shapely.total_bounds(np.array(sound, dtype=object)))
    return [west, south, east, north]


def _is_on_earth(geometry: BaseGeometry) -> bool:
    west, south, east, north = geometry.bounds
    return -180 <= west <= east <= 180 and -90 <= south <= north <= 90


def _short(value: object) -> str:
    written = cell_text(value)[: _LONGEST + 1]
    return written if len(written) <= _LONGEST else f"{written[:_LONGEST]}…"
