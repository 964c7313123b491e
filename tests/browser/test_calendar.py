"""Dates as citizens meet them: on a phone and at a desk, by map, on paper; judged by axe in every view."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from engagement.models import Event, EventKind, EventStatus, Known
from mapping.models import Campaign
from tests.browser.judge import Judge
from tests.engagement.making import add_date, make_event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def walk(campaign: Campaign) -> Event:
    """An event with a place; one date was moved, one cancelled, one is over."""
    soon = timezone.now() + timedelta(hours=1)
    event = make_event(
        soon,
        campaign,
        slug="walk",
        title="Walk through the park",
        kind=EventKind.HYBRID,
        online_link="https://example.org/room",
        place_name="Gate of the park",
        place="POINT(7.77 49.44)",
        step_free=Known.YES,
        hearing_loop=Known.NO,
        takes_registrations=True,
        languages=["de", "tr"],
    )
    add_date(
        event,
        soon + timedelta(days=1),
        status=EventStatus.MOVED,
        previous_starts_at=soon,
        reason="Because of rain",
    )
    add_date(event, soon + timedelta(days=2), status=EventStatus.CANCELLED, reason="Because of storm")
    add_date(event, soon - timedelta(days=1), report="We saw *ten* trees.")
    return event


def test_calendar_and_event_are_accessible(visit: type_of_visit, device: str, walk: Event) -> None:
    page = visit(device)
    judge = Judge(page)
    for view in ("month", "week", "list", "map"):
        judge.open(f"/calendar/?view={view}&campaign=fear-spaces")
    judge.open(walk.get_absolute_url())
    assert not judge.found, "\n".join(judge.found)


def test_citizen_finds_a_date_from_any_page_and_takes_it_along(visit: type_of_visit, walk: Event) -> None:
    page = visit("phone")
    page.goto("/help/")
    page.get_by_role("navigation", name="Pages of the site").get_by_role("link", name="Calendar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dates at which you can take part")
    page.get_by_role("link", name="List").click()
    page.get_by_role("link", name="Walk through the park").first.click()
    expect(page.get_by_text("Because of rain")).to_be_visible()
    # Only with JavaScript; without it the address stands there.
    expect(page.locator("contribution-map .leaflet-container, #map.leaflet-container")).to_be_visible()
    file = page.get_by_role("link", name="File (.ics)").get_attribute("href") or ""
    assert file.endswith("/events/walk.ics")
    assert "BEGIN:VEVENT" in page.request.get("/events/walk.ics").text()


def test_map_shows_dates_at_one_place_together(visit: type_of_visit, walk: Event) -> None:
    page = visit("desktop")
    page.goto(f"/calendar/?view=map&day={timezone.localdate():%Y-%m}")
    marker = page.locator(".event-marker")
    expect(marker).to_have_count(1)
    marker.click()
    expect(page.locator(".event-popup a").first).to_have_text("Walk through the park")


def test_poster_has_dates_and_address_but_no_controls(visit: type_of_visit, walk: Event) -> None:
    page = visit("desktop")
    page.goto("/calendar/?view=list")
    page.emulate_media(media="print")
    expect(page.locator(".poster__foot")).to_contain_text("/calendar/")
    expect(page.get_by_role("link", name="Walk through the park").first).to_be_visible()
    expect(page.locator(".calendar__filter")).to_be_hidden()
    expect(page.locator(".subscribe")).to_be_hidden()
