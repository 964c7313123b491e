"""Cells as rows of a table, for people who cannot see the map: location in words, and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from django.utils.translation import gettext as _

from mapping.geo.crs import laea_to_lonlat
from mapping.models import Campaign, Category
from mapping.places.words import words_of
from mapping.reports.cells import Named, ShownCell

_MOST_NAMES: Final = 3
_LEAST_SHARE: Final = 0.05
"""Least share of an area; a district that covers less is not used to describe its location."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """A cell in a table; `category` is the one with most contributions in it, if known."""

    rank: int
    cell: ShownCell
    place: str
    category: Category | None = None

    @property
    def square_kilometres(self) -> float:
        """The area of the cell."""
        return float(shapely.area(self.cell.outline)) / 1e6


def cell_rows(
    campaign: Campaign, cells: Sequence[ShownCell], leading: Mapping[str, Category] | None = None
) -> list[CellRow]:
    """Rows of cells in the given order. `leading` is the category with most contributions by the cell's id."""
    centres = shapely.get_coordinates([shapely.point_on_surface(cell.outline) for cell in cells])
    places = [(lon, lat) for lon, lat in laea_to_lonlat(centres).tolist()] if cells else []
    found = words_of(places, campaign.district_layer_id)
    return [
        CellRow(rank, cell, cell.name or words.words, (leading or {}).get(cell.id))
        for rank, (cell, words) in enumerate(zip(cells, found, strict=True), start=1)
    ]


def area_rows(cells: Sequence[ShownCell], districts: Sequence[Named]) -> list[CellRow]:
    """Rows of areas that may cover whole parts of the city: each is described by the districts that it covers most."""
    return [
        CellRow(rank, cell, _covered(cell.outline, districts)) for rank, cell in enumerate(cells, start=1)
    ]


def _covered(outline: shapely.Geometry, districts: Sequence[Named]) -> str:
    shares = [
        (float(shapely.area(shapely.intersection(one.outline, outline))), one.name)
        for one in districts
        if shapely.intersects(one.outline, outline)
    ]
    large = [
        name
        for share, name in sorted(shares, reverse=True)
        if share > _LEAST_SHARE * float(shapely.area(outline))
    ]
    names = ", ".join(large[:_MOST_NAMES])
    return _("%(names)s and more") % {"names": names} if len(large) > _MOST_NAMES else names
