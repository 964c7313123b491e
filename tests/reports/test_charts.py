"""Bins and axes of the timelines."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from mapping.reports.charts import Unit, bins_of, chart_of, nice_ceiling, unit_for

FIRST = date(2026, 5, 1)  # a Friday


def test_bins_have_no_gaps() -> None:
    bins = bins_of([(FIRST, 2), (FIRST + timedelta(days=3), 5)], "day")
    assert [one.value for one in bins] == [2, 0, 0, 5]
    assert [one.so_far for one in bins] == [2, 2, 2, 7]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    (week,) = bins_of([(FIRST, 1)], "week")
    assert (week.start, week.end) == (date(2026, 4, 27), date(2026, 5, 3))
    months = bins_of([(date(2025, 12, 31), 1), (date(2026, 2, 1), 1)], "month")
    assert [one.start for one in months] == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert months[-1].end == date(2026, 2, 28)


def test_no_contribution_no_bin() -> None:
    assert bins_of([], "day") == []
    chart = chart_of([], "day", width=320, height=150)
    assert not chart.bars


@pytest.mark.parametrize(
    ("days", "unit"), [(1, "day"), (62, "day"), (63, "week"), (400, "week"), (3650, "month")]
)
def test_the_step_fits_the_period(days: int, unit: Unit) -> None:
    assert unit_for(FIRST, FIRST + timedelta(days=days - 1)) == unit


@pytest.mark.parametrize(
    ("value", "ceiling"),
    [(0, 2), (1, 2), (3, 4), (5, 6), (9, 10), (11, 20), (61, 80), (100, 100), (62_215, 80_000)],
)
def test_axes_end_at_round_numbers(value: int, ceiling: int) -> None:
    assert nice_ceiling(value) == ceiling
    assert nice_ceiling(value) % 2 == 0


@pytest.mark.parametrize("language", ["de", "en"])
def test_svg_numbers_have_dots_in_every_language(language: str) -> None:
    bins = bins_of([(FIRST + timedelta(days=number), number + 1) for number in range(7)], "day")
    with translation.override(language):
        chart = chart_of(bins, "day", width=333, height=111, with_line=True)
    for bar in chart.bars:
        for number in (bar.x, bar.y, bar.width, bar.height):
            assert "," not in number
            assert float(number) >= 0
        assert float(bar.y) + float(bar.height) == pytest.approx(chart.bottom, abs=0.02)
    assert len(chart.line.split()) == 7


def test_labels_stay_inside() -> None:
    bins = bins_of([(FIRST + timedelta(days=number), 1) for number in range(60)], "day")
    chart = chart_of(bins, "day", width=320, height=150)
    assert chart.dates[0].anchor == "start"
    assert chart.dates[-1].anchor == "end"
    assert all(chart.left <= float(tick.position) <= chart.right for tick in chart.dates)
