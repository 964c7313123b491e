"""Planners notice a flood of contributions by its times, and nothing else about it is known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mapping.aggregation.bursts import Burst, bursts_of, find_bursts
from mapping.models import Campaign, Source
from mapping.services.erase import withdraw
from tests import personas

EVENING = 3_000_000


def spans(found: list[Burst]) -> list[tuple[int, int, int]]:
    return [(int(one.start.timestamp()) // 600, int(one.end.timestamp()) // 600, one.number) for one in found]


def test_flood_after_quiet_days_is_found_with_its_ends() -> None:
    counts = {EVENING - number * 7: 1 + number % 3 for number in range(1, 40)}
    counts |= {EVENING: 80, EVENING + 1: 120, EVENING + 3: 60}
    assert spans(find_bursts(counts)) == [(EVENING, EVENING + 4, 260)]


def test_two_floods_are_told_apart_newest_first() -> None:
    counts = {EVENING - number * 7: 2 for number in range(1, 40)} | {EVENING: 50, EVENING + 30: 70}
    assert spans(find_bursts(counts)) == [(EVENING + 30, EVENING + 31, 70), (EVENING, EVENING + 1, 50)]


def test_flood_of_a_whole_evening_does_not_become_the_usual() -> None:
    counts = {EVENING - number * 7: 2 for number in range(1, 40)}
    counts |= {EVENING + number: 100 for number in range(36)}
    assert spans(find_bursts(counts)) == [(EVENING, EVENING + 36, 3600)]


@pytest.mark.parametrize(
    "counts",
    [
        {},
        {EVENING: 19},
        {EVENING + number: 1 + number % 12 for number in range(50)},
        {EVENING + number: 40 + number % 5 for number in range(50)},
        {EVENING + number: 60 if number % 2 else 25 for number in range(50)},
    ],
    ids=["nothing", "few", "quiet", "busy", "busy by day"],
)
def test_usual_days_are_no_burst(counts: dict[int, int]) -> None:
    assert find_bursts(counts) == []


def test_first_rush_is_told() -> None:
    assert spans(find_bursts({EVENING: 200})) == [(EVENING, EVENING + 1, 200)]
    assert spans(find_bursts({EVENING: 200, EVENING + 1: 300})) == [(EVENING, EVENING + 2, 500)]


@pytest.mark.django_db
def test_only_what_citizens_sent_lately_counts(campaign: Campaign, post_campaign: Campaign) -> None:
    now = timezone.now()
    at = now - timedelta(hours=5)
    for number in range(22):
        made = personas.make_contribution(campaign, created_at=at)
        if number == 0:
            withdraw(made)
        personas.make_contribution(campaign, created_at=at - timedelta(hours=3), source=Source.CITY)
        personas.make_contribution(post_campaign, created_at=at)
        personas.make_contribution(campaign, created_at=at - timedelta(days=5))
    [found] = bursts_of(campaign, now)
    assert found.number == 21
    assert found.start <= at < found.end
