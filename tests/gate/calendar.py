"""Dates that everyone may see, and drafts of which nobody may learn anything."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from engagement.models import EventKind, EventStatus
from mapping.models import Campaign
from tests import personas
from tests.engagement.making import add_date, make_event
from tests.gate.world import HIDDEN, HIDDEN_PLACE, SHOWN


def put_up_events(campaigns: list[Campaign]) -> None:
    """A public event of all campaigns, drafts among them, and a draft; both with a link that is not for everyone."""
    secret: dict[str, Any] = {
        "online_link": f"https://example.org/{HIDDEN}",
        "hides_online_link": True,
        "takes_registrations": True,
        "kind": EventKind.HYBRID,
    }
    shown = make_event(None, *campaigns, slug="shown-event", title=f"{SHOWN} event", **secret)
    add_date(shown, timezone.now() - timedelta(days=3), report=f"{SHOWN} report")
    add_date(
        shown,
        timezone.now() + timedelta(days=9),
        status=EventStatus.CANCELLED,
        reason=f"{SHOWN} reason",
    )
    draft = make_event(
        None,
        campaigns[0],
        slug="hidden-event",
        title=f"{HIDDEN} event",
        summary=f"{HIDDEN} summary",
        place=personas.wkt(HIDDEN_PLACE),
        place_name=f"{HIDDEN} place",
        is_draft=True,
        **secret,
    )
    add_date(draft, timezone.now() - timedelta(days=3), report=f"{HIDDEN} report")
