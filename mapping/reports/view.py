"""Display mode of the planners' heat map and its reports: one distribution, two side by side, or a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.change import Period

Mode = Literal["cells", "compare", "change"]
ClassMethod = Literal["growing", "quantile", "equal", "manual"]


@dataclass(frozen=True, slots=True)
class View:
    """Display options of a query; the default is its distribution in cells.

    `other` is the second query of the mode "compare", `before` and `after` are the periods of "change". `limits` are
    the upper limits of classes chosen by the user. `bandwidth` (metres) shows a smooth surface instead of the cells.
    `notes` are sentences about requested options that are not shown.
    """

    mode: Mode = "cells"
    other: HeatmapQuery | None = None
    before: Period | None = None
    after: Period | None = None
    classes: ClassMethod = "growing"
    limits: tuple[float, ...] = ()
    hotspots: bool = False
    bandwidth: int = 0
    notes: tuple[str, ...] = ()
