"""Ways to break the constraints of signing in (`test_constraints`)."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounts.models import ProviderIdentity, User
from doors.models import LogInRecord
from mapping.models import Campaign, Contribution


def open_to_friends(_stored: Contribution) -> object:
    return Campaign.objects.create(slug="new", title="New", open_to="friends")


def identity_of_two(_stored: Contribution) -> None:
    for name in ("first", "second"):
        user = User.objects.create_user(f"{name}@example.org")
        ProviderIdentity.objects.create(user=user, provider="oidc", digest=b"digest")


def log_in_record_with(**fields: Any) -> Callable[[Contribution], object]:
    now = timezone.now()
    values: dict[str, Any] = {"door": "password", "outcome": "failed", "network": b"mark", "hour": now}
    return lambda _: LogInRecord.objects.create(first_at=now, last_at=now, **(values | fields))


def same_log_in_record(stored: Contribution) -> None:
    make = log_in_record_with(hour=timezone.now())
    make(stored)
    make(stored)


OF_SIGNING_IN: list[tuple[str, Callable[[Contribution], object]]] = [
    ("campaign_open_to", open_to_friends),
    ("provider_identity_once", identity_of_two),
    ("log_in_record_once", same_log_in_record),
    ("log_in_record_door", log_in_record_with(door="window")),
    ("log_in_record_outcome", log_in_record_with(outcome="maybe")),
]
