"""The state of the heat map's page, parsed from and written to its address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, Literal, cast

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from mapping.aggregation.heatmap.query import (
    GRIDS,
    PLAIN_MEASURES,
    Grid,
    HeatmapQuery,
    Measure,
    staff_sources,
)
from mapping.aggregation.statistics import totals as statistics
from mapping.aggregation.statistics.change import Period as WholePeriod
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import PUBLISHED_ONLY, ContributionFilter
from mapping.filters.dimension import Pairs
from mapping.filters.interval import Interval
from mapping.filters.times import INTERVAL
from mapping.models import Campaign
from mapping.reports.display import BANDWIDTHS, CLASS_METHODS, DEFAULT_SIZE, SIZES
from mapping.reports.view import ClassMethod, Mode, View
from mapping.reports.words.explained import LEFT_OUT, not_understood

Side = Literal["a", "b"]

MODES: Final[tuple[Mode, ...]] = ("cells", "compare", "change")
TABLE: Final = "table"
OTHER: Final = "b."
"""Prefix of the parameters of the second selection in comparisons."""

GROWING: Final[ClassMethod] = "growing"
_MEAN: Final = "mean:"
_METHODS: Final = tuple(method for method, _title in CLASS_METHODS)
_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "mode": MODES,
    "grid": GRIDS,
    "classes": _METHODS,
    "hotspots": ("0", "1"),
}
"""Valid values of parameters that are chosen from a list."""

_MOST_LIMITS: Final = 4
_LIMIT: Final = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,3})?")
_CELL: Final = re.compile(r"[\w.:-]{1,60}")


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; None leaves a side open."""

    start: date | None = None
    end: date | None = None

    @property
    def interval(self) -> Interval:
        """The period as an `Interval` for filters."""
        return Interval.of_days(self.start, self.end)

    def whole(self) -> WholePeriod:
        """The period for `aggregation`; raises ValueError where a side is open."""
        if self.start is None or self.end is None:
            raise ValueError("A side of this period is open.")
        return WholePeriod(self.start, self.end)

    @property
    def days(self) -> int:
        """The number of days; 0 where a side is open."""
        return (self.end - self.start).days + 1 if self.start and self.end else 0

    def pairs(self, prefix: str) -> Pairs:
        """The period as query parameters."""
        days = (("start", self.start), ("end", self.end))
        return [(f"{prefix}_{name}", str(day)) for name, day in days if day]


EVERYTHING: Final = ContributionFilter(PUBLISHED_ONLY)
"""The default filter of an address without parameters."""

_ALWAYS: Final = Period()


@dataclass(frozen=True, slots=True)
class HeatmapFilter:
    """Filter and display options of the heat map's page.

    `selection` is compared with `other` in the mode "compare", where `side` is the one that the rail edits; in the mode
    "change" the days of `before` and `after` replace the selection's own. `limits` are the upper limits of classes
    chosen by the user. `bandwidth` is that of the smooth surface in metres, 0 where cells are shown. `for_staff`
    is that of `Choices`. `places` is the short name of a question of the survey whose places lie over the cells.
    `left_out` are sentences about parameters of the address that the page does not show.
    """

    mode: Mode = "cells"
    selection: ContributionFilter = EVERYTHING
    other: ContributionFilter = EVERYTHING
    side: Side = "a"
    before: Period = _ALWAYS
    after: Period = _ALWAYS
    grid: Grid = "square"
    size: int = DEFAULT_SIZE
    measure: Measure = "contributions"
    question: str = ""
    classes: ClassMethod = GROWING
    limits: tuple[float, ...] = ()
    hotspots: bool = False
    bandwidth: int = 0
    view: str = "map"
    cell: str = ""
    for_staff: bool = False
    places: str = ""
    left_out: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, query: QueryDict, choices: Choices) -> "HeatmapFilter":
        """Parse the query; invalid values fall back to the default."""
        mode = cast("Mode", _one(query, "mode", MODES))
        measure, question = _measure(query.get("measure", ""), choices)
        selection = ContributionFilter.find(query, choices)
        sizes = tuple(str(size) for size in (DEFAULT_SIZE, *SIZES))
        bandwidths = ("0", *(str(bandwidth) for bandwidth in BANDWIDTHS))
        before, after = (
            Period(one.first_day, one.last_day)
            for prefix in ("before_", "after_")
            for one in (INTERVAL.find(query, choices, prefix) or Interval(),)
        )
        limits = limits_of(query.get("limits", ""))
        method = cast("ClassMethod", _one(query, "classes", _METHODS))
        grid = cast("Grid", _one(query, "grid", GRIDS))
        cell = query.get("cell", "")
        return cls(
            mode=mode,
            selection=selection,
            other=ContributionFilter.find(query, choices, OTHER) if mode == "compare" else EVERYTHING,
            side="b" if mode == "compare" and query.get("side") == "b" else "a",
            before=before if mode == "change" else Period(),
            after=after if mode == "change" else Period(),
            grid="square" if grid == "district" and not choices.districts else grid,
            size=int(_one(query, "size", sizes)),
            measure=measure,
            question=question,
            classes=method,
            limits=limits if method == "manual" else (),
            hotspots=mode == "cells" and query.get("hotspots") == "1",
            bandwidth=int(_one(query, "bandwidth", bandwidths)) if mode == "cells" else 0,
            view=TABLE if query.get("view") == TABLE else "map",
            cell=cell if _CELL.fullmatch(cell) else "",
            for_staff=choices.for_staff,
            places=_places(query.get("places", ""), choices),
            left_out=(
                *_without_meaning(query, {**_KNOWN, "size": sizes, "bandwidth": bandwidths}),
                *combinations_left_out(
                    mode,
                    measure,
                    hotspots=query.get("hotspots") == "1",
                    bandwidth=query.get("bandwidth", "0") in bandwidths[1:],
                ),
            ),
        )

    @property
    def edited(self) -> ContributionFilter:
        """The selection that the rail edits."""
        return self.other if self.side == "b" else self.selection

    @property
    def prefix(self) -> str:
        """Prefix of the names of the rail's fields."""
        return OTHER if self.side == "b" else ""

    @property
    def limits_text(self) -> str:
        """The limits of the classes as entered in the form."""
        return ", ".join(f"{limit:g}" for limit in self.limits)

    @property
    def measure_value(self) -> str:
        """The measure as encoded in the page's address."""
        return f"{_MEAN}{self.question}" if self.measure == "mean" else self.measure

    def with_edited(self, selection: ContributionFilter) -> "HeatmapFilter":
        """Return a copy with another edited selection, and no cell chosen."""
        changed = replace(self, cell="")
        return (
            replace(changed, other=selection) if self.side == "b" else replace(changed, selection=selection)
        )

    def shown_as(self, campaign: Campaign) -> View:
        """Return the view for a report. Periods must be complete (`parts.with_periods`)."""
        is_change = self.mode == "change"
        return View(
            mode=self.mode,
            other=self.query(campaign, self.other) if self.mode == "compare" else None,
            before=self.before.whole() if is_change else None,
            after=self.after.whole() if is_change else None,
            classes=self.classes,
            limits=self.limits,
            hotspots=self.hotspots,
            bandwidth=self.bandwidth,
            notes=self.left_out,
        )

    def query(self, campaign: Campaign, selection: ContributionFilter | None = None) -> HeatmapQuery:
        """The query for `aggregation`."""
        return HeatmapQuery(
            campaign_id=campaign.pk,
            size=self.size,
            filter=self.selection if selection is None else selection,
            grid=self.grid,
            measure=self.measure,
            question=self.question,
            for_staff=self.for_staff,
        )

    @property
    def staff_sources(self) -> frozenset[str]:
        """The answers that only staff may read among its selections and its measure, as `HeatmapQuery` names them."""
        return staff_sources(self.measure, self.question, self.selection, self.other)

    def shared_pairs(self) -> Pairs:
        """Query parameters other than selections, without defaults."""
        default = HeatmapFilter()
        said: tuple[tuple[str, str, str], ...] = (
            ("mode", self.mode, default.mode),
            ("grid", self.grid, default.grid),
            ("size", str(self.size), str(default.size)),
            ("measure", self.measure_value, default.measure_value),
            ("classes", self.classes, default.classes),
            ("limits", self.limits_text.replace(" ", ""), ""),
            ("hotspots", "1" if self.hotspots else "", ""),
            ("bandwidth", str(self.bandwidth), "0"),
            ("side", self.side, default.side),
            ("view", self.view, default.view),
            ("cell", self.cell, default.cell),
            ("places", self.places, default.places),
        )
        return [(name, value) for name, value, usual in said if value != usual]

    def pairs(self) -> Pairs:
        """All query parameters of the address."""
        return [
            *self.shared_pairs(),
            *self.selection.pairs(),
            *self.other.pairs(OTHER),
            *self.before.pairs("before"),
            *self.after.pairs("after"),
        ]

    def address(self, campaign: Campaign, name: str = "planning:heatmap") -> str:
        """The address of the page with this state; `name` for other pages with the same parameters."""
        path = reverse(name, args=(campaign.slug,))
        query = urlencode(self.pairs())
        return f"{path}?{query}" if query else path

    def api_parameters(self, selection: ContributionFilter | None = None) -> Mapping[str, str]:
        """Parameters of the API's heat map for the same numbers."""
        parameters: dict[str, str] = {"grid": self.grid}
        if self.grid != "district":
            parameters["size"] = str(self.size)
        if self.measure != "contributions":
            parameters["measure"] = self.measure
        if self.question:
            parameters["question"] = self.question
        return {**parameters, **(self.selection if selection is None else selection).written()}


def with_periods(campaign: Campaign, chosen: HeatmapFilter) -> HeatmapFilter:
    """Complete both periods: by default the two halves of the days with contributions."""
    if all((chosen.before.start, chosen.before.end, chosen.after.start, chosen.after.end)):
        return chosen
    query = chosen.query(campaign)
    days = [day for day, _number in statistics.timeline(query.having(INTERVAL, None))]
    first = days[0] if days else timezone.localdate() - timedelta(days=1)
    last = max(days[-1] if days else first, first + timedelta(days=1))
    middle = first + (last - first) // 2
    before, after = chosen.before, chosen.after
    before_start, after_end = before.start or first, after.end or last
    before_end = before.end or (after.start - timedelta(days=1) if after.start else middle)
    return replace(
        chosen,
        before=Period(min(before_start, before_end), before_end),
        after=Period(min(after.start or before_end + timedelta(days=1), after_end), after_end),
    )


def combinations_left_out(mode: Mode, measure: Measure, *, hotspots: bool, bandwidth: bool) -> list[str]:
    """Sentences about options that cannot be combined."""
    codes = []
    if mode != "cells":
        codes += ["hotspots_of_one_map"] * hotspots + ["surface_of_one_map"] * bandwidth
        if mode == "change" and measure != "contributions":
            codes.append("change_of_contributions")
    else:
        if hotspots and measure not in {"contributions", "participants"}:
            codes.append("hotspots_of_contributions")
        if bandwidth and measure != "contributions":
            codes.append("surface_of_contributions")
    return [str(LEFT_OUT[code]) for code in codes]


def _without_meaning(query: QueryDict, known: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [
        not_understood(name, value)
        for name, values in known.items()
        if (value := query.get(name, "")) and value not in values
    ]


def _one(query: QueryDict, name: str, known: tuple[str, ...]) -> str:
    """The value of a parameter, by default the first valid one."""
    value = query.get(name, "")
    return value if value in known else known[0]


def _measure(value: str, choices: Choices) -> tuple[Measure, str]:
    question = value.removeprefix(_MEAN)
    if value.startswith(_MEAN) and question in {slug for slug, _title in choices.measured}:
        return "mean", question
    return (cast("Measure", value) if value in PLAIN_MEASURES else "contributions"), ""


def _places(slug: str, choices: Choices) -> str:
    return slug if slug and slug in {one.slug for one in choices.places} else ""


def limits_of(text: str) -> tuple[float, ...]:
    """Parse ascending numbers, four at most, separated by commas, semicolons or blanks."""
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if _LIMIT.fullmatch(word)]
    return tuple(sorted({float(word) for word in words})[:_MOST_LIMITS])
