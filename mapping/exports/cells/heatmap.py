"""Heat maps as text: GeoJSON in several CRS, CSV, and a compact JSON form for maps that draw the cells themselves.

Cells are written as their official or own ids (`geo.grid.Cell.id`, `geo.hexagon.Hexagon.id`), districts by code.
Finished text is several times faster than objects and json: neighbours share their written corners.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import shapely

from mapping.aggregation.heatmap.counts import Heatmap, Row, Totals
from mapping.aggregation.heatmap.query import MEASURES_WITH_VALUES
from mapping.exports.cells.outlines import CRS, cell_ids, cell_places, cell_rings, rounded_in
from mapping.geo.crs import LAEA, WGS84, transform_geometry
from mapping.geo.formulas import guarded
from mapping.models import District

_CONTENT_CRS: Final = "<http://www.opengis.net/def/crs/EPSG/0/{code}>"
_CRS84: Final = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"


def content_crs(crs: int) -> str:
    """Write the header `Content-Crs` (OGC API Features part 2, 18-058r1, section 6.4)."""
    return _CRS84 if crs == WGS84 else _CONTENT_CRS.format(code=crs)


def as_compact(heatmap: Heatmap) -> dict[str, Any]:
    """`compact_text` as an object."""
    compact: dict[str, Any] = json.loads(compact_text(heatmap))
    return compact


def compact_text(heatmap: Heatmap) -> str:
    """Write the compact JSON form, for maps that draw the cells themselves.

    Squares are `[east, north, ...]` in metres, hexagons `[column, row, ...]`, districts `[code, ...]`; then
    contributions, participants, and the value where the measure has one.
    """
    head = f'"grid":"{heatmap.grid}","size":{heatmap.size},"crs":{LAEA}'
    if heatmap.measure in MEASURES_WITH_VALUES:
        rows = [f"[{place},{row[1]},{row[2]},{json.dumps(row[-1])}]" for place, row in _places(heatmap)]
    else:
        rows = [f"[{place},{row[1]},{row[2]}]" for place, row in _places(heatmap)]
    cells = ",".join(rows)
    return f'{{{head},"cells":[{cells}],"totals":{_totals_text(heatmap.totals)}}}'


def as_geojson(heatmap: Heatmap, crs: int = WGS84) -> dict[str, Any]:
    """The heat map as a GeoJSON FeatureCollection."""
    collection: dict[str, Any] = json.loads(geojson_text(heatmap, crs))
    return collection


def geojson_text(heatmap: Heatmap, crs: int = WGS84) -> str:
    """Write a FeatureCollection with `totals` beside the features; raises ValueError for a CRS not in `CRS`.

    In degrees it is RFC 7946. Other CRS are named by the member `crs` of the older specification (GeoJSON 2008, section
    3), which GDAL and QGIS read; axes are always east, north.
    """
    if crs not in CRS:
        raise ValueError(f"Heat maps are not written in EPSG:{crs}.")
    features = ",".join(feature_texts(heatmap, crs))
    name = f"urn:ogc:def:crs:EPSG::{crs}"
    member = "" if crs == WGS84 else f'"crs":{{"type":"name","properties":{{"name":"{name}"}}}},'
    totals = _totals_text(heatmap.totals)
    return f'{{"type":"FeatureCollection",{member}"features":[{features}],"totals":{totals}}}'


def feature_texts(heatmap: Heatmap, crs: int = WGS84, *, northing_first: bool = False) -> Iterator[str]:
    """Write each cell as a feature, in the order of the rows; see `cells.cell_rings` for `northing_first`."""
    if heatmap.grid == "district":
        return _district_features(heatmap, crs, northing_first=northing_first)
    return _cell_features(heatmap, crs, northing_first=northing_first)


def csv_text(heatmap: Heatmap) -> str:
    """Write a table (RFC 4180) with the ids of cells, or codes and names of districts, that joins to other tables."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    is_district = heatmap.grid == "district"
    has_values = heatmap.measure in MEASURES_WITH_VALUES
    names = ("id", "name") if is_district else ("id",)
    writer.writerow((*names, "contributions", "participants", *(("value",) if has_values else ())))
    districts = _districts(heatmap) if is_district else {}
    for row, cell in zip(heatmap.rows, heatmap_ids(heatmap), strict=True):
        if is_district:
            found = districts.get(row[0])
            writer.writerow((guarded(cell), guarded(found.name if found else ""), *row[1:]))
        else:
            writer.writerow((cell, *row[1:]))
    return table.getvalue()


def _totals_text(totals: Totals) -> str:
    return (
        f'{{"contributions":{totals.contributions},"participants":{totals.participants},'
        f'"unlocated":{totals.unlocated}}}'
    )


def _places(heatmap: Heatmap) -> Iterator[tuple[str, Row]]:
    if heatmap.grid == "district":
        districts = _districts(heatmap)
        return ((json.dumps(districts[row[0]].code), row) for row in heatmap.rows if row[0] in districts)
    places = cell_places(heatmap.grid, heatmap.size, (row[0] for row in heatmap.rows))
    return zip(places, heatmap.rows, strict=True)


def heatmap_ids(heatmap: Heatmap) -> Iterable[str]:
    """The id of each cell, in the order of the rows."""
    if heatmap.grid != "district":
        return cell_ids(heatmap.grid, heatmap.size, (row[0] for row in heatmap.rows))
    districts = _districts(heatmap)
    return (districts[row[0]].code if row[0] in districts else str(row[0]) for row in heatmap.rows)


def _properties(row: Row) -> str:
    value = f',"value":{json.dumps(row[3])}' if len(row) == 4 else ""
    return f'"contributions":{row[1]},"participants":{row[2]}{value}'


def _cell_features(heatmap: Heatmap, crs: int, *, northing_first: bool) -> Iterator[str]:
    keys = (row[0] for row in heatmap.rows)
    rings = cell_rings(heatmap.grid, heatmap.size, keys, crs, northing_first=northing_first)
    for cell, row, ring in zip(heatmap_ids(heatmap), heatmap.rows, rings, strict=True):
        yield (
            f'{{"type":"Feature","id":"{cell}","geometry":{{"type":"Polygon","coordinates":[[{ring}]]}},'
            f'"properties":{{{_properties(row)}}}}}'
        )


def _district_features(heatmap: Heatmap, crs: int, *, northing_first: bool) -> Iterator[str]:
    districts = _districts(heatmap)
    for row in heatmap.rows:
        district = districts.get(row[0])
        if district is None:  # replaced by an import while we counted
            continue
        area = transform_geometry(shapely.from_wkb(bytes(district.geom.wkb)), WGS84, crs)
        rounded = rounded_in(area, crs, northing_first=northing_first)
        code, name = json.dumps(district.code), json.dumps(district.name)
        yield (
            f'{{"type":"Feature","id":{code},"geometry":{shapely.to_geojson(rounded)},'
            f'"properties":{{"code":{code},"name":{name},{_properties(row)}}}}}'
        )


def _districts(heatmap: Heatmap) -> dict[int, District]:
    return District.objects.in_bulk([row[0] for row in heatmap.rows])
