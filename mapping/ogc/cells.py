"""Items of the collection of cells: a heat map counted for the request, or the release of a protected campaign."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.translation import gettext_lazy as _

from mapping.aggregation.heatmap import Heatmap, heatmap
from mapping.aggregation.publication import ReleasedCell, current_release
from mapping.aggregation.query import Grid, HeatmapProblem, HeatmapQuery
from mapping.exports import release as released
from mapping.exports.cells import cell_outlines
from mapping.exports.fields import Field
from mapping.exports.heatmap import feature_texts
from mapping.exports.paging import Key
from mapping.geo.crs import to_lonlat
from mapping.geo.grid import Cell
from mapping.geo.hexagon import Hexagon
from mapping.models import Campaign, District
from mapping.ogc.crs import Crs
from mapping.ogc.features import Items

CONTRIBUTIONS: Final = Field("contributions", _("Contributions"), "integer", minimum=0, is_always_there=True)
HEATMAP_FIELDS: Final = (
    CONTRIBUTIONS,
    Field("participants", _("Participants"), "integer", minimum=0, is_always_there=True),
)
RELEASE_FIELDS: Final = (
    CONTRIBUTIONS,
    Field("participants_at_least", _("Participants, at least"), "integer", minimum=0, is_always_there=True),
    Field("size", _("Edge of a square"), "integer", unit="m", minimum=100, is_always_there=True),
)


def heatmap_items(
    query: HeatmapQuery, box: GEOSGeometry | None, limit: int, crs: Crs, after: tuple[Key, ...] | None
) -> Items:
    """One page of a heat map's cells, by key; raises HeatmapProblem."""
    found = heatmap(query)
    if box is not None:
        found = _meeting(found, box)
    rows = found.rows
    if after is not None:
        rows = tuple(row for row in rows if row[0] > int(after[0] or 0))
    page = replace(found, rows=rows[:limit])
    texts = list(feature_texts(page, crs.epsg, northing_first=crs.northing_first))
    end = (page.rows[-1][0],) if len(rows) > limit else None
    return Items(texts, len(found.rows), end)


def release_items(
    campaign: Campaign, box: GEOSGeometry | None, limit: int, crs: Crs, after: tuple[Key, ...] | None
) -> Items:
    """One page of the cells that everyone may see of a protected campaign; a link leads on within one release only."""
    release = current_release(campaign)
    if release is None:
        return Items([], 0, None)
    cells: list[ReleasedCell] = list(release.cells)
    if box is not None:
        area = shapely.from_wkb(bytes(box.wkb))
        cells = [cell for cell in cells if shapely.intersects(to_lonlat(released.outline(cell)), area)]
    number, first = (release.number, 0) if after is None else (int(after[0] or 0), int(after[1] or 0))
    if number != release.number:
        raise HeatmapProblem("release_changed", parameter="cursor")
    page = cells[first : first + limit]
    texts = [released.feature_text(cell, crs.epsg, northing_first=crs.northing_first) for cell in page]
    end = (release.number, first + limit) if first + limit < len(cells) else None
    return Items(texts, len(cells), end)


def heatmap_item(campaign: Campaign, cell: str, crs: Crs) -> str | None:
    """The cell of an id in the heat map without filters, or None."""
    named = _named(cell)
    if named is None:
        return None
    grid, size, key = named
    found = heatmap(HeatmapQuery(campaign.pk, size=size, grid=grid))
    rows = tuple(row for row in found.rows if row[0] == key)
    texts = feature_texts(replace(found, rows=rows), crs.epsg, northing_first=crs.northing_first)
    return next(texts, None)


def release_item(campaign: Campaign, cell: str, crs: Crs) -> str | None:
    """The released cell of an id, or None."""
    release = current_release(campaign)
    for known in () if release is None else release.cells:
        if known.id == cell:
            return released.feature_text(known, crs.epsg, northing_first=crs.northing_first)
    return None


def _named(cell: str) -> tuple[Grid, int, int] | None:
    try:
        square = Cell.parse(cell)
    except ValueError:
        try:
            hexagon = Hexagon.parse(cell)
        except ValueError:
            return None
        return "hexagon", hexagon.size, hexagon.key
    return "square", square.size, square.key


def _meeting(found: Heatmap, box: GEOSGeometry) -> Heatmap:
    """The cells that touch a box."""
    area = shapely.from_wkb(bytes(box.wkb))
    keys = np.array([row[0] for row in found.rows], dtype=np.int64)
    if found.grid == "district":
        outlines = dict(District.objects.filter(pk__in=keys.tolist()).values_list("pk", "geom"))
        meets = [
            key in outlines and area.intersects(shapely.from_wkb(bytes(outlines[key].wkb))) for key in keys
        ]
    else:
        meets = shapely.intersects(cell_outlines(found.grid, found.size, keys), area).tolist()
    return replace(found, rows=tuple(row for row, is_met in zip(found.rows, meets, strict=True) if is_met))
