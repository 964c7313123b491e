"""Reminders of dates to those who follow a campaign or a body; titles of campaigns in the reader's language."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from engagement.models import EventDate, Happening, HappeningKind, Notice
from engagement.services.subscriptions import links, noting
from mapping.models import Campaign, Contribution, Reply
from tests import personas
from tests.engagement.making import add_date, make_body, make_event, make_session
from tests.engagement.subscriptions.making import deliver, make_subscriber, make_subscription
from tests.engagement.subscriptions.post import PostOffice
from tests.translated.world import offer, translate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(campaign: Campaign) -> None:
    """The campaign itself is no news any more."""
    noting.note_happenings()


def announced(date: EventDate, days: int = 30) -> EventDate:
    """As if its event had been announced so many days ago."""
    noting.note_happenings()
    Happening.objects.filter(key=str(date.event_id)).update(happened_at=timezone.now() - timedelta(days=days))
    Notice.objects.all().delete()
    return date


def bring_near(date: EventDate) -> None:
    """As if some days had passed."""
    EventDate.objects.filter(pk=date.pk).update(starts_at=in_hours(30))


def in_hours(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def test_later_dates_of_a_series_are_brought_to_mind(post: PostOffice, campaign: Campaign) -> None:
    for name, rhythm in (("at-once", "at_once"), ("weekly", "weekly")):
        make_subscription(make_subscriber(mail=f"{name}@example.org"), campaign=campaign, rhythm=rhythm)
    make_subscription(make_subscriber(mail="calendar@example.org"))
    event = make_event(in_hours(24 * 30), campaign, title="Walk", place_name="Hall")
    date = announced(add_date(event, in_hours(72)))
    deliver()
    assert post.mails == []
    bring_near(date)
    deliver()
    deliver()
    assert post.recipients == ["at-once@example.org"]
    assert post.mails[0]["Subject"] == "Demnächst: Walk"
    assert "Hall" in post.words()


def test_sessions_are_brought_to_mind_of_those_who_follow_the_body(post: PostOffice) -> None:
    body = make_body()
    make_subscription(body=body)
    session = make_session(body, in_hours(72))
    bring_near(announced(session.event.dates.get()))
    deliver()
    assert len(post.mails) == 1


@pytest.mark.parametrize("what", ["announced lately", "cancelled", "draft"])
def test_nobody_is_reminded_of(post: PostOffice, campaign: Campaign, what: str) -> None:
    make_subscription(campaign=campaign)
    event = make_event(in_hours(72), campaign)
    date = event.dates.get()
    announced(date, days=4 if what == "announced lately" else 30)
    bring_near(date)
    EventDate.objects.filter(pk=date.pk).update(status="cancelled" if what == "cancelled" else "planned")
    event.is_draft = what == "draft"
    event.save()
    noting.note_happenings()
    reminders = Notice.objects.filter(happening__kind=HappeningKind.REMINDER)
    assert not reminders.exists()


def test_titles_of_campaigns_are_in_the_language_of_the_reader(
    post: PostOffice, published: Contribution
) -> None:
    campaign = published.campaign
    translate(offer(campaign), "en")
    for language in ("de", "en"):
        make_subscription(
            make_subscriber(language=language, mail=f"{language}@example.org"), campaign=campaign
        )
    Reply.objects.create(contribution=published, status="planned", text="We build it.")
    deliver()
    german, english = (post.words(post.recipients.index(f"{one}@example.org")) for one in ("de", "en"))
    assert campaign.title in german
    assert f"en {campaign.title}" not in german
    assert english.count(f"en {campaign.title}") == 2  # the subscription, and what it is about


def test_own_page_names_campaigns_in_its_language_with_one_query_more(
    campaign: Campaign, django_assert_max_num_queries: Any
) -> None:
    reader = make_subscriber()
    for one in (campaign, personas.make_campaign("other")):
        translate(offer(one), "en")
        make_subscription(reader, campaign=one)
        make_subscription(reader, category=one.categories.first())
    browser = Client()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with django_assert_max_num_queries(4):
        page = browser.get(f"/subscriptions/mine/{links.mine_token(reader)}/").content.decode()
    assert page.count(f"en {campaign.title}: en ") >= 1
