"""Months, weeks and calendars are kept while nothing of them changes, and no longer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.test import Client
from django.utils import timezone

from engagement.calendar.state import calendar_revision
from engagement.models import Event, EventDate
from engagement.web.calendar import grid
from mapping.models import Campaign, District, DistrictLayer, Phase, Translation
from tests.engagement.making import add_date, make_event
from tests.translated.world import offer, translate

pytestmark = pytest.mark.django_db
PAGE = "/calendar/?view=month"


def noon() -> datetime:
    """A moment of this month, whatever day it is."""
    return timezone.localtime().replace(day=15, hour=12, minute=0, second=0, microsecond=0)


def page(address: str = PAGE) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def district() -> District:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    area = MultiPolygon(Polygon.from_bbox((7.7, 49.4, 7.8, 49.5)), srid=4326)
    return District.objects.create(layer=layer, code="1", name="Centre", geom=area)


def test_month_is_written_once_and_again_after_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[grid.Grid] = []
    write = grid._written

    def note(*values: Any) -> grid.Grid:
        written.append(write(*values))
        return written[-1]

    monkeypatch.setattr(grid, "_written", note)
    event = make_event(noon(), title="Walk")
    for _time in range(3):
        assert "Walk" in page()
    assert len(written) == 1
    Event.objects.filter(pk=event.pk).update(title="Ride")
    assert "Ride" in page()
    assert "Walk" not in page()
    assert len(written) == 2


def test_kept_months_differ_by_language_filter_and_day() -> None:
    make_event(noon(), title="Walk", kind="digital")
    english = Client()
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Mo</span>" in page()
    assert "Mon</span>" in english.get(PAGE).content.decode()
    assert "Walk" not in page(f"{PAGE}&kind=on_site")
    assert "Walk" not in page(f"{PAGE}&day=2031-01-01")
    assert "Walk" in page()


def _moved(event: Event) -> None:
    EventDate.objects.filter(event=event).update(starts_at=noon() - timedelta(hours=1))


def _truncated(_event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE engagement_event CASCADE")


CHANGES: list[Callable[[Event], Any]] = [
    _moved,
    _truncated,
    lambda event: Event.objects.filter(pk=event.pk).update(is_draft=True),
    lambda event: event.delete(),
    lambda event: add_date(event, noon() + timedelta(days=1)),
    lambda event: event.campaigns.clear(),
    lambda event: event.campaigns.update(title="Another title"),
    lambda event: event.campaigns.update(is_draft=True),
    lambda event: Phase.objects.create(
        campaign=event.campaigns.get(),
        title="Collecting",
        opens_at=noon(),
        closes_at=noon() + timedelta(days=9),
    ),
    lambda event: translate(offer(event.campaigns.get()), "en", "title"),
    lambda _event: Translation.objects.update(text="Changed"),
    lambda _event: District.objects.update(code="2"),
]


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_every_change_of_what_is_shown_makes_another_state(campaign: Campaign, number: int) -> None:
    event = make_event(noon(), campaign, district=district())
    translate(offer(campaign), "en", "summary")
    before = calendar_revision()
    assert calendar_revision() == before
    CHANGES[number](event)
    assert calendar_revision() != before


def test_unchanged_calendar_costs_two_queries(django_assert_max_num_queries: Any) -> None:
    make_event(noon())
    browser = Client()
    tag = browser.get("/calendar.ics").headers["ETag"]
    with django_assert_max_num_queries(2):
        assert browser.get("/calendar.ics", headers={"if-none-match": tag}).status_code == 304


def test_calendar_of_a_filter_stays_the_same_when_others_change() -> None:
    make_event(noon(), kind="digital")
    other = make_event(noon(), kind="on_site")
    browser = Client()
    tag = browser.get("/calendar.ics?kind=digital").headers["ETag"]
    Event.objects.filter(pk=other.pk).update(title="Ride", sequence=7)
    answer = browser.get("/calendar.ics?kind=digital", headers={"if-none-match": tag})
    assert answer.status_code == 304
