"""The calendar's page: what stands in it, what is left out, and how much it costs."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import brotli
import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client
from django.utils import timezone

from engagement.models import Event, EventDate, EventKind, EventStatus, Known, Topic
from mapping.base_map import ground_source
from mapping.models import Campaign, District, DistrictLayer, Phase
from tests import personas
from tests.engagement.making import add_date, make_event

BERLIN = ZoneInfo("Europe/Berlin")
JUNE = "2026-06"
IN_JUNE = datetime(2026, 6, 16, 18, tzinfo=BERLIN)
VIEWS = ("month", "week", "list", "map")


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def page(browser: Client, **query: str) -> str:
    response = browser.get("/calendar/", query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_public_dates_and_no_draft(browser: Client, db: None, view: str) -> None:
    place = "POINT(7.77 49.44)"
    make_event(IN_JUNE, title="Walk through the park", place=place)
    make_event(IN_JUNE, title="Secret walk", is_draft=True, place=place)
    shown = page(browser, view=view, day="2026-06-15")
    assert "Walk through the park" in shown
    assert "Secret walk" not in shown


def test_cancelled_date_stays_struck_through_with_its_reason(browser: Client, db: None) -> None:
    event = make_event(IN_JUNE, title="Walk")
    event.dates.update(status=EventStatus.CANCELLED, reason="The park is flooded.")
    shown = page(browser, day=JUNE)
    assert re.search(r"Cancelled</strong> <s><a [^>]*>(<span[^>]*>)?Walk<", shown)
    assert "The park is flooded." in shown


def test_moved_date_names_the_time_before(browser: Client, db: None) -> None:
    event = make_event(IN_JUNE, title="Walk")
    later = IN_JUNE + timedelta(days=2)
    event.dates.update(
        status=EventStatus.MOVED,
        starts_at=later,
        ends_at=later + timedelta(hours=2),
        previous_starts_at=IN_JUNE,
    )
    shown = page(browser, view="list", day=JUNE)
    assert "planned before: <s>Tue 16 June 2026, 18:00</s>" in shown
    assert "Thu 18 June 2026" in shown


def test_begin_end_and_phases_of_campaigns_appear_by_themselves(browser: Client, campaign: Campaign) -> None:
    opens_at = datetime(2026, 6, 1, tzinfo=BERLIN)
    campaign.opens_at, campaign.closes_at = opens_at, datetime(2026, 7, 1, tzinfo=BERLIN)
    campaign.save()
    Phase.objects.create(
        campaign=campaign,
        title="Vote",
        opens_at=opens_at + timedelta(days=14),
        closes_at=campaign.closes_at,
        allows=["support"],
    )
    shown = page(browser, day=JUNE)
    assert shown.index("Participation begins") < shown.index("New phase") < shown.index("Participation ends")
    # An end at midnight is the evening of the day before.
    last_day = shown[shown.index('datetime="2026-06-30"') :]
    assert "Participation ends" in last_day
    assert "Participation ends" not in page(browser, day="2026-07")


def test_draft_campaign_does_not_appear(browser: Client, draft_campaign: Campaign) -> None:
    Campaign.objects.filter(pk=draft_campaign.pk).update(opens_at=IN_JUNE)
    assert draft_campaign.title not in page(browser, day=JUNE)
    assert "Nothing" not in page(browser, day=JUNE, campaign=draft_campaign.slug)
    assert draft_campaign.title not in page(browser, day=JUNE, campaign=draft_campaign.slug)


@pytest.fixture
def four(campaign: Campaign) -> list[Event]:
    """Four events, each of which another filter finds."""
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    square = MultiPolygon(Polygon.from_bbox((7.7, 49.4, 7.8, 49.5)))
    ward = District.objects.create(layer=layer, code="north", name="North", geom=square)
    return [
        make_event(IN_JUNE, title="Digital one", kind=EventKind.DIGITAL),
        make_event(IN_JUNE, title="Green one", topic=Topic.GREEN),
        make_event(IN_JUNE, campaign, title="Northern one", district=ward),
        make_event(IN_JUNE, title="Accessible one", step_free=Known.YES, kind=EventKind.HYBRID),
    ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"kind": "digital"}, {"Digital one", "Accessible one"}),
        ({"topic": "green"}, {"Green one"}),
        ({"district": "north"}, {"Northern one"}),
        ({"campaign": "fear-spaces"}, {"Northern one"}),
        ({"accessible": "true"}, {"Accessible one"}),
        ({"accessible": "true", "topic": "green"}, set()),
    ],
)
def test_filters_find_what_fits(
    browser: Client, four: list[Event], query: dict[str, str], titles: set[str]
) -> None:
    for view in ("month", "list"):
        shown = page(browser, view=view, day=JUNE, **query)
        assert {one.title for one in four if one.title in shown} == titles


@pytest.mark.parametrize(
    "query",
    [
        {"day": "2026-13"},
        {"day": "99999-01-01"},
        {"day": "0001-01"},
        {"day": "9999-12-31"},
        {"day": "\0"},
        {"day": "2026-06-31"},
        {"view": "nonsense"},
        {"kind": "nonsense"},
        {"topic": "\0"},
        {"district": "9" * 500},
        {"campaign": "'; drop table"},
        {"accessible": "maybe"},
        {"nonsense": "1"},
    ],
)
def test_what_means_nothing_is_left_out(browser: Client, db: None, query: dict[str, str]) -> None:
    make_event(timezone.now() + timedelta(minutes=1), title="Walk")
    assert "Walk" in page(browser, **query)


@pytest.mark.parametrize("view", VIEWS)
def test_links_to_earlier_and_later_come_to_an_end(browser: Client, db: None, view: str) -> None:
    shown = page(browser, view=view, day="2100-12-31")
    assert "Later" not in shown


def test_list_goes_on_where_it_ended(browser: Client, db: None) -> None:
    event = make_event(IN_JUNE, title="Day 0", rule="FREQ=DAILY;COUNT=120")
    for number in range(1, 120):
        add_date(event, IN_JUNE + timedelta(days=number))
    seen = []
    address = "/calendar/?view=list&day=2026-06-01"
    for _step in range(5):
        shown = browser.get(address).content.decode()
        seen += re.findall(r'datetime="(2026-\d\d-\d\d)"', shown)
        following = re.search(r'href="(\?[^"]*)"[^>]*>Later', shown)
        if following is None:
            break
        address = f"/calendar/{following[1].replace('&amp;', '&')}"
    assert len(seen) == len(set(seen)) == 120


def test_more_dates_than_a_day_holds_are_counted_and_linked(browser: Client, db: None) -> None:
    for _ in range(8):
        make_event(IN_JUNE)
    shown = page(browser, day=JUNE)
    assert "5 more dates" in shown
    assert "view=list&amp;day=2026-06-16" in shown


def test_date_of_several_days_is_shown_in_a_later_month(browser: Client, db: None) -> None:
    make_event(IN_JUNE, title="Long exhibition", hours=24 * 30)
    assert "Long exhibition" in page(browser, day="2026-07")


@pytest.mark.parametrize("view", VIEWS)
def test_number_of_queries_does_not_grow(
    browser: Client, campaign: Campaign, view: str, django_assert_max_num_queries: Any
) -> None:
    def fill(number: int) -> None:
        for _ in range(number):
            make_event(IN_JUNE, campaign, place="POINT(7.77 49.44)")
            one = personas.make_campaign(f"more-{Campaign.objects.count()}", with_categories=False)
            Campaign.objects.filter(pk=one.pk).update(opens_at=IN_JUNE)
            one.phases.create(title="Vote", opens_at=IN_JUNE, closes_at=IN_JUNE + timedelta(days=1))

    ground_source()  # is kept for a while by the first map
    fill(1)
    with django_assert_max_num_queries(12) as few:
        page(browser, view=view, day=JUNE)
    fill(10)
    with django_assert_max_num_queries(12) as many:
        page(browser, view=view, day=JUNE)
    assert len(few.captured_queries) == len(many.captured_queries)


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_page_is_small_with_five_thousand_events(browser: Client, db: None, view: str) -> None:
    events = Event.objects.bulk_create(
        Event(
            slug=f"event-{number}",
            title=f"Event number {number} about streets",
            place_name=f"Room {number}",
            place=Point(7.77, 49.44),
            is_draft=False,
        )
        for number in range(5000)
    )
    EventDate.objects.bulk_create(
        EventDate(
            event=one,
            original_starts_at=(at := IN_JUNE + timedelta(hours=number % 720)),
            starts_at=at,
            ends_at=at + timedelta(hours=2),
        )
        for number, one in enumerate(events)
    )
    response = browser.get("/calendar/", {"view": view, "day": JUNE})
    assert len(brotli.compress(response.content, quality=4)) <= 60_000


def test_calendar_is_one_click_away_from_every_page(browser: Client, campaign: Campaign) -> None:
    for address in ("/", "/help/", "/campaigns/fear-spaces/", "/nowhere/"):
        assert 'href="/calendar/"' in browser.get(address).content.decode()


def test_home_page_and_campaign_lead_to_dates(browser: Client, campaign: Campaign) -> None:
    make_event(None, campaign, title="Walk through the park")
    make_event(None, campaign, title="Secret walk", is_draft=True)
    home = browser.get("/").content.decode()
    assert "Next dates" in home
    assert "Walk through the park" in home
    assert "Secret walk" not in home
    assert "view=list&amp;campaign=fear-spaces" in browser.get("/campaigns/fear-spaces/").content.decode()


def test_campaign_without_dates_has_no_tab(browser: Client, campaign: Campaign) -> None:
    make_event(None, campaign, is_draft=True)
    assert "view=list&amp;campaign" not in browser.get("/campaigns/fear-spaces/").content.decode()


@pytest.mark.parametrize(("days", "is_said"), [(-1, True), (1, False)])
def test_month_without_further_dates_leads_to_the_next_ones(
    browser: Client, db: None, monkeypatch: pytest.MonkeyPatch, days: int, is_said: bool
) -> None:
    """Phones show no past days of this month, so nothing would be left to see."""
    monkeypatch.setattr(timezone, "now", lambda: IN_JUNE)
    make_event(IN_JUNE + timedelta(days=days))
    assert ("No more dates this month." in page(browser)) is is_said
