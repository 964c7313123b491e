"""Cells as rows of a table, for people who do not see the map: where each lies, in words, and what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from django.utils.translation import gettext as _

from mapping.aggregation.surroundings import Surroundings, surroundings_of
from mapping.geo.crs import laea_to_lonlat
from mapping.models import Campaign, Category
from mapping.reports.cells import ShownCell


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell in a table; `category` is the one with most contributions in it, where that is known."""

    rank: int
    cell: ShownCell
    place: str
    category: Category | None = None


def cell_rows(
    campaign: Campaign, cells: Sequence[ShownCell], leading: Mapping[str, Category] | None = None
) -> list[CellRow]:
    """Rows of cells in the order given. `leading` names the category with most contributions by the cell's id."""
    centres = shapely.get_coordinates([shapely.point_on_surface(cell.outline) for cell in cells])
    places = [(lon, lat) for lon, lat in laea_to_lonlat(centres).tolist()] if cells else []
    found = surroundings_of(places, campaign.district_layer_id)
    return [
        CellRow(rank, cell, cell.name or _in_words(around), (leading or {}).get(cell.id))
        for rank, (cell, around) in enumerate(zip(cells, found, strict=True), start=1)
    ]


def _in_words(around: Surroundings) -> str:
    if around.address and around.district:
        return _("near %(address)s, %(district)s") % {"address": around.address, "district": around.district}
    if around.address:
        return _("near %(address)s") % {"address": around.address}
    return around.district
