"""The same for dates and papers, for `tests.breaking`."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib.gis.geos import MultiPoint, Point

from engagement.models import (
    Body,
    BodyMember,
    Document,
    DocumentPage,
    DocumentVersion,
    Event,
    EventDate,
    Image,
    Plan,
    PlanProposal,
    Registration,
    Session,
    Update,
)
from mapping.models import Contribution
from tests import personas
from tests.breaking_city import BOW_TIE
from tests.breaking_subscriptions import OF_SUBSCRIPTIONS

Break = Callable[[Contribution], object]
FAR_POINT = Point(181, 49, srid=4326)
NOW = personas.EPOCH
ORIGIN = "https://council.example.org/1"


def event(**fields: Any) -> Event:
    return Event.objects.create(**({"slug": uuid.uuid4().hex, "title": "A walk"} | fields))


def event_date(**fields: Any) -> EventDate:
    values = {"original_starts_at": NOW, "starts_at": NOW, "ends_at": NOW + timedelta(hours=2)}
    return EventDate.objects.create(**({"event": fields.pop("event", None) or event()} | values | fields))


def event_with(**fields: Any) -> Break:
    return lambda _: event(**fields)


def date_with(**fields: Any) -> Break:
    return lambda _: event_date(**fields)


def date_twice(_: Contribution) -> None:
    first = event_date()
    event_date(event=first.event)


def registration_with(**fields: Any) -> Break:
    return lambda _: Registration.objects.create(date=event_date(), name="A", mail="a@example.org", **fields)


def registration_twice(_: Contribution) -> None:
    day = event_date()
    for name in "AB":
        Registration.objects.create(date=day, name=name, mail="a@example.org")


def body(**fields: Any) -> Body:
    return Body.objects.create(**({"slug": uuid.uuid4().hex, "name": "Working group"} | fields))


def session_with(times: int, **fields: Any) -> Break:
    def make(_: Contribution) -> None:
        group = body()
        for _time in range(times):
            Session.objects.create(body=group, event=event(), **fields)

    return make


def bodies_of_one_origin(_: Contribution) -> None:
    for _time in range(2):
        body(origin=ORIGIN)


def member_who_ends_early(_: Contribution) -> None:
    BodyMember.objects.create(body=body(), name="A", since=date(2026, 2, 1), until=date(2026, 1, 1))


def document(**fields: Any) -> Document:
    return Document.objects.create(**({"title": "Minutes"} | fields))


def documents_of_one_origin(_: Contribution) -> None:
    for _time in range(2):
        document(origin=ORIGIN)


def version(**fields: Any) -> DocumentVersion:
    values = {"number": 1, "file": "a.pdf", "name": "a.pdf", "bytes": 1, "digest": b"1"}
    return DocumentVersion.objects.create(
        **(values | {"document": fields.pop("of", None) or document()} | fields)
    )


def version_twice(_: Contribution) -> None:
    first = version()
    version(of=first.document)


def page_twice(_: Contribution) -> None:
    first = version()
    for text in "ab":
        DocumentPage.objects.create(version=first, number=1, text=text)


def plan(**fields: Any) -> Plan:
    return Plan.objects.create(**({"slug": uuid.uuid4().hex, "title": "A square"} | fields))


def plan_with(**fields: Any) -> Break:
    return lambda _: plan(**fields)


def proposal_with(**fields: Any) -> Break:
    return lambda _: PlanProposal.objects.create(
        **({"plan": plan(), "author_key": b"1", "text": "Ask us"} | fields)
    )


def proposal_twice(_: Contribution) -> None:
    first = plan()
    for text in "ab":
        proposal_with(plan=first, text=text)(_)


def image_with(**fields: Any) -> Break:
    def make(_: Contribution) -> Image:
        values = {"file": "a.jpg", "alt": "People at a table", "width": 1, "height": 1, "digest": b"1"}
        return Image.objects.create(**(values | fields))

    return make


def image_of_two_things(stored: Contribution) -> None:
    update = Update.objects.create(campaign=stored.campaign, title="News", text="It is done.")
    image_with(date=event_date(), update=update)(stored)


def image_without_words(stored: Contribution) -> None:
    image_with(date=event_date(), alt="")(stored)


OF_ENGAGEMENT: list[tuple[str, Break]] = [
    ("event_kind", event_with(kind="maybe")),
    ("event_topic", event_with(topic="gossip")),
    ("event_step_free", event_with(step_free="perhaps")),
    ("event_accessible_toilet", event_with(accessible_toilet="perhaps")),
    ("event_hearing_loop", event_with(hearing_loop="perhaps")),
    ("event_sign_language", event_with(sign_language="perhaps")),
    ("event_languages", event_with(languages=["klingon"])),
    ("event_languages", event_with(language="klingon")),
    ("event_registration_places", event_with(registration_places=0)),
    ("event_place_in_world", event_with(place=FAR_POINT)),
    ("event_place_well_formed", event_with(place=Point(srid=4326))),
    ("eventdate_once_per_event", date_twice),
    ("eventdate_starts_before_it_ends", date_with(ends_at=NOW)),
    ("eventdate_status", date_with(status="maybe")),
    ("registration_state", registration_with(state="maybe")),
    ("registration_people", registration_with(people=0)),
    ("registration_people", registration_with(people=21)),
    ("registration_once_per_address", registration_twice),
    ("body_since_before_until", lambda _: body(since=date(2026, 2, 1), until=date(2026, 1, 1))),
    ("body_origin_once", bodies_of_one_origin),
    ("bodymember_since_before_until", member_who_ends_early),
    ("session_number_once_per_body", session_with(2, number=1)),
    ("session_origin_once", session_with(2, origin=ORIGIN)),
    ("document_kind", lambda _: document(kind="gossip")),
    ("document_topic", lambda _: document(topic="gossip")),
    ("document_origin_once", documents_of_one_origin),
    ("documentversion_number_once", version_twice),
    ("documentversion_extraction", lambda _: version(extraction="maybe")),
    ("documentpage_once", page_twice),
    ("plan_topic", plan_with(topic="gossip")),
    ("plan_stage", plan_with(stage="maybe")),
    ("plan_expected", plan_with(expected="maybe")),
    ("plan_without_participation_has_a_reason", plan_with(is_draft=False, expected="none")),
    ("plan_place_in_world", plan_with(place=FAR_POINT)),
    ("plan_place_well_formed", plan_with(place=BOW_TIE)),
    ("plan_place_type_known", plan_with(place=MultiPoint(Point(7.7, 49.4), srid=4326))),
    ("planproposal_state", proposal_with(state="maybe")),
    ("planproposal_once_per_person", proposal_twice),
    ("planproposal_not_empty", proposal_with(text="")),
    ("image_of_one_thing", image_with()),
    ("image_of_one_thing", image_of_two_things),
    ("image_in_words", image_without_words),
    *OF_SUBSCRIPTIONS,
]
BY_COLUMN_TYPE_OF_ENGAGEMENT = {"event_place_type_known"}
