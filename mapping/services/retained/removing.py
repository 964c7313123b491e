"""The nightly job: what people were promised is removed in batches, and how much of it is recorded."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise

from mapping.models import Campaign, RetentionRecord, RetentionSpan
from mapping.services import export_jobs
from mapping.services.retained.parts import PARTS, Part

logger: Final = logging.getLogger(__name__)
BATCH: Final = 1000
"""Rows of a transaction."""


class NotRemoved(Exception):
    """What was due is still there."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows of one kind hold something that is removed one day."""

    part: str
    title: str | Promise
    number: int


def remove_due(today: date | None = None) -> int:
    """Remove what is due in all campaigns; returns the number of rows. Idempotent, and goes on after an interruption.

    What comes in later (an import, a sheet of paper) is removed the night after. A campaign that fails keeps no other
    one waiting: the error is logged.
    """
    day = today or timezone.localdate()
    number = 0
    for span in RetentionSpan.objects.due(day).select_related("campaign").defer("campaign__area"):
        try:
            number += _remove(span, day)
        except Exception:
            logger.exception("%s of %s cannot be removed now.", span.subject, span.campaign.slug)
    return number


def require_removed(today: date | None = None) -> None:
    """Raise NotRemoved where anything that is due is still there; the log says why."""
    due = RetentionSpan.objects.due(today or timezone.localdate()).select_related("campaign")
    left = [
        f"{part.name} of {span.campaign.slug}"
        for span in due.defer("campaign__area")
        for part in _parts_of(span.subject)
        if part.found(span.campaign).exists()
    ]
    if left:
        raise NotRemoved(f"What people were promised to be deleted by now is still there: {', '.join(left)}.")


def preview(campaign: Campaign, subject: str) -> list[Found]:
    """How many rows of each kind would be changed or deleted now."""
    return [Found(part.name, part.title, part.found(campaign).count()) for part in _parts_of(subject)]


def _parts_of(subject: str) -> Iterator[Part]:
    return (part for part in PARTS if part.subject == subject)


def _remove(span: RetentionSpan, day: date) -> int:
    campaign = span.campaign
    number = sum(_remove_part(campaign, part, day) for part in _parts_of(span.subject))
    if span.done_at is None:
        RetentionSpan.objects.filter(pk=span.pk, done_at=None).update(done_at=timezone.now())
    if number:
        logger.info("%s: %s of %s rows removed", campaign.slug, span.subject, number)
    return number


def _remove_part(campaign: Campaign, part: Part, day: date) -> int:
    """Batches in the order of keys, each in its own transaction with its number in the record."""
    number, last = 0, None
    while True:
        with transaction.atomic():
            rows = part.found(campaign).order_by("pk")
            if last is not None:
                rows = rows.filter(pk__gt=last)
            keys = list(
                rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)[:BATCH]
            )
            if not keys:
                return number
            part.remove(campaign, keys)
            _record(campaign, part, day, len(keys))
            export_jobs.revoke(campaign)
        number, last = number + len(keys), keys[-1]


def _record(campaign: Campaign, part: Part, day: date, number: int) -> None:
    record, _is_new = RetentionRecord.objects.get_or_create(
        campaign=campaign, part=part.name, day=day, defaults={"subject": part.subject}
    )
    RetentionRecord.objects.filter(pk=record.pk).update(number=F("number") + number)
