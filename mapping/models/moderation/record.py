"""The record of what was decided about contributions and comments, and what moderators note for each other."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.checks import json_is
from mapping.models.contribution import Contribution, ContributionStatus
from mapping.models.feedback import Comment
from mapping.models.texts import PlainLine, PlainText


class ModerationEventQuerySet(models.QuerySet["ModerationEvent"]):
    """The record as pages and services ask for it, the newest first."""

    def rejections(self) -> "ModerationEventQuerySet":
        """When something was rejected by a decision that stands."""
        return self.filter(to_status=ContributionStatus.REJECTED, undoes=None, undone_by=None)

    def after_sending(self) -> "ModerationEventQuerySet":
        """All but the first event, by which something came in."""
        return self.exclude(from_status="")

    def standing(self) -> "ModerationEventQuerySet":
        """Decisions that nobody took back."""
        return self.after_sending().filter(undoes=None, undone_by=None)

    def in_campaign(self, campaign: Campaign) -> "ModerationEventQuerySet":
        """What was decided about contributions and comments of one campaign."""
        return self.filter(
            models.Q(contribution__campaign=campaign) | models.Q(comment__contribution__campaign=campaign)
        )

    def about(self, item: Contribution | Comment) -> "ModerationEventQuerySet":
        """What was decided about one contribution or comment."""
        return self.filter(comment=item) if isinstance(item, Comment) else self.filter(contribution=item)


ModerationEventManager = models.Manager.from_queryset(ModerationEventQuerySet)


class ModerationEvent(models.Model):
    """Who changed a status or a text, from what to what, why; `original` keeps what an edit replaced.

    `actor` is empty when the author themselves, an import or the campaign's rule (review afterwards) did it.
    `undoes` is the decision that this one took back.
    """

    contribution = models.ForeignKey(
        Contribution,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="moderation_events",
        verbose_name=_("contribution"),
    )
    comment = models.ForeignKey(
        Comment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="moderation_events",
        verbose_name=_("comment"),
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        # An account that decided something is deactivated, not deleted: the record keeps the name.
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    from_status = models.CharField(_("from"), max_length=10, choices=ContributionStatus.choices, blank=True)
    to_status = models.CharField(_("to"), max_length=10, choices=ContributionStatus.choices)
    reason = models.TextField(_("reason"), blank=True)
    undoes = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("takes back"),
    )
    original = models.JSONField(_("original"), default=dict, blank=True)
    created_at = models.DateTimeField(_("when"), default=timezone.now)

    objects: ClassVar = ModerationEventManager()

    class Meta:
        verbose_name = _("moderation event")
        verbose_name_plural = _("moderation events")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(contribution=None, comment__isnull=False)
                | models.Q(contribution__isnull=False, comment=None),
                name="moderation_event_of_one_thing",
                violation_error_message=_("A moderation event is about a contribution or about a comment."),
            ),
            json_is("original", "object", "moderation_event_original_object"),
        )

    def __str__(self) -> str:
        return f"{self.get_from_status_display()} → {self.get_to_status_display()}"


class InternalNote(models.Model):
    """What a member of staff noted about a contribution for their colleagues; never public, deleted with it."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="notes", verbose_name=_("contribution")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes", verbose_name=_("author")
    )
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ("created_at", "pk")

    def __str__(self) -> str:
        return self.text


class Assignment(models.Model):
    """Who of the staff takes care of a contribution."""

    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, related_name="assignment", verbose_name=_("contribution")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="assignments",
        verbose_name=_("member"),
    )

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.contribution_id} · {self.user}"


class ReplyTemplate(models.Model):
    """A reply that a campaign's moderators use again."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="reply_templates", verbose_name=_("campaign")
    )
    title = PlainLine(_("title"), max_length=80)
    text = PlainText(_("text"))

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ("campaign", "title")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "title"),
                name="reply_template_title_once",
                violation_error_message=_("This campaign has a reply template with this title already."),
            ),
        )

    def __str__(self) -> str:
        return self.title
