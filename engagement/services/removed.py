"""What was public and is deleted: its address answers 410, and OParl names it as deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from engagement.models import RemovedRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engagement.models.common import Record


def note_removed(records: Iterable[Record]) -> None:
    """Remember ids, kinds and moments of public records that are deleted in the same transaction."""
    now = timezone.now()
    RemovedRecord.objects.bulk_create(
        [
            RemovedRecord(
                id=one.pk,
                kind=one._meta.model_name or "",  # noqa: SLF001 - documented
                created_at=one.created_at,
                removed_at=now,
            )
            for one in records
        ],
        ignore_conflicts=True,
    )
