"""Names and addresses of people who registered are deleted after the date."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from engagement.models import Registration

KEPT_FOR: Final = timedelta(days=1)
"""So long after the end of a date: planners still see the next morning who came."""


def delete_persons() -> int:
    """Delete name, address and needs of registrations whose date is over; how many people came stays."""
    over = Registration.objects.filter(date__ends_at__lt=timezone.now() - KEPT_FOR)
    held = over.exclude(name="", mail="", needs="")
    return held.update(name="", mail="", needs="")
