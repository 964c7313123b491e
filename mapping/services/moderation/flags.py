"""Flags: anybody reports a contribution or comment, moderators decide; nothing is hidden by itself.

Regulation (EU) 2022/2065 (Digital Services Act), article 16: reporting is easy, needs no account and asks for a reason.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.models import Comment, Contribution, Flag, FlagOutcome, FlagReason
from mapping.models.moderation.flag import EXPLAINED
from mapping.services.checking.content import checked_text
from mapping.services.checking.gates import require_public, require_role
from mapping.services.errors import NotAllowed, invalid
from mapping.services.files.disks import refusing_what_disks_refuse
from mapping.services.submit import locked

MAX_EXPLANATION: Final = 1000
MOST_UNDECIDED: Final = 20
"""Flags about one thing that are kept until a moderator decides: more of them would say nothing new."""
KEPT_AFTER_DECISION: Final = timedelta(days=180)


def flag(item: Contribution | Comment, reason: str, text: str = "", at: datetime | None = None) -> None:
    """Report a public contribution or comment to the moderators; a repetition is stored once.

    Callers limit by network (`doors.visitors.FLAG`). Raises NotAllowed (not_public, gone), Invalid on "reason"
    (unknown_flag_reason) or "text" (flag_unexplained, too_long).
    """
    at = at or timezone.now()
    if reason not in FlagReason.values:
        raise invalid("reason", "unknown_flag_reason")
    cleaned = checked_text(text, max_length=MAX_EXPLANATION)
    if not cleaned and reason in EXPLAINED:
        raise invalid("text", "flag_unexplained")
    with refusing_what_disks_refuse(), transaction.atomic():
        stored = locked(_contribution_of(item))
        require_public(stored)
        if isinstance(item, Comment) and not stored.comments.accepted().filter(pk=item.pk).exists():
            raise NotAllowed("gone")
        undecided = Flag.objects.undecided().about(item)
        is_known = undecided.filter(reason=reason, text=cleaned).exists()
        if is_known or undecided.count() >= MOST_UNDECIDED:
            return
        is_comment = isinstance(item, Comment)
        Flag.objects.create(
            contribution=None if is_comment else stored,
            comment=item if isinstance(item, Comment) else None,
            reason=reason,
            text=cleaned,
            created_at=at,
        )


def keep(item: Contribution | Comment, actor: User) -> int:
    """Decide that what was reported stays as it is; returns the number of flags. Raises NotAllowed (not_member)."""
    with transaction.atomic():
        stored = locked(_contribution_of(item))
        require_role(rules.may_moderate, actor, stored.campaign)
        return close(item, actor, FlagOutcome.KEPT)


def close(item: Contribution | Comment, actor: User, outcome: FlagOutcome) -> int:
    """Close the undecided flags about something; returns their number.

    Callers must check permissions first and hold the contribution's lock.
    """
    return (
        Flag.objects.undecided()
        .about(item)
        .update(outcome=outcome, closed_at=timezone.now(), closed_by=actor)
    )


def reopen(item: Contribution | Comment, actor: User, since: datetime) -> None:
    """Let flags wait again that a decision closed which was taken back; see `close` on permissions."""
    closed = Flag.objects.about(item).filter(
        outcome=FlagOutcome.REMOVED, closed_by=actor, closed_at__gte=since
    )
    closed.update(outcome="", closed_at=None, closed_by=None)


def remove_decided(at: datetime | None = None) -> int:
    """Delete flags half a year after their decision; returns their number."""
    before = (at or timezone.now()) - KEPT_AFTER_DECISION
    removed, _by_model = Flag.objects.filter(closed_at__lt=before).delete()
    return removed


def _contribution_of(item: Contribution | Comment) -> Contribution:
    return item.contribution if isinstance(item, Comment) else item
