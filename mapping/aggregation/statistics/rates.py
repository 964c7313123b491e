"""Rates: contributions and participants per 1,000 inhabitants of a cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from mapping.aggregation.columns import fetch
from mapping.aggregation.heatmap.counts import Totals, heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.frame import Keys, frame_of
from mapping.filters.problems import QueryProblem
from mapping.geo.grid import KEY_FACTOR

FEW_INHABITANTS: Final = 100
"""Below this many inhabitants one contribution more or less moves a rate by more than 10 in 1,000: unstable."""

_POPULATION: Final = f"""
    SELECT (cell / {KEY_FACTOR} / %(factor)s) * {KEY_FACTOR} + mod(cell, {KEY_FACTOR}) / %(factor)s AS parent,
        sum(inhabitants)::bigint
    FROM mapping_populationcell
    WHERE grid_id = %(grid)s AND cell >= %(first)s AND cell < %(last)s
    GROUP BY parent
"""
# Grids whose cells divide cells of the requested size: the one covering most of the campaign's cells, then the finest.
_GRIDS: Final = f"""
    SELECT g.id, g.slug, g.title, g.attribution, g.size
    FROM mapping_populationgrid g
    CROSS JOIN LATERAL (SELECT nullif(%(size)s / g.size, 0)::bigint) AS cells_along (edge)
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT c.cell / {KEY_FACTOR} / edge * {KEY_FACTOR} + mod(c.cell, {KEY_FACTOR}) / edge)
        FROM mapping_populationcell c
        WHERE c.grid_id = g.id
            AND c.cell >= %(first_row)s * edge * {KEY_FACTOR} AND c.cell < (%(last_row)s + 1) * edge * {KEY_FACTOR}
            AND mod(c.cell, {KEY_FACTOR}) / edge BETWEEN %(first_column)s AND %(last_column)s
    ) AS counted (known)
    WHERE mod(%(size)s, g.size) = 0 AND (%(slug)s = '' OR g.slug = %(slug)s) AND (known > 0 OR %(is_empty)s)
    ORDER BY known DESC, g.size, g.slug
    LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Population:
    """The population grid that rates are based on."""

    slug: str
    title: str
    attribution: str
    size: int


@dataclass(frozen=True, slots=True)
class CellRate:
    """A square and its rates; `inhabitants` is None where the population grid lacks the cell, rates are None without
    inhabitants.
    """

    key: int
    contributions: int
    participants: int
    inhabitants: int | None

    @property
    def contributions_per_1000(self) -> float | None:
        """Contributions per 1,000 inhabitants."""
        return self._rate(self.contributions)

    @property
    def participants_per_1000(self) -> float | None:
        """Participants per 1,000 inhabitants."""
        return self._rate(self.participants)

    @property
    def is_unstable(self) -> bool:
        """Whether the rate is unreliable because few people, or none, live here."""
        return (self.inhabitants or 0) < FEW_INHABITANTS

    def _rate(self, number: int) -> float | None:
        return round(1000 * number / self.inhabitants, 3) if self.inhabitants else None


@dataclass(frozen=True, slots=True)
class Rates:
    """The squares of the campaign's frame with contributions or inhabitants, and the population grid used."""

    cells: tuple[CellRate, ...]
    totals: Totals
    population: Population


def rates(query: HeatmapQuery, population: str = "") -> Rates:
    """Count contributions and participants per 1,000 inhabitants in squares of the query's size.

    `population` names the grid by its slug; without it, the one that covers most of the campaign's cells is used.
    Raises QueryProblem as `heatmap` does and `no_population` (size): no loaded grid covers any cell of the campaign, or
    none has cells that divide squares of this size.
    """
    query = replace(query, grid="square", measure="contributions", question="")
    found = heatmap(query)
    counted = {row[0]: (row[1], row[2]) for row in found.rows}
    frame = frame_of(query, np.fromiter(counted, dtype=np.int64, count=len(counted)))
    keys = np.union1d(frame.keys, np.fromiter(counted, dtype=np.int64, count=len(counted)))
    grid, basis = _grid(query.size, population, keys)
    inhabitants = _inhabitants(grid, query.size // basis.size, keys)
    cells = (
        CellRate(key, *counted.get(key, (0, 0)), inhabitants.get(key))
        for key in keys.tolist()
        if key in counted or inhabitants.get(key)
    )
    return Rates(tuple(cells), found.totals, basis)


def _grid(size: int, slug: str, keys: Keys) -> tuple[int, Population]:
    rows, columns = keys // KEY_FACTOR, keys % KEY_FACTOR
    known = fetch(
        _GRIDS,
        {
            "size": size,
            "slug": slug,
            "is_empty": not len(keys),
            "first_row": int(rows.min()) if len(keys) else 0,
            "last_row": int(rows.max()) if len(keys) else 0,
            "first_column": int(columns.min()) if len(keys) else 0,
            "last_column": int(columns.max()) if len(keys) else 0,
        },
    )
    if not known:
        raise QueryProblem("no_population", parameter="population", size=size)
    [(pk, *described)] = known
    return pk, Population(*described)


def _inhabitants(grid: int, factor: int, keys: Keys) -> dict[int, int]:
    if not len(keys):
        return {}
    params = {
        "grid": grid,
        "factor": factor,
        "first": int(keys.min() // KEY_FACTOR) * factor * KEY_FACTOR,
        "last": int(keys.max() // KEY_FACTOR + 1) * factor * KEY_FACTOR,
    }
    return dict(fetch(_POPULATION, params))
