"""Hot and cold spots: cells with more, or fewer, contributions than expected by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt
import scipy.sparse

from mapping.aggregation.heatmap.counts import Heatmap, Totals, heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.autocorrelation import Moran, getis_ord_gi_star, morans_i
from mapping.aggregation.statistics.frame import Frame, frame_of
from mapping.aggregation.statistics.significance import FEWEST_VOICES, benjamini_hochberg
from mapping.aggregation.statistics.tallied import shares_of_all
from mapping.aggregation.statistics.weights import (
    QUEEN_OF_HEXAGONS,
    QUEEN_OF_SQUARES,
    TooManyPairs,
    nearest,
    row_standardised,
    touching,
    with_self,
    within,
)
from mapping.filters.problems import QueryProblem

Neighbourhood = Literal["queen", "distance"]
Spot = Literal["hot", "cold", "none"]

NEIGHBOURHOODS: Final[tuple[Neighbourhood, ...]] = get_args(Neighbourhood)
"""Supported neighbourhoods; the first is the default."""

_BAND_OF_SIZES: Final = 2
"""Default band, in edges of a cell."""


@dataclass(frozen=True)
class Hotspots:
    """One value for each cell of the `frame` in each array, counts as in the heat map.

    `z` and both probabilities are as `getis_ord_gi_star` and `benjamini_hochberg` return them. `band` is the distance
    in metres, None for queen. `left_out` is the number of non-empty cells outside the campaign's area, not tested.
    """

    frame: Frame
    contributions: npt.NDArray[np.int64]
    participants: npt.NDArray[np.int64]
    z: npt.NDArray[np.float64]
    p: npt.NDArray[np.float64]
    p_adjusted: npt.NDArray[np.float64]
    spots: tuple[Spot, ...]
    band: float | None
    left_out: int
    totals: Totals


def hotspots(
    query: HeatmapQuery,
    neighbourhood: Neighbourhood = "queen",
    band: float | None = None,
    alpha: float = 0.05,
) -> Hotspots:
    """Compute Gi* of the query's measure (contributions or participants) for every cell of the campaign's frame.

    Neighbours are those that share an edge or corner (`queen`; hexagons share edges only, districts a border) or whose
    centres lie at most `band` metres away (`distance`; without a band, two edges of a cell or, for districts,
    the smallest band that gives each one a neighbour). Every cell is its own neighbour too.

    Tests use shares (`shares`): a line or area counts once, spread evenly over its cells. A cell is "hot" or "cold"
    where the probability, corrected for the number of cells, is at most `alpha`; "hot" only if it is not empty itself
    and enough different people contributed in it and its neighbours (`Shares.carried`).

    Raises QueryProblem as `heatmap` and `frame_of` do, `too_few_participants` (fewest, number) and `band_too_large`.
    """
    found = heatmap(query)
    voices = found.totals.participants + found.totals.unnamed
    if voices < FEWEST_VOICES:
        raise QueryProblem("too_few_participants", parameter="", fewest=FEWEST_VOICES, number=voices)
    keys, columns = _columns(found)
    frame = frame_of(query, keys)
    contributions, participants = (frame.spread(keys, column) for column in columns)
    if neighbourhood == "distance" and band is None:
        band = nearest(frame.centres) if query.grid == "district" else _BAND_OF_SIZES * query.size
    weights = with_self(_neighbours(frame, band if neighbourhood == "distance" else None))
    shares = shares_of_all(query, found)
    by_people = query.measure == "participants"
    gi = getis_ord_gi_star(
        shares.participants(frame.keys) if by_people else shares.contributions(frame.keys), weights
    )
    adjusted = benjamini_hochberg(gi.p)
    is_significant = adjusted <= alpha
    is_hot = shares.carried(
        frame.keys, weights, is_significant & (gi.z > 0) & (contributions > 0), by_people=by_people
    )
    spots = np.where(is_hot, "hot", np.where(is_significant & (gi.z < 0), "cold", "none"))
    return Hotspots(
        frame,
        contributions,
        participants,
        gi.z,
        gi.p,
        adjusted,
        tuple(spots.tolist()),
        band if neighbourhood == "distance" else None,
        int(np.isin(keys, frame.keys, invert=True).sum()),
        found.totals,
    )


@dataclass(frozen=True, slots=True)
class Autocorrelation:
    """Moran's I of all `cells` of a frame, None where it is not defined; the weights are queen, rows standardised."""

    moran: Moran | None
    cells: int


def autocorrelation(query: HeatmapQuery) -> Autocorrelation:
    """Compute Moran's I of the query's contributions, by their shares, over the campaign's frame.

    Raises the errors of `hotspots`.
    """
    found = heatmap(query)
    voices = found.totals.participants + found.totals.unnamed
    if voices < FEWEST_VOICES:
        raise QueryProblem("too_few_participants", parameter="", fewest=FEWEST_VOICES, number=voices)
    keys, _counts = _columns(found)
    frame = frame_of(query, keys)
    values = shares_of_all(query, found).contributions(frame.keys)
    return Autocorrelation(morans_i(values, row_standardised(_neighbours(frame, None))), len(frame.keys))


def _columns(found: Heatmap) -> tuple[npt.NDArray[np.int64], list[npt.NDArray[np.int64]]]:
    """Keys, contributions and participants of the non-empty cells."""
    keys, contributions, participants = (
        np.array([row[position] for row in found.rows], dtype=np.int64) for position in range(3)
    )
    return keys, [contributions, participants]


def _neighbours(frame: Frame, band: float | None) -> scipy.sparse.csr_array:
    """Binary weights without the place itself; queen contiguity where no band is given."""
    try:
        if band is not None:
            return within(frame.centres, band)
        if frame.outlines is not None:
            return touching(frame.outlines)
        edges = QUEEN_OF_HEXAGONS if frame.grid == "hexagon" else QUEEN_OF_SQUARES
        return within(frame.centres, edges * frame.size)
    except TooManyPairs as error:
        raise QueryProblem("band_too_large", parameter="band") from error
