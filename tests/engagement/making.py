"""Makes events, bodies, documents, plans and updates for tests; values have a default unless a test is about them."""

import itertools
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from accounts.models import User
from engagement.models import Body, Document, Event, EventDate, Plan, Session, Update
from mapping.models import Campaign
from tests import personas

_number: Final = itertools.count(1)


def make_event(
    starts_at: datetime | None = None, *campaigns: Campaign, hours: float = 2, **fields: Any
) -> Event:
    """A public event with one date, in a week unless `starts_at` says otherwise."""
    number = next(_number)
    values = {"slug": f"event-{number}", "title": f"Event {number}", "is_draft": False}
    event = Event.objects.create(**(values | fields))
    event.campaigns.set(campaigns)
    add_date(event, starts_at or timezone.now() + timedelta(days=7), hours=hours)
    return event


def add_date(event: Event, starts_at: datetime, *, hours: float = 2, **fields: Any) -> EventDate:
    """One more date of an event."""
    values = {
        "original_starts_at": starts_at,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
    }
    return EventDate.objects.create(event=event, **(values | fields))


def make_body(**fields: Any) -> Body:
    """A public body."""
    number = next(_number)
    values = {"slug": f"body-{number}", "name": f"Working group {number}", "is_draft": False}
    return Body.objects.create(**(values | fields))


def make_session(body: Body | None = None, starts_at: datetime | None = None, **fields: Any) -> Session:
    """A public session."""
    return Session.objects.create(body=body or make_body(), event=make_event(starts_at), **fields)


def make_document(**fields: Any) -> Document:
    """A public document without a file."""
    return Document.objects.create(**({"title": f"Document {next(_number)}", "is_draft": False} | fields))


def make_plan(**fields: Any) -> Plan:
    """A public plan."""
    number = next(_number)
    return Plan.objects.create(
        **({"slug": f"plan-{number}", "title": f"Plan {number}", "is_draft": False} | fields)
    )


def make_update(campaign: Campaign, **fields: Any) -> Update:
    """Published news of a campaign."""
    values = {"title": f"News {next(_number)}", "text": "It is done.", "is_draft": False}
    return Update.objects.create(campaign=campaign, **(values | fields))


def make_editor(**fields: Any) -> User:
    """Somebody who may edit dates, papers and plans."""
    return personas.make_user(
        f"records-{next(_number)}@example.org", may_edit_dates_and_papers=True, **fields
    )
