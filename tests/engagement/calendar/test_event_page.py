"""The page of an event, its pictures, and what search engines read of it."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from engagement.models import Event, EventKind, EventStatus, Known
from mapping.models import Campaign
from tests import personas
from tests.engagement.making import add_date, make_document, make_editor, make_event

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2036, 7, 1, 18, tzinfo=BERLIN)


def page(event: Event, language: str = "en") -> str:
    client = Client()
    client.cookies["django_language"] = language
    response = client.get(event.get_absolute_url())
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def jsonld(event: Event) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(event))
    assert found is not None
    read: list[dict[str, Any]] = json.loads(found[1])
    return read


def test_page_has_everything_about_the_event(campaign: Campaign) -> None:
    event = make_event(
        SUMMER,
        campaign,
        title="Walk",
        summary="Look at trees",
        description="Bring **water**.",
        organiser="Green office",
        contact="0631 1",
        languages=["de", "tr"],
        place_name="Town hall",
        address="Platz 1",
        place="POINT(7.77 49.44)",
        step_free=Known.YES,
        hearing_loop=Known.NO,
        accessibility="Lift at the back.",
        registration_hint="Just come.",
    )
    make_document(event=event, title="Plan of the walk")
    make_document(event=event, title="Secret plan", is_draft=True)
    shown = page(event)
    for words in (
        "Tue 1 July 2036, 18:00–20:00",
        "CEST (Europe/Berlin)",
        "<strong>water</strong>",
        "Green office",
        "Turkish",
        "Town hall",
        "contribution-shape",
        "Step-free access: yes",
        "Induction loop: no",
        "Lift at the back.",
        "Just come.",
        campaign.title,
        "Plan of the walk",
        "On site",
    ):
        assert words in shown
    assert "Secret plan" not in shown
    assert "Accessible toilet" not in shown


def test_times_are_german_on_german_pages(db: None) -> None:
    assert "Di., 1. Juli 2036, 18–20 Uhr" in page(make_event(SUMMER), "de")
    assert "18–20 Uhr (EDT)" in page(
        make_event(SUMMER.replace(tzinfo=ZoneInfo("America/New_York")), time_zone="America/New_York"), "de"
    )


def test_draft_is_there_for_those_who_edit_it(db: None) -> None:
    event = make_event(SUMMER, is_draft=True)
    assert Client().get(event.get_absolute_url()).status_code == 404
    response = personas.staff_browser(make_editor()).get(event.get_absolute_url())
    assert response.status_code == 200
    assert b"application/ld+json" not in response.content


def test_draft_campaign_is_not_named(draft_campaign: Campaign) -> None:
    assert draft_campaign.title not in page(make_event(SUMMER, draft_campaign))


def test_link_is_hidden_where_it_is_for_those_who_registered(db: None) -> None:
    link = "https://example.org/room"
    shown = page(make_event(SUMMER, kind=EventKind.DIGITAL, online_link=link))
    assert f'href="{link}"' in shown
    hidden = make_event(SUMMER, kind=EventKind.DIGITAL, online_link=link, hides_online_link=True)
    assert link not in page(hidden)
    assert "Those who registered get the link." in page(hidden)


def test_registration_is_offered_while_it_is_open(db: None) -> None:
    event = make_event(SUMMER, takes_registrations=True)
    assert f'href="/events/{event.slug}/register/"' in page(event)
    event.dates.update(status=EventStatus.CANCELLED)
    assert "/register/" not in page(event)
    assert "/register/" not in page(make_event(SUMMER))


def test_past_date_has_report_and_pictures(db: None, settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    event = make_event(timezone.now() - timedelta(days=3), title="Walk")
    one = event.dates.get()
    one.report = "We saw *ten* trees."
    one.save()
    image = one.images.create(
        file=ContentFile(b"jpeg", name="a.jpg"), alt="Ten trees", width=8, height=8, digest=b"1" * 32
    )
    shown = page(event)
    assert "We saw <em>ten</em> trees." in shown
    assert 'alt="Ten trees"' in shown
    response = Client().get(f"/images/{image.pk}.jpg")
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    Event.objects.filter(pk=event.pk).update(is_draft=True)
    assert Client().get(f"/images/{image.pk}.jpg").status_code == 404


@pytest.mark.parametrize(
    ("kind", "mode", "places"),
    [
        (EventKind.ON_SITE, "Offline", ["Place"]),
        (EventKind.DIGITAL, "Online", ["VirtualLocation"]),
        (EventKind.HYBRID, "Mixed", ["Place", "VirtualLocation"]),
    ],
)
def test_search_engines_read_where_it_is(db: None, kind: EventKind, mode: str, places: list[str]) -> None:
    [found] = jsonld(make_event(SUMMER, kind=kind, place_name="Town hall", place="POINT(7.77 49.44)"))
    assert found["eventAttendanceMode"] == f"https://schema.org/{mode}EventAttendanceMode"
    location = found["location"] if isinstance(found["location"], list) else [found["location"]]
    assert [one["@type"] for one in location] == places
    assert found["startDate"] == "2036-07-01T18:00:00+02:00"


def test_search_engines_read_what_was_moved_and_cancelled(db: None) -> None:
    event = make_event(SUMMER)
    moved = add_date(event, SUMMER + timedelta(days=1), status=EventStatus.MOVED)
    moved.previous_starts_at, moved.starts_at = moved.starts_at, moved.starts_at + timedelta(hours=1)
    moved.save()
    add_date(event, SUMMER + timedelta(days=2), status=EventStatus.CANCELLED)
    scheduled, rescheduled, cancelled = jsonld(event)
    assert scheduled["eventStatus"].endswith("EventScheduled")
    assert rescheduled["eventStatus"].endswith("EventRescheduled")
    assert rescheduled["previousStartDate"] == "2036-07-02T18:00:00+02:00"
    assert cancelled["eventStatus"].endswith("EventCancelled")


def test_all_day_dates_are_days_for_search_engines(db: None) -> None:
    start = datetime(2036, 10, 26, tzinfo=BERLIN)  # a day of 25 hours
    event = make_event(start, is_all_day=True)
    event.dates.update(ends_at=datetime(2036, 10, 27, tzinfo=BERLIN).astimezone(UTC))
    [found] = jsonld(event)
    assert (found["startDate"], found["endDate"]) == ("2036-10-26", "2036-10-26")


def test_title_cannot_leave_the_data_block(db: None) -> None:
    event = make_event(SUMMER)
    Event.objects.filter(pk=event.pk).update(title="</script><script>alert(1)</script>")
    event.refresh_from_db()
    assert "<script>alert" not in page(event)
    assert jsonld(event)[0]["name"] == "</script><script>alert(1)</script>"


def test_number_of_queries_does_not_grow_with_the_series(
    campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    event = make_event(SUMMER, campaign)
    add_date(event, timezone.now() - timedelta(days=60))
    with django_assert_max_num_queries(12) as few:
        page(event)
    for number in range(1, 30):
        add_date(event, SUMMER + timedelta(days=number))
        add_date(event, timezone.now() - timedelta(days=number))
        make_document(event=event)
    with django_assert_max_num_queries(12) as many:
        page(event)
    assert len(few.captured_queries) == len(many.captured_queries)
