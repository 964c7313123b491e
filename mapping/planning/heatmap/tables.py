"""The cells of the maps as tables, for screen readers and for exact numbers."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.counts import Heatmap
from mapping.aggregation.heatmap.counts import Row as HeatmapRow
from mapping.aggregation.heatmap.query import MEASURES_WITH_VALUES
from mapping.aggregation.statistics import change
from mapping.filters.choices import Choices
from mapping.filters.problems import QueryProblem
from mapping.geo.grid import Cell
from mapping.geo.hexagon import Hexagon
from mapping.models import Campaign
from mapping.reports.state import HeatmapFilter
from mapping.services.messages import sentence

MOST_ROWS: Final = 300
"""Most rows of a table; all cells are in the download."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a table; None where it is unknown."""

    value: float | None
    kind: str = "number"


@dataclass(frozen=True, slots=True)
class Row:
    """A cell of the map with its numbers; `address` links to it on the map."""

    name: str
    address: str
    numbers: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers per cell, the most important first; `cells` is the total number of cells."""

    columns: Sequence[str]
    rows: Sequence[Row]
    cells: int
    problem: str = ""


def counted(campaign: Campaign, chosen: HeatmapFilter, choices: Choices, found: Heatmap) -> Table:
    """The fullest cells of a heat map."""
    knows_people = found.totals.participants > 0 or found.totals.contributions == 0
    with_value = chosen.measure in MEASURES_WITH_VALUES
    rows = [(value, row) for row in found.rows if (value := _value(chosen, row)) is not None]
    most = heapq.nlargest(MOST_ROWS, rows, key=lambda pair: (pair[0], pair[1][1], pair[1][2]))
    name = _namer(campaign, chosen, choices)
    titles = {
        "support": _("Support"),
        "opposition": _("Opposition"),
        "balance": _("Balance"),
        "mean": _("Mean"),
    }
    kinds = {"mean": "mean", "balance": "signed"}
    return Table(
        columns=[
            *([titles[chosen.measure]] if with_value else []),
            _("Contributions"),
            _("Contributors"),
        ],
        rows=[
            Row(
                *name(row[0]),
                [
                    *([Number(value, kinds.get(chosen.measure, "number"))] if with_value else []),
                    Number(row[1]),
                    # Cells of the city's own places have no participants.
                    Number(row[2] if knows_people and row[2] else None),
                ],
            )
            for value, row in most
        ],
        cells=len(rows),
    )


def compared(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, first: Heatmap, second: Heatmap
) -> Table:
    """The cells in which two selections differ most."""
    sides: list[Mapping[int, float]] = [
        {row[0]: _value(chosen, row) or 0 for row in found.rows} for found in (first, second)
    ]
    keys = sides[0].keys() | sides[1].keys()
    pairs = [(key, sides[0].get(key, 0), sides[1].get(key, 0)) for key in keys]
    most = heapq.nlargest(MOST_ROWS, pairs, key=lambda pair: (abs(pair[2] - pair[1]), pair[0]))
    name = _namer(campaign, chosen, choices)
    kind = "mean" if chosen.measure == "mean" else "number"
    return Table(
        columns=[_("Map A"), _("Map B"), _("Difference")],
        rows=[
            Row(*name(key), [Number(a, kind), Number(b, kind), Number(b - a, "signed")]) for key, a, b in most
        ],
        cells=len(pairs),
    )


def changed(campaign: Campaign, chosen: HeatmapFilter, choices: Choices) -> Table:
    """The cells that changed most between both periods."""
    columns = [_("Earlier"), _("Later"), _("Difference"), _("Chance (p)")]
    try:
        found = change.change(chosen.query(campaign), chosen.before.whole(), chosen.after.whole())
    except QueryProblem as error:
        return Table(columns, [], 0, sentence(error.code, error.params))
    most = heapq.nlargest(
        MOST_ROWS, found.cells, key=lambda cell: (abs(cell.after - cell.before), cell.after)
    )
    name = _namer(campaign, chosen, choices)
    return Table(
        columns=columns,
        rows=[
            Row(
                *name(cell.key),
                [
                    Number(cell.before),
                    Number(cell.after),
                    Number(cell.after - cell.before, "signed"),
                    Number(cell.p_adjusted, "chance"),
                ],
            )
            for cell in most
        ],
        cells=len(found.cells),
    )


def _value(chosen: HeatmapFilter, row: HeatmapRow) -> float | None:
    """The measure's value of a cell; None for a mean without answers."""
    if len(row) == 4:
        return row[3]
    return row[2] if chosen.measure == "participants" else row[1]


def _namer(campaign: Campaign, chosen: HeatmapFilter, choices: Choices) -> Callable[[int], tuple[str, str]]:
    """Return a function from a cell's key to its name and to the address of the map with the cell chosen."""
    districts = {district.pk: district for district in choices.districts}

    def name(key: int) -> tuple[str, str]:
        if chosen.grid == "district":
            district = districts[key]
            told, identifier = district.name, district.code
        elif chosen.grid == "hexagon":
            told = identifier = Hexagon.from_key(key, chosen.size).id
        else:
            told = identifier = Cell.from_key(key, chosen.size).id
        return told, replace(chosen, view="map", cell=identifier).address(campaign)

    return name
