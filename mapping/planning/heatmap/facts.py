"""Charts beside the heat map: bars and columns of the distribution of contributions, each a link to its filter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics import totals as statistics
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.dimension import Dimension, ValueT, chosen_of
from mapping.filters.interval import Interval
from mapping.filters.places import CATEGORY, DISTRICT
from mapping.filters.times import HOURS as HOURS_OF_DAY
from mapping.filters.times import INTERVAL, WEEKDAY
from mapping.models import Campaign, Category
from mapping.reports.charts import Bin, Chart, bins_of, chart_of, unit_for
from mapping.reports.state import HeatmapFilter, Period

HOURS: Final = 24
_HEIGHT: Final = 64
_WIDTH: Final = 320
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A horizontal bar with its number; `share` is its width in per cent of the longest one."""

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
    """All charts of one selection."""

    categories: Sequence[Bar]
    districts: Sequence[Bar]
    weekdays: Sequence[Column]
    hours: Sequence[Column]
    timeline: Mapping[str, object]
    is_by_category: bool
    is_by_district: bool


def facts_of(campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery) -> Facts:
    """Count for the charts. Each chart ignores the filter on its own dimension, so that other values are clickable."""
    return Facts(
        categories=_category_bars(campaign, chosen, choices, query),
        districts=_district_bars(campaign, chosen, choices, query),
        weekdays=_weekday_columns(campaign, chosen, choices, query),
        hours=_hour_columns(campaign, chosen, query),
        timeline=_timeline(campaign, chosen, query),
        is_by_category=chosen.edited.get(CATEGORY) is not None,
        is_by_district=chosen.edited.get(DISTRICT) is not None,
    )


def _with(
    campaign: Campaign, chosen: HeatmapFilter, dimension: Dimension[ValueT], value: ValueT | None
) -> str:
    """The address of the page after a click: another value of one dimension of the edited selection."""
    return chosen.with_edited(chosen.edited.having(dimension, value)).address(campaign)


def toggled(edited: ContributionFilter, slug: str, choices: Choices) -> tuple[str, ...] | None:
    """The categories after a click on one: only this one if all were shown, else toggled."""
    shown = edited.get(CATEGORY)
    return (
        (slug,) if shown is None else chosen_of({*shown} ^ {slug}, [one.slug for one in choices.categories])
    )


def _category_bars(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery
) -> list[Bar]:
    numbers: Mapping[int, int] = dict(statistics.per_category(query.having(CATEGORY, None)))
    longest = max(numbers.values(), default=0) or 1
    edited = chosen.edited
    shown = edited.get(CATEGORY)
    return [
        Bar(
            title=category.title,
            number=numbers.get(category.pk, 0),
            share=_share(numbers.get(category.pk, 0), longest),
            address=_with(campaign, chosen, CATEGORY, toggled(edited, category.slug, choices)),
            is_chosen=shown is None or category.slug in shown,
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
    numbers: Mapping[int, int] = dict(statistics.per_district(query.having(DISTRICT, None)))
    longest = max(numbers.values(), default=0) or 1
    shown = chosen.edited.get(DISTRICT)
    bars = [
        Bar(
            title=district.name,
            number=numbers[district.pk],
            share=_share(numbers[district.pk], longest),
            address=_with(campaign, chosen, DISTRICT, _alone(district.code, shown)),
            is_chosen=shown is None or district.code in shown,
        )
        for district in choices.districts
        if numbers.get(district.pk)
    ]
    return sorted(bars, key=lambda bar: -bar.number)


def _weekday_columns(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, query: HeatmapQuery
) -> list[Column]:
    numbers: Mapping[int, int] = dict(statistics.per_weekday(query.having(WEEKDAY, None)))
    shown = chosen.edited.get(WEEKDAY)
    return _columns(
        [
            (
                day.title,
                day.short,
                numbers.get(int(day.value), 0),
                _with(campaign, chosen, WEEKDAY, _alone(day.value, shown)),
                shown is None or day.value in shown,
            )
            for day in WEEKDAY.options(choices)
        ]
    )


def _hour_columns(campaign: Campaign, chosen: HeatmapFilter, query: HeatmapQuery) -> list[Column]:
    numbers: Mapping[int, int] = dict(statistics.per_hour(query.having(HOURS_OF_DAY, None)))
    if set(numbers) == {0}:
        return []  # Imports often have dates only; then all times are midnight.
    shown = chosen.edited.get(HOURS_OF_DAY)
    return _columns(
        [
            (
                _("%(first)s to %(last)s o’clock") % {"first": hour, "last": hour + 1},
                str(hour) if hour % 6 == 0 else "",
                numbers.get(hour, 0),
                _with(
                    campaign, chosen, HOURS_OF_DAY, None if shown == (hour, hour + 1) else (hour, hour + 1)
                ),
                is_hour_inside(hour, shown),
            )
            for hour in range(HOURS)
        ]
    )


def _alone(value: str, shown: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Only this value, or all values if it is the only one already."""
    return None if shown == (value,) else (value,)


def is_hour_inside(hour: int, hours: tuple[int, int] | None) -> bool:
    """Whether an hour of the day lies in a range that may pass midnight."""
    if hours is None:
        return True
    first, last = hours
    return first <= hour < last if first < last else hour >= first or hour < last


def _columns(parts: Sequence[tuple[str, str, int, str, bool]]) -> list[Column]:
    """Lay columns out; empty without counts."""
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
    """The whole period with the chosen days in full colour; each bar links to its own days and back."""
    counts = statistics.timeline(query.having(INTERVAL, None))
    if not counts:
        return {}
    unit = unit_for(counts[0][0], counts[-1][0])
    bins = bins_of(counts, unit)
    edited = chosen.edited.get(INTERVAL) or Interval()
    days = Period(edited.first_day, edited.last_day)
    shown = (chosen.before, chosen.after) if chosen.mode == "change" else (days,)

    def address(one: Bin) -> str:
        is_alone = (days.start, days.end) == (one.start, one.end)
        return _with(campaign, chosen, INTERVAL, None if is_alone else Interval.of_days(one.start, one.end))

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
