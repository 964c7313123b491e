"""Who hears of what: each once, in time, and nothing that is not public."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db.models import F
from django.utils import timezone

from engagement.models import (
    Document,
    DocumentKind,
    Event,
    EventStatus,
    Happening,
    Letter,
    Notice,
    Plan,
    Rhythm,
    Update,
)
from engagement.services.subscriptions import noting
from mapping.models import Campaign, Contribution, District, DistrictLayer, Publication, Reply
from mapping.services.erase import withdraw
from mapping.services.moderation import moderate
from tests import personas
from tests.engagement.making import (
    add_date,
    make_body,
    make_document,
    make_event,
    make_plan,
    make_session,
    make_update,
)
from tests.engagement.subscriptions.making import deliver, make_subscriber, make_subscription
from tests.engagement.subscriptions.post import PostOffice

pytestmark = pytest.mark.django_db
HERE = Point(*personas.TOWN_HALL, srid=4326)
FAR = Point(8.9, 50.1, srid=4326)


@pytest.fixture(autouse=True)
def known(campaign: Campaign) -> None:
    """The campaign itself is no news any more."""
    noting.note_happenings()


def told(post: PostOffice) -> dict[str, int]:
    """How many mails each reader got since the last call."""
    deliver()
    found = {reader: post.recipients.count(reader) for reader in post.recipients}
    post.recipients.clear()
    return found


def note_for_this_morning() -> None:
    """Note what is new as if it were noted days ago, so that daily mails are due."""
    noting.note_happenings()
    Notice.objects.update(noted_at=timezone.now() - timedelta(days=2))


def district() -> District:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    area = HERE.buffer(0.01)
    assert isinstance(area, Polygon)
    return District.objects.create(layer=layer, code="1", name="Centre", geom=MultiPolygon(area, srid=4326))


def test_new_date_reaches_all_whom_it_concerns_once(post: PostOffice, campaign: Campaign) -> None:
    body = make_body()
    subjects: dict[str, dict[str, Any]] = {
        "calendar": {},
        "campaign": {"campaign": campaign},
        "body": {"body": body},
        "district": {"district": district()},
        "circle": {"kind": "circle", "place": HERE, "radius_metres": 500},
    }
    readers = {
        name: make_subscription(make_subscriber(mail=f"{name}@example.org"), **fields)
        for name, fields in subjects.items()
    }
    elsewhere = personas.make_campaign("elsewhere", with_categories=False)
    noting.note_happenings()
    Notice.objects.all().delete()
    make_subscription(make_subscriber(mail="far@example.org"), kind="circle", place=FAR, radius_metres=500)
    make_subscription(make_subscriber(mail="else@example.org"), campaign=elsewhere)
    make_subscription(make_subscriber(mail="maybe@example.org"), confirmed_at=None)
    make_subscription(make_subscriber(mail="gone@example.org", suspended_at=timezone.now()))
    both = make_subscriber(mail="both@example.org")
    make_subscription(both, rhythm="weekly")
    make_subscription(both, campaign=campaign)
    session = make_session(body)
    session.event.campaigns.add(campaign)
    Event.objects.update(place=HERE)
    assert told(post) == {f"{name}@example.org": 1 for name in [*readers, "both"]}
    assert told(post) == {}
    mail = post.mails[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/subscriptions/end/" in mail["List-Unsubscribe"]
    assert session.event.title in post.words()
    assert "https://beteiligung.example.org/events/" in post.words()
    assert "src=" not in post.html()
    assert "url(" not in post.html()


def test_drafts_are_told_when_they_become_public(post: PostOffice, campaign: Campaign) -> None:
    make_subscription()
    make_subscription(campaign=campaign)
    event = make_event(None, campaign, is_draft=True)
    document = make_document(campaign=campaign, is_draft=True)
    update = make_update(campaign, published_at=timezone.now() + timedelta(days=1))
    assert told(post) == {}
    Event.objects.filter(pk=event.pk).update(is_draft=False)
    Document.objects.filter(pk=document.pk).update(is_draft=False)
    Update.objects.filter(pk=update.pk).update(published_at=timezone.now())
    assert sorted(told(post).values()) == [1, 1]
    words = post.words(0) + post.words(1)
    assert all(one.title in words for one in (event, document, update))


def test_what_becomes_a_draft_again_is_in_no_letter(post: PostOffice) -> None:
    make_subscription(rhythm=Rhythm.DAILY)
    event = make_event()
    noting.note_happenings()
    Notice.objects.update(noted_at=timezone.now() - timedelta(days=2))
    noting.write_letters()
    assert Letter.objects.exists()
    Event.objects.filter(pk=event.pk).update(is_draft=True)
    assert told(post) == {}
    assert not Letter.objects.exists()


def test_moved_and_cancelled_dates_are_told(post: PostOffice) -> None:
    make_subscription()
    event = make_event()
    assert len(told(post)) == 1
    date = event.dates.get()
    before = date.starts_at
    for status, words in ((EventStatus.MOVED, "Termin verschoben"), (EventStatus.CANCELLED, "Abgesagt")):
        date.previous_starts_at, date.starts_at, date.ends_at = (
            before,
            before + timedelta(days=1),
            before + timedelta(days=2),
        )
        date.status, date.reason = status, "A storm"
        date.save()
        assert len(told(post)) == 1
        assert words in post.words()
        assert "A storm" in post.words()
        assert told(post) == {}


def test_date_that_takes_place_after_all_is_not_told_as_cancelled(post: PostOffice) -> None:
    event = make_event()
    noting.note_happenings()
    make_subscription(rhythm=Rhythm.DAILY)
    event.dates.update(status=EventStatus.CANCELLED, reason="A storm")
    note_for_this_morning()
    event.dates.update(status=EventStatus.PLANNED, reason="")
    assert told(post) == {}


def test_date_that_was_moved_and_then_cancelled_is_told_as_cancelled_alone(post: PostOffice) -> None:
    event = make_event()
    noting.note_happenings()
    make_subscription(rhythm=Rhythm.DAILY)
    event.dates.update(status=EventStatus.MOVED, starts_at=F("starts_at") + timedelta(hours=1))
    note_for_this_morning()
    event.dates.update(status=EventStatus.CANCELLED, reason="A storm")
    note_for_this_morning()
    assert len(told(post)) == 1
    assert "Abgesagt" in post.words()
    assert "Termin verschoben" not in post.words()


def test_new_series_is_told_with_its_dates_ahead(post: PostOffice) -> None:
    make_subscription()
    zone = ZoneInfo("Europe/Berlin")
    event = make_event(datetime(2090, 3, 2, 18, tzinfo=zone))
    for year in (2021, 2022, 2023):
        add_date(event, datetime(year, 3, 2, 18, tzinfo=zone))
    assert len(told(post)) == 1
    assert "2090, 18–20 Uhr" in post.words()
    assert "202" not in post.words().replace("2020", "").partition("https")[0]


def test_event_whose_dates_were_all_cancelled_since_is_no_new_date(post: PostOffice) -> None:
    make_subscription(rhythm=Rhythm.DAILY)
    event = make_event()
    note_for_this_morning()
    event.dates.update(status=EventStatus.CANCELLED)
    assert told(post) == {}


def test_moved_days_are_told_in_the_time_zone_of_their_event_without_times(post: PostOffice) -> None:
    make_subscription()
    zone = ZoneInfo("Asia/Tokyo")
    event = make_event(datetime(2090, 3, 2, tzinfo=zone), hours=24, is_all_day=True, time_zone=zone.key)
    told(post)
    before = event.dates.get().starts_at
    event.dates.update(
        status=EventStatus.MOVED,
        previous_starts_at=before,
        starts_at=before + timedelta(days=1),
        ends_at=before + timedelta(days=2),
    )
    assert len(told(post)) == 1
    assert "3. März 2090" in post.words()
    assert "2. März 2090" in post.words()
    assert "Uhr" not in post.words()


def test_news_lead_to_their_own_page(post: PostOffice, campaign: Campaign) -> None:
    make_subscription(campaign=campaign)
    update = make_update(campaign)
    assert len(told(post)) == 1
    assert update.get_absolute_url() in post.words()


def test_past_dates_and_old_papers_are_no_news(post: PostOffice, campaign: Campaign) -> None:
    make_subscription()
    make_subscription(campaign=campaign)
    make_event(timezone.now() - timedelta(days=3), campaign)
    make_document(campaign=campaign, changed_at=timezone.now() - timedelta(days=99))
    assert told(post) == {}


def test_plans_and_their_changes_are_told(post: PostOffice) -> None:
    make_subscription(kind="circle", place=HERE, radius_metres=500)
    plan = make_plan(place=HERE)
    make_subscription(plan=plan)
    assert len(told(post)) == 1
    plan.changes.create(text="The square gets larger", changed_at=timezone.now())
    assert len(told(post)) == 1
    assert "The square gets larger" in post.words()
    Plan.objects.update(is_draft=True)
    plan.changes.create(text="Another one")
    assert told(post) == {}


def test_minutes_reach_those_who_follow_the_body(post: PostOffice) -> None:
    session = make_session()
    noting.note_happenings()
    make_subscription(body=session.body)
    make_document(session=session, kind=DocumentKind.MINUTES)
    assert len(told(post)) == 1
    assert "Protokoll" in post.words()


def test_contributions_and_replies_reach_neighbours(post: PostOffice, published: Contribution) -> None:
    make_subscription(make_subscriber(mail="near@example.org"), kind="circle", place=HERE, radius_metres=5000)
    make_subscription(make_subscriber(mail="topic@example.org"), category=published.category)
    make_subscription(make_subscriber(mail="whole@example.org"), campaign=published.campaign)
    assert told(post) == {"near@example.org": 1, "topic@example.org": 1}
    Reply.objects.create(contribution=published, status="planned", text="We build it.")
    assert told(post) == {"near@example.org": 1, "topic@example.org": 1, "whole@example.org": 1}
    assert "We build it." in post.words()


def test_author_hears_of_review_and_reply_and_others_do_not(
    post: PostOffice, pending: Contribution, manager: Any
) -> None:
    make_subscription(make_subscriber(mail="author@example.org"), contribution=pending, is_author=True)
    make_subscription(make_subscriber(mail="other@example.org"), contribution=pending)
    moderate.reject(pending, manager, reason="It names a neighbour")
    assert told(post) == {"author@example.org": 1}
    assert "It names a neighbour" in post.words()
    assert "/mine/" in post.words()
    Reply.objects.create(contribution=pending, status="planned", text="In private.")
    assert told(post) == {"author@example.org": 1}
    withdraw(pending)
    assert not Happening.objects.filter(contribution=pending.pk).exists()
    assert told(post) == {}


def test_author_hears_only_of_the_review_that_holds(
    post: PostOffice, pending: Contribution, manager: Any
) -> None:
    make_subscription(contribution=pending, is_author=True, rhythm=Rhythm.DAILY)
    moderate.publish(pending, manager)
    note_for_this_morning()
    pending.refresh_from_db()
    moderate.reject(pending, manager, reason="It names a neighbour")
    note_for_this_morning()
    assert len(told(post)) == 1
    assert "Ihr Beitrag wurde nicht veröffentlicht" in post.words()
    assert post.words().count("/mine/") == 2  # the contribution's page, and that of all subscriptions


def test_protected_campaigns_tell_nothing_of_single_contributions(post: PostOffice) -> None:
    cells = personas.make_campaign("cells", publication=Publication.CELLS)
    noting.note_happenings()
    contribution = personas.make_contribution(cells)
    make_subscription(kind="circle", place=HERE, radius_metres=5000)
    make_subscription(category=contribution.category)
    make_subscription(campaign=cells)
    make_subscription(contribution=contribution)
    Reply.objects.create(contribution=contribution, status="planned", text="In private.")
    assert told(post) == {}


def test_nobody_hears_of_what_was_before_they_confirmed(post: PostOffice, published: Contribution) -> None:
    reply = Reply.objects.create(contribution=published, status="planned", text="We build it.")
    Reply.objects.filter(pk=reply.pk).update(created_at=timezone.now() - timedelta(days=2))
    make_subscription(contribution=published)
    assert told(post) == {}


def test_results_reach_authors(post: PostOffice, published: Contribution) -> None:
    make_subscription(contribution=published)
    now = timezone.now()
    Campaign.objects.filter(pk=published.campaign_id).update(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1), outcome="**All** is built."
    )
    assert len(told(post)) == 1
    assert "All is built." in post.words()


@pytest.mark.parametrize(
    ("rhythm", "day", "hour", "expected"),
    [
        (Rhythm.DAILY, 3, 6, 0),  # Tuesday
        (Rhythm.DAILY, 3, 7, 1),
        (Rhythm.WEEKLY, 3, 8, 0),
        (Rhythm.WEEKLY, 9, 6, 0),  # Monday
        (Rhythm.WEEKLY, 9, 7, 1),
    ],
)
def test_digests_come_in_the_morning(rhythm: Rhythm, day: int, hour: int, expected: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    noted = datetime(2026, 3, 2, 12, tzinfo=zone)  # a Monday
    subscription = make_subscription(rhythm=rhythm)
    for number in range(2):
        happening = Happening.objects.create(kind="event", key=str(number))
        Notice.objects.create(subscription=subscription, happening=happening, noted_at=noted)
    at = datetime(2026, 3, day, hour, tzinfo=zone)
    assert noting.write_letters(at) == expected
    assert noting.write_letters(at) == 0
    assert Notice.objects.filter(letter__isnull=False).count() == 2 * expected


@pytest.mark.parametrize(("day", "month"), [(29, 3), (25, 10)])
def test_mornings_of_days_of_23_and_25_hours(day: int, month: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    at = datetime(2026, month, day, 7, 30, tzinfo=zone)
    assert noting.last_morning(at) == datetime(2026, month, day, 7, tzinfo=zone)
    assert noting.last_morning(at - timedelta(hours=1)) == datetime(2026, month, day - 1, 7, tzinfo=zone)


def test_line_breaks_in_titles_break_no_header(post: PostOffice) -> None:
    make_subscription()
    make_event(title="A walk\r\nBcc: b@example.org")
    assert len(told(post)) == 1
    assert "A walk Bcc: b@example.org" in post.mails[-1]["Subject"]
    assert post.mails[-1]["Bcc"] is None
