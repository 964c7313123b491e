"""What stands beside the heat map: bars and columns that tell how contributions spread, each a way to its own part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics import totals as statistics
from mapping.models import Campaign, Category
from mapping.planning.heatmap.choices import WEEKDAYS, Choices
from mapping.planning.heatmap.filter import HeatmapFilter, Period
from mapping.planning.heatmap.selection import Selection
from mapping.reports.charts import Bin, Chart, bins_of, chart_of, unit_for

HOURS: Final = 24
_HEIGHT: Final = 64
_WIDTH: Final = 320
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A line with its number; `share` is the bar's width in per cent of the longest one."""

    title: str
    number: int
    share: str
    address: str
    is_chosen: bool
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """An upright bar in SVG user units."""

    title: str
    label: str
    number: int
    x: str
    y: str
    width: str
    height: str
    middle: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything beside the map about one selection."""

    categories: Sequence[Bar]
    districts: Sequence[Bar]
    weekdays: Sequence[Column]
    hours: Sequence[Column]
    timeline: Mapping[str, object]


def facts_of(campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery) -> Facts:
    """Count. Each chart leaves out the filter that it shows, so that one click brings in what is left out now."""
    return Facts(
        categories=_category_bars(campaign, chosen, choices, query),
        districts=_district_bars(campaign, chosen, choices, query),
        weekdays=_weekday_columns(campaign, chosen, query),
        hours=_hour_columns(campaign, chosen, query),
        timeline=_timeline(campaign, chosen, query),
    )


def _with(campaign: Campaign, chosen: HeatmapFilter, selection: Selection) -> str:
    return chosen.with_edited(selection).address(campaign)


def _category_bars(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery
) -> list[Bar]:
    numbers: Mapping[int, int] = dict(statistics.per_category(replace(query, category_ids=None)))
    longest = max(numbers.values(), default=0) or 1
    edited = chosen.edited
    return [
        Bar(
            title=category.title,
            number=numbers.get(category.pk, 0),
            share=_share(numbers.get(category.pk, 0), longest),
            address=_with(
                campaign, chosen, replace(edited, categories=edited.toggled(category.slug, choices))
            ),
            is_chosen=not edited.categories or category.slug in edited.categories,
            category=category,
        )
        for category in choices.categories
    ]


def _district_bars(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery
) -> list[Bar]:
    """The districts with any contribution, fullest first."""
    if not choices.districts:
        return []
    numbers: Mapping[int, int] = dict(statistics.per_district(replace(query, district_ids=None)))
    longest = max(numbers.values(), default=0) or 1
    edited = chosen.edited
    bars = [
        Bar(
            title=district.name,
            number=numbers[district.pk],
            share=_share(numbers[district.pk], longest),
            address=_with(
                campaign,
                chosen,
                replace(edited, districts=() if edited.districts == (district.code,) else (district.code,)),
            ),
            is_chosen=not edited.districts or district.code in edited.districts,
        )
        for district in choices.districts
        if numbers.get(district.pk)
    ]
    return sorted(bars, key=lambda bar: -bar.number)


def _weekday_columns(campaign: Campaign, chosen: HeatmapFilter, query: HeatmapQuery) -> list[Column]:
    numbers: Mapping[int, int] = dict(statistics.per_weekday(replace(query, weekdays=None)))
    edited = chosen.edited
    return _columns(
        [
            (
                str(name),
                str(short),
                numbers.get(day, 0),
                _with(
                    campaign, chosen, replace(edited, weekdays=() if edited.weekdays == (day,) else (day,))
                ),
                not edited.weekdays or day in edited.weekdays,
            )
            for day, short, name in WEEKDAYS
        ]
    )


def _hour_columns(campaign: Campaign, chosen: HeatmapFilter, query: HeatmapQuery) -> list[Column]:
    numbers: Mapping[int, int] = dict(statistics.per_hour(replace(query, hours=None)))
    if set(numbers) == {0}:
        return []  # Imports often know the day alone; then everything lies at midnight.
    edited = chosen.edited
    return _columns(
        [
            (
                _("%(first)s to %(last)s o’clock") % {"first": hour, "last": hour + 1},
                str(hour) if hour % 6 == 0 else "",
                numbers.get(hour, 0),
                _with(
                    campaign,
                    chosen,
                    replace(edited, hours=None if edited.hours == (hour, hour + 1) else (hour, hour + 1)),
                ),
                is_hour_inside(hour, edited.hours),
            )
            for hour in range(HOURS)
        ]
    )


def is_hour_inside(hour: int, hours: tuple[int, int] | None) -> bool:
    """Whether an hour of the day belongs to a range that may pass midnight."""
    if hours is None:
        return True
    first, last = hours
    return first <= hour < last if first < last else hour >= first or hour < last


def _columns(parts: Sequence[tuple[str, str, int, str, bool]]) -> list[Column]:
    """Lay columns out; nothing where nothing is counted."""
    highest = max((number for _title, _label, number, *_rest in parts), default=0)
    if not highest:
        return []
    step = _WIDTH / len(parts)
    return [
        Column(
            title=title,
            label=label,
            number=number,
            x=f"{index * step + _GAP / 2:.2f}",
            y=f"{_HEIGHT * (1 - number / highest):.2f}",
            width=f"{step - _GAP:.2f}",
            height=f"{_HEIGHT * number / highest:.2f}",
            middle=f"{(index + 0.5) * step:.2f}",
            address=address,
            is_chosen=is_chosen,
        )
        for index, (title, label, number, address, is_chosen) in enumerate(parts)
    ]


def _timeline(campaign: Campaign, chosen: HeatmapFilter, query: HeatmapQuery) -> Mapping[str, object]:
    """The whole period with the chosen days in full colour; each bar leads to its own days and back."""
    counts = statistics.timeline(replace(query, start=None, end=None))
    if not counts:
        return {}
    unit = unit_for(counts[0][0], counts[-1][0])
    bins = bins_of(counts, unit)
    edited = chosen.edited
    shown = (chosen.before, chosen.after) if chosen.mode == "change" else (Period(edited.start, edited.end),)

    def address(one: Bin) -> str:
        is_alone = (edited.start, edited.end) == (one.start, one.end)
        return _with(
            campaign,
            chosen,
            replace(edited, start=None if is_alone else one.start, end=None if is_alone else one.end),
        )

    chart: Chart = chart_of(
        bins,
        unit,
        width=_WIDTH,
        height=150,
        is_inside=lambda one: any(_meets(one, period) for period in shown),
    )
    links = ["" if chosen.mode == "change" else address(one) for one in bins]
    return {
        "chart": chart,
        "bars": list(zip(chart.bars, links, strict=True)),
        "most": max(bins, key=lambda one: one.value),
    }


def _meets(one: Bin, period: Period) -> bool:
    return (period.start is None or one.end >= period.start) and (
        period.end is None or one.start <= period.end
    )


def _share(number: int, longest: int) -> str:
    return f"{100 * number / longest:.1f}"
