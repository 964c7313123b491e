"""Batches of map sheets: opened under a name, compared with the pile, closed, and opened again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.models import Campaign, MapSheet, PaperBatch
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.surveys.responses import batch_name


def open_batch(campaign: Campaign, name: str, *, actor: User) -> PaperBatch:
    """The batch of a campaign with a name, made when needed; two requests at once get the same one.

    Raises NotAllowed "not_member" and "campaign_draft", Invalid on "batch".
    """
    require_role(rules.may_enter_paper, actor, campaign)
    if campaign.is_draft:
        raise NotAllowed("campaign_draft")
    cleaned = batch_name(name)
    if not cleaned:
        raise invalid("batch", "required")
    batch, _made = PaperBatch.objects.get_or_create(campaign=campaign, name=cleaned)
    return batch


def close_batch(batch: PaperBatch, *, actor: User) -> None:
    """End the entry of a batch: nothing of it is added, changed or deleted here any more. Idempotent.

    Raises NotAllowed "not_member".
    """
    require_role(rules.may_enter_paper, actor, batch.campaign)
    with transaction.atomic():
        stored = locked_batch(batch)
        if stored.closed_at is None:
            stored.closed_at = timezone.now()
            stored.save(update_fields=["closed_at"])


def reopen_batch(batch: PaperBatch, *, actor: User) -> None:
    """Let a closed batch be changed again; for managers. Idempotent. Raises NotAllowed "not_manager"."""
    require_role(rules.may_manage, actor, batch.campaign, "not_manager")
    PaperBatch.objects.filter(pk=batch.pk).update(closed_at=None)


def delete_batch(batch: PaperBatch, *, actor: User) -> None:
    """Delete a batch without sheets, for example one with a name that was mistyped.

    Raises NotAllowed "not_member", Conflict "batch_not_empty" and "gone".
    """
    require_role(rules.may_enter_paper, actor, batch.campaign)
    with transaction.atomic():
        # Whoever enters a sheet locks the batch, too.
        stored = locked_batch(batch)
        if MapSheet.objects.filter(batch=stored).exists():
            raise Conflict("batch_not_empty")
        stored.delete()


def next_number(batch: PaperBatch | None) -> int:
    """The number behind the last sheet of a batch."""
    if batch is None:
        return 1
    last = MapSheet.objects.filter(batch=batch).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def locked_batch(batch: PaperBatch) -> PaperBatch:
    """The batch, locked until the transaction ends: people who enter its sheets wait for one another.

    Raises Conflict "gone" where a colleague deleted it.
    """
    stored = PaperBatch.objects.select_for_update(of=("self",), no_key=True).filter(pk=batch.pk).first()
    if stored is None:
        raise Conflict("gone")
    return stored


def open_and_locked(batch: PaperBatch) -> PaperBatch:
    """As `locked_batch`; raises NotAllowed "batch_closed", Conflict "gone"."""
    stored = locked_batch(batch)
    if stored.closed_at is not None:
        raise NotAllowed("batch_closed")
    return stored
