"""Publication of a campaign: a deliberate act, taken back only while nobody took part."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from mapping import rules
from mapping.models import Campaign, Contribution, Participant, Response, Source
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict
from mapping.services.setup.changes import locked_campaign, note
from mapping.services.setup.checklist import blocking


def publish(campaign: Campaign, actor: User) -> Campaign:
    """Show a campaign to everybody; idempotent. Raises NotAllowed "not_manager", Conflict "not_publishable"."""
    require_role(rules.may_manage, actor, campaign, "not_manager")
    with transaction.atomic():
        stored = locked_campaign(campaign)
        if not stored.is_draft:
            return stored
        if blocking(stored):
            raise Conflict("not_publishable")
        return _set_draft(stored, actor, is_draft=False)


def unpublish(campaign: Campaign, actor: User) -> Campaign:
    """Make a campaign a draft again; idempotent. Raises NotAllowed "not_manager", Conflict "has_contributions"."""
    require_role(rules.may_manage, actor, campaign, "not_manager")
    with transaction.atomic():
        # Contributions hold a lock of their own on the campaign: this one waits for those that are being stored.
        stored = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if stored.is_draft:
            return stored
        if has_voices(stored):
            raise Conflict("has_contributions")
        return _set_draft(stored, actor, is_draft=True)


def has_voices(campaign: Campaign) -> bool:
    """Whether anybody took part, also on paper: the city's own places are no voices."""
    of_people = (Source.ONLINE, Source.PAPER)
    return (
        Participant.objects.filter(campaign=campaign).exists()
        or Response.objects.filter(campaign=campaign).exists()
        or Contribution.objects.filter(campaign=campaign, source__in=of_people).exists()
    )


def _set_draft(stored: Campaign, actor: User, *, is_draft: bool) -> Campaign:
    note(stored, actor, "publish", before={"is_draft": stored.is_draft}, after={"is_draft": is_draft})
    stored.is_draft = is_draft
    stored.save(update_fields=["is_draft"])
    return stored
