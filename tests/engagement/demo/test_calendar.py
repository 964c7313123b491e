"""Sixty events over a year, made once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.demo import calendar
from engagement.models import Event, EventDate, EventKind, EventStatus
from mapping.demo import seed
from tests import personas


@pytest.mark.slow
def test_sixty_events_over_a_year_are_made_once(db: None) -> None:
    campaign = personas.make_campaign("hitze", with_categories=False)
    reported: list[str] = []
    for _ in range(2):
        calendar.fill(reported.append)
    assert reported == ["calendar: 60 events"]
    events = Event.objects.public()
    assert events.count() == 60
    assert set(events.values_list("kind", flat=True)) == set(EventKind.values)
    assert set(EventDate.objects.values_list("status", flat=True)) == set(EventStatus.values)
    assert campaign.events.exists()
    now = timezone.now()
    assert EventDate.objects.filter(starts_at__lt=now - timedelta(days=150)).exists()
    assert EventDate.objects.filter(starts_at__gt=now + timedelta(days=150)).exists()
    assert events.exclude(rule="").count() >= 3
    assert events.get(title__startswith="Nachtspaziergang").dates.get().ends_at.hour == 1
    assert not EventDate.objects.filter(event__is_draft=True).exists()


def test_account_of_that_name_without_the_right_makes_nothing(db: None) -> None:
    personas.make_user(seed.PLANNER)
    reported: list[str] = []
    calendar.fill(reported.append)
    assert reported == []
    assert not Event.objects.exists()
