"""Reactions to public contributions: comments and support by participants, replies by the city.

All services take locks in one order, so that two requests never wait for each other: contributions (by id), then
participants, then the campaign's tally (the database takes it when a footprint changes, until the transaction ends).
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.models import (
    Action,
    Comment,
    CommentStatus,
    CommentSupport,
    Contribution,
    ModerationEvent,
    Reply,
    ReplyStatus,
    Support,
)
from mapping.services import identity
from mapping.services.checking.content import MAX_TEXT, checked_text
from mapping.services.checking.gates import require_action, require_public, require_role, require_running
from mapping.services.checking.limits import limit_feedback
from mapping.services.counters import count_comment_support, count_comments, count_support
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.files.disks import refusing_what_disks_refuse
from mapping.services.submit import locked

MAX_COMMENT = 2000
FOR, AGAINST, NEITHER = 1, -1, 0


@dataclass(frozen=True)
class SupportState:
    """Counts of support and opposition of a contribution, and the person's own opinion (1, -1 or 0)."""

    support: int
    opposition: int
    own: int


def comment(
    contribution: Contribution,
    text: str,
    secret: str,
    at: datetime | None = None,
    *,
    must_wait: bool = False,
    parent: UUID | None = None,
) -> Comment:
    """Store a comment; a repetition of the same text by the same person at the same place is the same comment.

    With `must_wait` it is reviewed first, whatever the campaign's rule (`visitor.admit`). `parent` is the public id of
    the comment that it answers.

    Raises NotAllowed (comments_off, not_public, campaign_...), Invalid on "text" or "parent" (no_such_comment,
    answer_to_answer), or TooMany.
    """
    at = at or timezone.now()
    cleaned = checked_text(text, max_length=MAX_COMMENT)
    if not cleaned:
        raise invalid("text", "required")
    with refusing_what_disks_refuse(), transaction.atomic():
        stored = _locked_and_public(contribution)
        require_action(stored.campaign, Action.COMMENT, at)
        if not rules.may_comment(stored, at):
            raise NotAllowed("comments_off")
        answered = None if parent is None else _answered(stored, parent)
        participant = identity.locked_participant(stored.campaign, secret)
        same = stored.comments.filter(participant=participant, text=cleaned, parent=answered).first()
        if same is not None:
            return same
        limit_feedback(participant, at)
        is_public_at_once = stored.campaign.publishes_at_once and not must_wait
        made = Comment.objects.create(
            contribution=stored,
            participant=participant,
            parent=answered,
            answers_comment=answered is not None,
            text=cleaned,
            status=CommentStatus.PUBLISHED if is_public_at_once else CommentStatus.PENDING,
            created_at=at,
        )
        ModerationEvent.objects.create(comment=made, to_status=made.status, created_at=at)
        if is_public_at_once:
            count_comments(stored)
    return made


def set_support(
    contribution: Contribution, value: int, secret: str, at: datetime | None = None
) -> SupportState:
    """Set a person's opinion: support (1), opposition (-1) or none (0); idempotent.

    Raises NotAllowed (support_off, opposition_off, not_public, campaign_...), Invalid on "value", or TooMany.
    """
    at = at or timezone.now()
    if isinstance(value, bool) or value not in (FOR, AGAINST, NEITHER):
        raise invalid("value", "not_an_opinion")
    with refusing_what_disks_refuse(), transaction.atomic():
        stored = _locked_and_public(contribution)
        if value == NEITHER:
            require_running(stored.campaign, at)
            _take_back(stored, secret)
        else:
            require_action(stored.campaign, Action.SUPPORT, at)
            if not rules.may_support(stored, at, value):
                raise NotAllowed("support_off" if value == FOR else "opposition_off")
            _say(stored, value, secret, at)
    return SupportState(stored.support_count, stored.opposition_count, value)


def support_comment(comment: Comment, secret: str, at: datetime | None = None) -> Comment:
    """Support a comment; idempotent. The rules are those for support of contributions.

    Raises NotAllowed (support_off, not_public, gone, campaign_...) or TooMany.
    """
    at = at or timezone.now()
    with refusing_what_disks_refuse(), transaction.atomic():
        stored, published = _locked_comment(comment)
        require_action(stored.campaign, Action.SUPPORT, at)
        if not rules.may_support(stored, at):
            raise NotAllowed("support_off")
        participant = identity.locked_participant(stored.campaign, secret)
        if not published.supports.filter(participant=participant).exists():
            limit_feedback(participant, at)
            CommentSupport.objects.create(comment=published, participant=participant, created_at=at)
            count_comment_support(published)
    return published


def take_back_comment_support(comment: Comment, secret: str, at: datetime | None = None) -> Comment:
    """Take one's support for a comment back; idempotent. Raises NotAllowed (not_public, gone, campaign_...)."""
    with transaction.atomic():
        stored, published = _locked_comment(comment)
        require_running(stored.campaign, at or timezone.now())
        participant = identity.existing_participant(stored.campaign, secret)
        if participant is not None:
            published.supports.filter(participant=participant).delete()
            count_comment_support(published)
            identity.forget_if_idle(participant)
    return published


def reply(contribution: Contribution, actor: User, status: str, text: str) -> Reply:
    """Store the city's reply to a contribution."""
    cleaned = checked_text(text, max_length=MAX_TEXT)
    if status not in ReplyStatus.values:
        raise invalid("status", "unknown_reply_status")
    if not cleaned:
        raise invalid("text", "required")
    with refusing_what_disks_refuse(), transaction.atomic():
        stored = locked(contribution)
        require_role(rules.may_reply, actor, stored.campaign)
        return Reply.objects.create(contribution=stored, author=actor, status=status, text=cleaned)


def digest_of(reply: Reply) -> str:
    """A hash of a reply's content, to detect that it was corrected."""
    return hashlib.sha256(f"{reply.status}\n{reply.text}".encode()).hexdigest()


def take_back_reply(reply: Reply, actor: User, *, expected: str) -> bool:
    """Delete one's own reply, unless it was corrected since; the event keeps its content.

    Returns whether it was public. Raises NotAllowed (gone, not_member, not_own_decision) or Conflict.
    """
    with transaction.atomic():
        contribution = locked(reply.contribution)
        require_role(rules.may_reply, actor, contribution.campaign)
        stored = Reply.objects.select_for_update(of=("self",)).filter(pk=reply.pk).first()
        if stored is None:
            raise NotAllowed("gone")
        if stored.author_id != actor.pk:
            raise NotAllowed("not_own_decision")
        if digest_of(stored) != expected:
            raise Conflict("status_changed", status=stored.status)
        ModerationEvent.objects.create(
            contribution=contribution,
            actor=actor,
            from_status=contribution.status,
            to_status=contribution.status,
            original={"reply": stored.text},
        )
        stored.delete()
    return rules.is_public(contribution)


def _locked_and_public(contribution: Contribution) -> Contribution:
    stored = locked(contribution)
    require_public(stored)
    return stored


def _answered(stored: Contribution, public_id: UUID) -> Comment:
    """The public comment that is answered."""
    found = stored.comments.accepted().filter(public_id=public_id).first()
    if found is None:
        raise invalid("parent", "no_such_comment")
    if found.answers_comment:
        raise invalid("parent", "answer_to_answer")
    return found


def _locked_comment(comment: Comment) -> tuple[Contribution, Comment]:
    """The contribution, locked, and the comment on it, as long as both are public."""
    stored = _locked_and_public(comment.contribution)
    published = stored.comments.accepted().filter(pk=comment.pk).first()
    if published is None:
        raise NotAllowed("gone")
    return stored, published


def _say(stored: Contribution, value: int, secret: str, at: datetime) -> None:
    participant = identity.locked_participant(stored.campaign, secret)
    said = stored.supports.filter(participant=participant).first()
    if said is not None and said.value == value:
        return
    limit_feedback(participant, at)
    Support.objects.update_or_create(
        contribution=stored, participant=participant, defaults={"value": value, "created_at": at}
    )
    count_support(stored)


def _take_back(stored: Contribution, secret: str) -> None:
    participant = identity.existing_participant(stored.campaign, secret)
    if participant is None:
        return
    stored.supports.filter(participant=participant).delete()
    count_support(stored)
    identity.forget_if_idle(participant)
