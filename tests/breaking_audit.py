"""Ways to break the constraints of the audit log; see `tests.breaking`."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from audit.actions import Action, Way
from audit.models import Entry
from mapping.models import Contribution


def entry_with(**fields: Any) -> Callable[[Contribution], object]:
    values = {"action": Action.LOOKED, "way": Way.PAGE}
    return lambda _: Entry.objects.create(**(values | fields))


def _twice(published: Contribution) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    once = entry_with(hour=hour, campaign=published.campaign)
    once(published)
    once(published)


OF_AUDIT: list[tuple[str, Callable[[Contribution], object]]] = [
    ("audit_entry_once_an_hour", _twice),
    ("audit_entry_way", entry_with(way="pigeon")),
    ("audit_entry_result", entry_with(result="perhaps")),
]
