"""Totals of the heat map: of one selection, of two side by side, of the periods before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.counts import Heatmap, heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics.significance import FEWEST_VOICES
from mapping.filters.choices import Choices
from mapping.filters.problems import QueryProblem
from mapping.filters.times import INTERVAL
from mapping.models import Campaign
from mapping.reports.differences import Difference, differences
from mapping.reports.state import HeatmapFilter
from mapping.reports.words.filters import filters_of
from mapping.services.messages import sentence


@dataclass(frozen=True, slots=True)
class Counted:
    """A heat map, or an error message; `remedy` is the address of the same page with a cell size that works."""

    query: HeatmapQuery
    found: Heatmap | None
    problem: str = ""
    remedy: str = ""

    @property
    def number(self) -> int:
        """Contributions, with and without a place."""
        return 0 if self.found is None else self.found.totals.contributions

    @property
    def voices(self) -> int:
        """Participants plus contributions without a participant, each of which may be from a different person."""
        return 0 if self.found is None else self.found.totals.participants + self.found.totals.unnamed

    @property
    def has_few(self) -> bool:
        """Whether there are so few people that patterns may be due to chance."""
        return self.found is not None and 0 < self.voices < FEWEST_VOICES

    @property
    def has_nobody(self) -> bool:
        """Whether the number of people is unknown."""
        return (
            self.found is not None
            and self.found.totals.contributions > 0
            and self.found.totals.participants == 0
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a comparison: its filter in words, its numbers; `days` of a period, else 0."""

    name: str
    title: str
    words: str
    counted: Counted
    days: int = 0
    edit_address: str = ""
    is_edited: bool = False


def counted_of(campaign: Campaign, chosen: HeatmapFilter, query: HeatmapQuery) -> Counted:
    """Count, or return the error message."""
    try:
        return Counted(query, heatmap(query))
    except QueryProblem as error:
        smallest = error.params.get("smallest")
        remedy = replace(chosen, size=smallest).address(campaign) if isinstance(smallest, int) else ""
        return Counted(query, None, sentence(error.code, error.params), remedy)


def parts_of(campaign: Campaign, chosen: HeatmapFilter, choices: Choices, edited: Counted) -> list[Part]:
    """Both sides of a comparison; empty for a single map. `edited` is counted already."""
    if chosen.mode == "compare":
        return _sides(campaign, chosen, choices, edited)
    if chosen.mode == "change":
        return _periods(campaign, chosen)
    return []


def differences_of(parts: Sequence[Part]) -> list[Difference]:
    """Differences of the totals of both sides; empty if one could not be counted."""
    found = [part.counted.found for part in parts if part.counted.found is not None]
    if len(found) != 2:
        return []
    first, second = found
    return differences(
        (first.totals, second.totals), (len(first.rows), len(second.rows)), (parts[0].days, parts[1].days)
    )


def _sides(campaign: Campaign, chosen: HeatmapFilter, choices: Choices, edited: Counted) -> list[Part]:
    sides = []
    for name, selection in (("a", chosen.selection), ("b", chosen.other)):
        is_edited = name == chosen.side
        query = chosen.query(campaign, selection)
        words = "; ".join(f"{one.title}: {one.words}" for one in filters_of(choices, query))
        sides.append(
            Part(
                name=name,
                title=name.upper(),
                words=words or _("all published contributions"),
                counted=edited if is_edited else counted_of(campaign, chosen, query),
                edit_address=replace(chosen, side="b" if name == "b" else "a").address(campaign),
                is_edited=is_edited,
            )
        )
    return sides


def _periods(campaign: Campaign, chosen: HeatmapFilter) -> list[Part]:
    return [
        Part(
            name=name,
            title=title,
            words="",
            counted=counted_of(campaign, chosen, chosen.query(campaign).having(INTERVAL, period.interval)),
            days=period.days,
        )
        for name, title, period in (
            ("before", _("Earlier"), chosen.before),
            ("after", _("Later"), chosen.after),
        )
    ]
