"""What moderators of a campaign leave for each other: notes, who takes care of what, reply templates."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Role, User
from mapping import rules
from mapping.models import (
    Assignment,
    Campaign,
    Contribution,
    InternalNote,
    Reply,
    ReplyStatus,
    ReplyTemplate,
)
from mapping.services import feedback
from mapping.services.checking.content import checked_text
from mapping.services.checking.gates import require_role
from mapping.services.errors import Invalid, Problem, invalid
from mapping.services.submit import locked

MAX_NOTE = 2000
MOST_TEMPLATES = 50


def colleagues_of(campaign: Campaign) -> QuerySet[User]:
    """Active members who may moderate a campaign, by name."""
    roles = Q(memberships__campaign=campaign, memberships__role__in=(Role.MANAGER, Role.MODERATOR))
    return User.objects.filter(roles, is_active=True).distinct().order_by("last_name", "first_name", "email")


def add_note(contribution: Contribution, actor: User, text: str) -> InternalNote:
    """Store a note about a contribution; raises NotAllowed, Invalid on "text"."""
    cleaned = checked_text(text, max_length=MAX_NOTE)
    if not cleaned:
        raise invalid("text", "required")
    with transaction.atomic():
        stored = locked(contribution)
        require_role(rules.may_moderate, actor, stored.campaign)
        return InternalNote.objects.create(contribution=stored, author=actor, text=cleaned)


def assign(contribution: Contribution, actor: User, user_id: int | None) -> None:
    """Set who takes care of a contribution (None: nobody).

    Raises NotAllowed, Invalid "not_a_moderator" on "user" for somebody who does not moderate the campaign.
    """
    with transaction.atomic():
        stored = locked(contribution)
        require_role(rules.may_moderate, actor, stored.campaign)
        if user_id is None:
            Assignment.objects.filter(contribution=stored).delete()
            return
        is_oneself = user_id == actor.pk
        if not is_oneself and not colleagues_of(stored.campaign).filter(pk=user_id).exists():
            raise invalid("user", "not_a_moderator")
        Assignment.objects.update_or_create(contribution=stored, defaults={"user_id": user_id})


def reply_to_many(
    ids: Iterable[UUID], campaign: Campaign, actor: User, status: str, text: str
) -> list[Reply]:
    """Store the same reply to several contributions of a campaign, all or none; unknown ids are left out."""
    require_role(rules.may_reply, actor, campaign)
    with transaction.atomic():
        found = Contribution.objects.filter(campaign=campaign, pk__in=list(ids)).order_by("pk")
        if not found and status in ReplyStatus.values:
            return []
        return [feedback.reply(contribution, actor, status, text) for contribution in found]


def save_template(campaign: Campaign, actor: User, title: str, text: str) -> ReplyTemplate:
    """Store a reply template; one with the same title is replaced. Raises NotAllowed, Invalid."""
    require_role(rules.may_reply, actor, campaign)
    cleaned = checked_text(text)
    if not cleaned:
        raise invalid("text", "required")
    stored = ReplyTemplate.objects.filter(campaign=campaign, title=title.strip()).first()
    template = stored or ReplyTemplate(campaign=campaign, title=title.strip())
    template.text = cleaned
    if stored is None and campaign.reply_templates.count() >= MOST_TEMPLATES:
        raise invalid("title", "too_many_templates", max=MOST_TEMPLATES)
    try:
        template.full_clean()
    except ValidationError as error:
        raise Invalid(
            {
                name: [Problem("refused", {"message": words}) for words in found]
                for name, found in error.message_dict.items()
            }
        ) from error
    template.save()
    return template


def delete_template(campaign: Campaign, actor: User, key: int) -> None:
    """Delete a reply template of a campaign; raises NotAllowed."""
    require_role(rules.may_reply, actor, campaign)
    campaign.reply_templates.filter(pk=key).delete()
