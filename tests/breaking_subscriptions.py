"""The same for subscriptions and mails, for `tests.breaking_engagement`."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.gis.geos import Point

from engagement.models import ConsentRecord, Happening, Letter, Notice, Subscriber, Subscription
from mapping.models import Contribution

Break = Callable[[Contribution], object]
PLACE = Point(7.7, 49.4, srid=4326)


def subscriber(**fields: Any) -> Subscriber:
    return Subscriber.objects.create(**({"mail": f"{uuid.uuid4().hex}@example.org"} | fields))


def subscription(**fields: Any) -> Subscription:
    values = {"subscriber": fields.pop("to", None) or subscriber(), "kind": "calendar"}
    return Subscription.objects.create(**(values | fields))


def letter(**fields: Any) -> Letter:
    return Letter.objects.create(**({"kind": "overview", "subscriber": subscriber()} | fields))


def subscription_twice(_: Contribution) -> None:
    first = subscription()
    subscription(to=first.subscriber)


def happening_twice(_: Contribution) -> None:
    for _time in range(2):
        Happening.objects.create(kind="event", key="1")


def notice_twice(_: Contribution) -> None:
    happening, hears = Happening.objects.create(kind="event", key="1"), subscription()
    for _time in range(2):
        Notice.objects.create(happening=happening, subscription=hears)


OF_SUBSCRIPTIONS: list[tuple[str, Break]] = [
    ("subscriber_language", lambda _: subscriber(language="xx")),
    ("subscription_about_one_subject", lambda _: subscription(kind="gossip")),
    ("subscription_about_one_subject", lambda _: subscription(kind="campaign")),
    ("subscription_about_one_subject", lambda _: subscription(kind="circle", place=PLACE)),
    ("subscription_about_one_subject", lambda stored: subscription(campaign=stored.campaign)),
    ("subscription_of_an_author", lambda _: subscription(is_author=True)),
    ("subscription_radius", lambda _: subscription(kind="circle", place=PLACE, radius_metres=7)),
    ("subscription_rhythm", lambda _: subscription(rhythm="always")),
    ("subscription_once_per_subject", subscription_twice),
    (
        "consentrecord_what",
        lambda _: ConsentRecord.objects.create(key=b"1", what="maybe", subject="calendar", wording=1),
    ),
    ("happening_once", happening_twice),
    ("happening_kind", lambda _: Happening.objects.create(kind="gossip", key="1")),
    ("letter_kind", lambda _: letter(kind="gossip")),
    ("letter_state", lambda _: letter(state="lost")),
    ("letter_to_one_reader", lambda _: letter(subscriber=None)),
    ("letter_to_one_reader", lambda _: letter(kind="staff")),
    ("letter_to_one_reader", lambda _: letter(kind="registration", about="state")),
    ("letter_about", lambda _: letter(about="reminder")),
    ("letter_of_a_subscription", lambda _: letter(kind="news")),
    ("notice_once", notice_twice),
]
