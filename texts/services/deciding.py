"""What becomes of suggested wordings: decided by those who moderate, with a reason that everyone reads."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mapping.services.checking.content import checked_text
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, invalid
from texts.models import Fate, Suggestion, TextVersion
from texts.rules import may_decide_suggestions

LONGEST_REASON: Final = 1000


def decide(
    suggestion: Suggestion, fate: str, reason: str, *, actor: User, at: datetime | None = None
) -> Suggestion:
    """Set what becomes of a suggestion; `Fate.OPEN` takes a decision back. What is adopted is so in the newest version.

    That is the draft where there is one. The words of the text are not changed by this: planners write them into the
    section. Raises NotAllowed "not_member", Conflict "gone", Invalid on "fate" and "reason": what is adopted in part or
    declined needs one ("fate_needs_reason").
    """
    campaign = suggestion.comment.contribution.campaign
    require_role(may_decide_suggestions, actor, campaign)
    if fate not in Fate.values:
        raise invalid("fate", "unknown_fate")
    cleaned = checked_text(reason, max_length=LONGEST_REASON, name="reason")
    if fate in (Fate.PARTLY, Fate.DECLINED) and not cleaned:
        raise invalid("reason", "fate_needs_reason")
    with transaction.atomic():
        stored = Suggestion.objects.select_for_update(of=("self",)).filter(pk=suggestion.pk).first()
        if stored is None:
            raise Conflict("gone")
        is_adopted = fate in (Fate.ADOPTED, Fate.PARTLY)
        stored.fate, stored.reason = fate, cleaned if fate != Fate.OPEN else ""
        stored.adopted_in = _newest_version(stored) if is_adopted else None
        stored.decided_at = None if fate == Fate.OPEN else at or timezone.now()
        stored.decided_by = None if fate == Fate.OPEN else actor
        stored.save()
    return stored


def _newest_version(suggestion: Suggestion) -> TextVersion | None:
    text = suggestion.wording.version.text
    return text.versions.order_by("-number").first()
