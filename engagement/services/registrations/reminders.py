"""People who registered are reminded of their date once, two days before it, and once more after it was moved."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from engagement.models import EventStatus, Registration, RegistrationState
from engagement.services.registrations import notices


def write_reminders(at: datetime | None = None) -> int:
    """Write reminders of the dates of the next two days into the ledger; return their number.

    Whoever got a mail about that start within these two days is not reminded of it.
    """
    if not settings.SENDS_MAIL:
        return 0
    now = at or timezone.now()
    due = Registration.objects.filter(
        ~Q(mail=""),
        ~Q(date__status=EventStatus.CANCELLED),
        Q(reminded_for=None) | ~Q(reminded_for=F("date__starts_at")),
        state=RegistrationState.REGISTERED,
        date__event__is_draft=False,
        date__starts_at__range=(now, now + notices.REMINDED_BEFORE),
    )
    with transaction.atomic():
        # A registration that is just being cancelled is looked at in a minute; two runs remind nobody twice.
        locked = due.select_related("date").select_for_update(of=("self",), skip_locked=True)
        return notices.remind(list(locked))
