"""What is erased of this app is erased once more after a backup was restored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.utils import timezone

from engagement.models import (
    BodyMember,
    Document,
    DocumentVersion,
    Image,
    PlanProposal,
    Registration,
    Subscriber,
    Subscription,
    Update,
)
from engagement.services.registrations.registering import cancel
from mapping.services.erasures.kinds import ERASABLES, Erasable, deleting


def _registrations(keys: Sequence[Any]) -> None:
    """Cancelled, or emptied after the date: the number of people stays."""
    found = Registration.objects.filter(pk__in=keys)
    for one in found.filter(date__ends_at__gt=timezone.now()).select_related("date"):
        cancel(one)
    found.update(name="", mail="", needs="")


ENTRIES: Final = (
    Erasable(
        *("registration", "engagement_registration", ("id",), _registrations),
        is_there="(one.name <> '' OR one.mail <> '')",
    ),
    deleting("subscription", "engagement_subscription", ("id",), Subscription),
    deleting("subscriber", "engagement_subscriber", ("id",), Subscriber),
    deleting("proposal", "engagement_planproposal", ("id",), PlanProposal),
    deleting("member", "engagement_bodymember", ("id",), BodyMember),
    # Their files have no rows then, and are swept.
    deleting("version", "engagement_documentversion", ("id",), DocumentVersion),
    deleting("document", "engagement_document", ("id",), Document),
    deleting("image", "engagement_image", ("id",), Image),
    deleting("update", "engagement_update", ("id",), Update),
)


def enter() -> None:
    """Fill the registry."""
    for entry in ENTRIES:
        ERASABLES.register(entry)
