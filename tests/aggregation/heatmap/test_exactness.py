"""Heat maps and numbers equal a brute-force count, whatever was placed, changed and asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mapping.aggregation import footprint
from mapping.aggregation.statistics import totals as statistics
from mapping.geo.grid import SIZES
from mapping.models import Contribution
from tests.aggregation import brute_force, strategies
from tests.aggregation.brute_force import Asked, Given
from tests.aggregation.world import World, undone

pytestmark = pytest.mark.django_db

_CHANGEABLE = (
    "category",
    "participant",
    "geom",
    "created_at",
    "status",
    "source",
    "answers",
    "support_count",
)


@pytest.fixture
def world() -> World:
    return World.make()


def unfiltered(size: int, status: str = "published") -> Asked:
    return Asked(size, None, None, None, (status,))


def expected(everything: list[Given], asked: Asked) -> tuple[brute_force.Cells, tuple[int, int, int, int]]:
    try:
        return brute_force.count(everything, asked)
    except brute_force.AmbiguousError:
        assume(False)
        raise


@given(everything=strategies.contributions, filters=st.lists(strategies.filters, min_size=1, max_size=4))
def test_every_filter_counts_as_brute_force_does(
    world: World, everything: list[Given], filters: list[Asked]
) -> None:
    with undone():
        for one in everything:
            footprint.write(world.store(one))
        for asked in filters:
            assert world.plain(world.heatmap(asked)) == expected(everything, asked)


@given(
    everything=strategies.contributions,
    size=st.sampled_from(SIZES),
    status=st.sampled_from(strategies.STATUSES),
)
def test_the_tally_counts_as_brute_force_does(
    world: World, everything: list[Given], size: int, status: str
) -> None:
    asked = unfiltered(size, status)
    with undone():
        for one in everything:
            footprint.write(world.store(one))
        assert world.query(asked).is_tallied
        assert world.plain(world.heatmap(asked)) == expected(everything, asked)


@given(data=st.data(), everything=strategies.contributions)
def test_any_sequence_of_changes_leaves_exact_counts(
    world: World, data: st.DataObject, everything: list[Given]
) -> None:
    """Contributions come one by one or as a set, change place, category, person, time and status, and go."""
    with undone():
        stored = [world.store(one) for one in everything]
        alone = data.draw(st.integers(0, len(stored)))
        for contribution in stored[:alone]:
            footprint.write(contribution)
        footprint.write_many([contribution.pk for contribution in stored[alone:]])
        state = dict(zip(stored, everything, strict=True))
        for contribution in stored:
            change = data.draw(st.sampled_from(("nothing", "status", "content", "delete", "status and back")))
            before = state[contribution]
            if change == "delete":
                footprint.delete(contribution)
                Contribution.objects.filter(pk=contribution.pk).delete()
                del state[contribution]
            elif change.startswith("status"):
                after = replace(before, status=data.draw(st.sampled_from(strategies.STATUSES)))
                for status in (
                    [after.status, before.status] if change == "status and back" else [after.status]
                ):
                    contribution.status = status
                    footprint.set_status(contribution)
                contribution.save()
                state[contribution] = before if change == "status and back" else after
            elif change == "content":
                after = data.draw(strategies.contributions.filter(bool))[0]
                fresh = world.store(after)
                for name in _CHANGEABLE:
                    setattr(contribution, name, getattr(fresh, name))
                fresh.delete()
                contribution.save()
                footprint.write(contribution)
                state[contribution] = after
        everything = list(state.values())
        for asked in (
            data.draw(strategies.filters),
            data.draw(strategies.basic_filters.map(strategies.ordered)),
            unfiltered(data.draw(st.sampled_from(SIZES))),
            unfiltered(data.draw(st.sampled_from(SIZES)), "pending"),
        ):
            assert world.plain(world.heatmap(asked)) == expected(everything, asked)


@given(everything=strategies.contributions, asked=strategies.filters)
def test_numbers_over_time_and_per_category(world: World, everything: list[Given], asked: Asked) -> None:
    with undone():
        for one in everything:
            footprint.write(world.store(one))
        matching = [one for one in everything if asked.matches(one)]
        query = world.query(asked)
        days = Counter(one.day for one in matching)
        assert statistics.timeline(query) == sorted(days.items())
        weeks = Counter(one.day - timedelta(days=one.day.weekday()) for one in matching)
        assert statistics.timeline(query, "week") == sorted(weeks.items())
        months = Counter(date(one.day.year, one.day.month, 1) for one in matching)
        assert statistics.timeline(query, "month") == sorted(months.items())
        categories = Counter(world.categories[one.category].pk for one in matching)
        assert statistics.per_category(query) == sorted(categories.items())
        weekdays = Counter(one.local.isoweekday() for one in matching)
        assert statistics.per_weekday(query) == sorted(weekdays.items())
        hours = Counter(one.local.hour for one in matching)
        assert statistics.per_hour(query) == sorted(hours.items())
        districts = Counter(code for one in matching for code in brute_force.districts(one.wkt))
        found = {world.districts[code].pk: number for code, number in districts.items()}
        assert statistics.per_district(query) == sorted(found.items())
