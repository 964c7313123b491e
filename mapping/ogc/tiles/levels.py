"""The level from which on tiles of contributions hold single contributions instead of cells.

The level is the same all over a campaign: the first at which no tile holds more than `MOST_FEATURES`, as estimated
from the 100 m cells of the tally.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from django.db.models import Sum

from mapping.aggregation.tally import TOTALS
from mapping.geo.crs import LAEA, transform_positions
from mapping.geo.grid import BASE_SIZE, KEY_FACTOR, SIZES
from mapping.models import Campaign, Tally
from mapping.models.footprint import EVERYWHERE
from mapping.ogc.tiles.matrix import MATRIX_SETS, TileMatrixSet

MOST_FEATURES: Final = 5_000
"""Most features in one tile: some 300 kB, which a map draws without delay."""
LAST_LEVEL: Final = 18
"""Maps overzoom beyond this level, whose pixels are less than a metre."""
_PIXELS_OF_A_CELL: Final = 10
_NORTHERNMOST: Final = 55.0
"""Latitude at which pixels of Web Mercator are measured; they are the larger on the ground, the further south."""
_STEPS: Final = 50
"""The level is recomputed when a campaign has grown or shrunk by about one n-th."""


def first_level_of_features(campaign: Campaign, statuses: tuple[str, ...], matrix_set: TileMatrixSet) -> int:
    """The first level whose tiles hold contributions; the deepest one at the latest."""
    chosen = tuple(sorted(statuses))
    rows = Tally.objects.with_status(chosen)
    rows = rows.filter(campaign_id=campaign.pk, level=TOTALS, cell=EVERYWHERE)
    total = rows.aggregate(total=Sum("contributions"))["total"] or 0
    if total <= MOST_FEATURES:
        return 0
    step = max(1, total // _STEPS)
    return _first_level(campaign.pk, chosen, matrix_set.id, MOST_FEATURES, total // step * step)


@lru_cache(maxsize=512)
def _first_level(
    campaign_id: int, statuses: tuple[str, ...], matrix_set_id: str, most: int, _about_total: int
) -> int:
    matrix_set = MATRIX_SETS[matrix_set_id]
    deepest = min(LAST_LEVEL, matrix_set.levels - 1)
    rows = Tally.objects.with_status(statuses)
    rows = rows.filter(campaign_id=campaign_id, level=SIZES.index(BASE_SIZE))
    counted = np.array(list(rows.values_list("cell", "contributions")), dtype=np.int64).reshape(-1, 2)
    keys, numbers = counted.T
    middles = (np.column_stack([keys % KEY_FACTOR, keys // KEY_FACTOR]) + 0.5) * BASE_SIZE
    x, y = transform_positions(middles.astype(np.float64), LAEA, matrix_set.epsg).T
    edge = matrix_set.edge / float(2**deepest)
    columns = ((x - matrix_set.west) // edge).astype(np.int64)
    lines = ((matrix_set.north - y) // edge).astype(np.int64)
    for level in range(deepest):
        shift = deepest - level
        _tiles, tile = np.unique((lines >> shift) << 32 | columns >> shift, return_inverse=True)
        if np.bincount(tile, weights=numbers).max(initial=0) <= most:
            return level
    return deepest


def cell_size(level: int, matrix_set: TileMatrixSet) -> int:
    """The edge, in metres, of the cells of a level: wide enough to be visible, at most the largest size."""
    pixel = matrix_set.metres(level, _NORTHERNMOST) / 256
    return next((size for size in SIZES if size >= pixel * _PIXELS_OF_A_CELL), SIZES[-1])
