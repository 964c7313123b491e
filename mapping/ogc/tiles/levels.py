"""At which levels a tile of contributions holds cells, and from which on the contributions themselves.

The level is the same all over a campaign: the first at which no tile can hold more than `MOST_FEATURES`, by what the
tally knows of its fullest cells.
"""

from __future__ import annotations

import math
from typing import Final

from django.db.models import Max

from mapping.aggregation.tally import TOTALS
from mapping.geo.grid import SIZES
from mapping.models import Campaign, Tally
from mapping.models.footprint import EVERYWHERE, STATUS_CODES
from mapping.ogc.tiles.matrix import TileMatrixSet

MOST_FEATURES: Final = 5_000
"""In one tile: some 300 kB, and what a map draws without a pause."""
LAST_LEVEL: Final = 18
"""Maps draw it larger where they zoom in further; its pixels are less than a metre."""
_PIXELS_OF_A_CELL: Final = 10
_NORTHERNMOST: Final = 55.0
"""Latitude at which pixels of Web Mercator are measured; they are the larger on the ground, the further south."""
_SOUTHERNMOST: Final = 35.0


def fullest_cells(campaign: Campaign, statuses: tuple[str, ...]) -> dict[float, int]:
    """The most contributions in one cell of each size, by size in metres; all of them lie in one of endless size."""
    rows = Tally.objects.filter(campaign_id=campaign.pk, status__in=[STATUS_CODES[one] for one in statuses])
    cells = rows.exclude(level=TOTALS, cell__lt=EVERYWHERE)
    most = cells.values_list("level").annotate(most=Max("contributions"))
    sizes = (*SIZES, math.inf)
    return {sizes[level]: number * len(statuses) for level, number in most}


def first_level_of_features(fullest: dict[float, int], matrix_set: TileMatrixSet) -> int:
    """The first level whose tiles hold contributions; `LAST_LEVEL` at the latest."""
    for level in range(min(LAST_LEVEL + 1, matrix_set.levels)):
        edge = matrix_set.metres(level, _SOUTHERNMOST)
        # A tile meets at most so many cells of a size, each as full as the fullest.
        most = min((number * _cells_met(edge, size) for size, number in fullest.items()), default=0)
        if most <= MOST_FEATURES:
            return level
    return min(LAST_LEVEL, matrix_set.levels - 1)


def _cells_met(edge: float, size: float) -> int:
    return 1 if math.isinf(size) else (math.ceil(edge / size) + 1) ** 2


def cell_size(level: int, matrix_set: TileMatrixSet) -> int:
    """The edge, in metres, of the cells of a level: wide enough to be seen, and no wider than there are."""
    pixel = matrix_set.metres(level, _NORTHERNMOST) / 256
    return next((size for size in SIZES if size >= pixel * _PIXELS_OF_A_CELL), SIZES[-1])
