"""Binary spatial weights, as sparse matrices of shape (n, n) with ones at neighbours.

No place is its own neighbour here; `with_self` adds that for statistics that require it (the star of Gi*).
Cells of one grid are neighbours by the distance of their centres, which is exact because a grid is regular:
squares that share an edge or a corner (queen contiguity) lie at most 1.42 edges apart and the next ones 2,
hexagons that share an edge lie 1.74 edges apart and the next ones 3.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.sparse
import shapely
from scipy.spatial import cKDTree

QUEEN_OF_SQUARES: Final = 1.7
"""Edges between the centres of squares that touch, rounded up to between the first and the second ring."""

QUEEN_OF_HEXAGONS: Final = 2.3
"""Edges between the centres of hexagons that touch, rounded up likewise."""

MOST_PAIRS: Final = 3_000_000
"""Pairs of neighbours that are held in memory at once (12 bytes each)."""

_GAP: Final = 1.0
"""Metres between areas that still count as touching: borders that two offices drew rarely meet exactly."""

_ROUNDING: Final = 1e-6
"""Metres that a distance computed from coordinates of some million metres may be too long."""


class TooManyPairs(ValueError):
    """The distance makes more than `MOST_PAIRS` pairs of neighbours."""


def within(centres: npt.NDArray[np.float64], band: float) -> scipy.sparse.csr_array:
    """Neighbours whose centres lie at most `band` metres apart; `centres` has shape (n, 2), EPSG:3035.

    Raises TooManyPairs before any of them is made.
    """
    if not len(centres):
        return _matrix(np.zeros((0, 2), dtype=np.int64), 0)
    tree = cKDTree(centres)
    reach = band + _ROUNDING
    # The tree counts ordered pairs and every place with itself.
    if int(tree.count_neighbors(tree, reach)) - len(centres) > MOST_PAIRS:
        raise TooManyPairs
    return _matrix(tree.query_pairs(reach, output_type="ndarray"), len(centres))


def nearest(centres: npt.NDArray[np.float64]) -> float:
    """The smallest distance in metres at which every place has a neighbour; 0 for less than two places."""
    if len(centres) < 2:
        return 0.0
    distances, _places = cKDTree(centres).query(centres, k=2)
    return float(distances[:, 1].max())


def touching(areas: npt.NDArray[np.object_]) -> scipy.sparse.csr_array:
    """Neighbours that share a border or a corner; `areas` are valid shapely (multi)polygons in EPSG:3035.

    Borders at most one metre apart count as shared.
    """
    if not len(areas):
        return _matrix(np.zeros((0, 2), dtype=np.int64), 0)
    one, other = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=_GAP)
    pairs = np.column_stack([one, other])
    return _matrix(pairs[one < other], len(areas))


def with_self(weights: scipy.sparse.csr_array) -> scipy.sparse.csr_array:
    """Add each place as its own neighbour."""
    return scipy.sparse.csr_array(weights + scipy.sparse.identity(weights.shape[0], format="csr"))


def row_standardised(weights: scipy.sparse.csr_array) -> scipy.sparse.csr_array:
    """Every row divided by its sum, so that all places weigh the same; rows without neighbours stay zero."""
    sums = np.asarray(weights.sum(axis=1), dtype=np.float64).ravel()
    scale = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums > 0)
    return scipy.sparse.csr_array(scipy.sparse.diags_array(scale) @ weights)


def _matrix(pairs: npt.NDArray[np.int64], size: int) -> scipy.sparse.csr_array:
    """The symmetric matrix of pairs (each given once)."""
    rows = np.concatenate([pairs[:, 0], pairs[:, 1]])
    columns = np.concatenate([pairs[:, 1], pairs[:, 0]])
    ones = np.ones(len(rows), dtype=np.float64)
    return scipy.sparse.csr_array((ones, (rows, columns)), shape=(size, size))
