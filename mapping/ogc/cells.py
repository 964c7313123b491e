"""Items of the collection of cells: a heat map counted for the request, or the release of a protected campaign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

import numpy as np
import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mapping.aggregation.heatmap.counts import Heatmap, heatmap
from mapping.aggregation.heatmap.query import Grid, HeatmapQuery
from mapping.aggregation.releases.publication import ReleasedCell, current_release
from mapping.exports.cells import release as released
from mapping.exports.cells.heatmap import feature_texts, heatmap_ids
from mapping.exports.cells.outlines import cell_outlines
from mapping.exports.fields import Field
from mapping.exports.paging import Key
from mapping.filters.problems import QueryProblem
from mapping.geo.crs import to_lonlat
from mapping.geo.grid import Cell
from mapping.geo.hexagon import Hexagon
from mapping.models import Campaign, District
from mapping.ogc.cell_filter import CellRows, holding
from mapping.ogc.crs import Crs
from mapping.ogc.features import Items

CONTRIBUTIONS: Final = Field("contributions", _("Contributions"), "integer", minimum=0, is_always_there=True)
HEATMAP_FIELDS: Final = (
    CONTRIBUTIONS,
    Field("participants", _("Contributors"), "integer", minimum=0, is_always_there=True),
)
RELEASE_FIELDS: Final = (
    CONTRIBUTIONS,
    Field("participants_at_least", _("Contributors, at least"), "integer", minimum=0, is_always_there=True),
    Field("size", _("Edge of a square"), "integer", unit="m", minimum=100, is_always_there=True),
)


@dataclass(frozen=True)
class CellsQuery:
    """The requested cells and their form: those that intersect `box` and fulfil `condition` (on `cell_queryables`)."""

    limit: int
    crs: Crs
    box: GEOSGeometry | None = None
    condition: Q | None = None
    after: tuple[Key, ...] | None = None


def heatmap_items(counted: HeatmapQuery, query: CellsQuery) -> Items:
    """One page of a heat map's cells, by key; raises QueryProblem."""
    limit, crs, after = query.limit, query.crs, query.after
    found = heatmap(counted)
    if query.box is not None:
        found = _chosen(found, _meeting(_outlines(found), query.box))
    if query.condition is not None:
        numbers = {
            "contributions": [row[1] for row in found.rows],
            "participants": [row[2] for row in found.rows],
        }
        rows = CellRows([*heatmap_ids(found)], _outlines(found), numbers)
        found = _chosen(found, holding(query.condition, rows))
    left = found.rows if after is None else tuple(row for row in found.rows if row[0] > int(after[0] or 0))
    page = replace(found, rows=left[:limit])
    texts = list(feature_texts(page, crs.epsg, northing_first=crs.northing_first))
    end = (page.rows[-1][0],) if len(left) > limit else None
    return Items(texts, len(found.rows), end)


def release_items(campaign: Campaign, query: CellsQuery) -> Items:
    """One page of the public cells of a protected campaign; links to next pages are valid within one release only."""
    limit, crs, after = query.limit, query.crs, query.after
    release = current_release(campaign)
    if release is None:
        return Items([], 0, None)
    cells = _released(release.cells, query)
    number, first = (release.number, 0) if after is None else (int(after[0] or 0), int(after[1] or 0))
    if number != release.number:
        raise QueryProblem("release_changed", parameter="cursor")
    page = cells[first : first + limit]
    texts = [released.feature_text(cell, crs.epsg, northing_first=crs.northing_first) for cell in page]
    end = (release.number, first + limit) if first + limit < len(cells) else None
    return Items(texts, len(cells), end)


def heatmap_item(campaign: Campaign, cell: str, crs: Crs) -> str | None:
    """The cell of an id in the heat map without filters, or None; a district's code is the id of one, too."""
    named = _named(cell) or _district(campaign, cell)
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


def _district(campaign: Campaign, code: str) -> tuple[Grid, int, int] | None:
    if "\0" in code:  # PostgreSQL cannot even compare it
        return None
    key = District.objects.filter(layer=campaign.district_layer_id, code=code).values_list("pk", flat=True)
    return None if (found := key.first()) is None else ("district", HeatmapQuery(campaign.pk).size, found)


def _released(cells: Sequence[ReleasedCell], query: CellsQuery) -> list[ReleasedCell]:
    """The requested cells of a release."""
    chosen = [*cells]
    if query.box is not None:
        chosen = [*compress(chosen, _meeting([_place(cell) for cell in chosen], query.box))]
    if query.condition is not None:
        numbers = {
            "contributions": [cell.contributions for cell in chosen],
            "participants_at_least": [cell.participants_at_least for cell in chosen],
            "size": [cell.squares[0][2] for cell in chosen],
        }
        rows = CellRows([cell.id for cell in chosen], [_place(cell) for cell in chosen], numbers)
        chosen = [*compress(chosen, holding(query.condition, rows))]
    return chosen


def _place(cell: ReleasedCell) -> shapely.Geometry:
    return to_lonlat(released.outline(cell))


def _outlines(found: Heatmap) -> list[shapely.Geometry | None]:
    """The outline of each cell in EPSG:4326; None of a district that an import replaced meanwhile."""
    keys = np.array([row[0] for row in found.rows], dtype=np.int64)
    if found.grid != "district":
        return [*cell_outlines(found.grid, found.size, keys)]
    places = dict(District.objects.filter(pk__in=keys.tolist()).values_list("pk", "geom"))
    return [shapely.from_wkb(bytes(places[key].wkb)) if key in places else None for key in keys.tolist()]


def _meeting(outlines: Sequence[shapely.Geometry | None], box: GEOSGeometry) -> list[bool]:
    """Whether each outline intersects a box."""
    places = np.array(outlines, dtype=object)
    meets: list[bool] = shapely.intersects(places, shapely.from_wkb(bytes(box.wkb))).tolist()
    return meets


def _chosen(found: Heatmap, is_chosen: Iterable[bool]) -> Heatmap:
    return replace(found, rows=tuple(compress(found.rows, is_chosen)))
