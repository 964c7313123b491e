"""Reactions: comments and support by participants, replies by the city."""

import uuid
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Publication
from mapping.models.checks import UNKNOWN_VALUE
from mapping.models.contribution import Contribution, ContributionStatus
from mapping.models.participant import Participant
from mapping.models.texts import PlainText, holding_words


class CommentStatus(models.TextChoices):
    """pending -> published | rejected; a withdrawn comment is deleted."""

    PENDING = "pending", _("Waiting for review")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Rejected")


# The gate of `ContributionQuerySet.published()`, seen from what hangs on a contribution: one join, no subquery.
_ON_PUBLIC_CONTRIBUTION: Final = models.Q(
    contribution__status=ContributionStatus.PUBLISHED,
    contribution__campaign__publication=Publication.POINTS,
    contribution__campaign__is_draft=False,
)


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments as pages and the API ask for them."""

    def published(self) -> "CommentQuerySet":
        """What the public may read: published comments on public contributions."""
        return self.filter(_ON_PUBLIC_CONTRIBUTION, status=CommentStatus.PUBLISHED)

    def accepted(self) -> "CommentQuerySet":
        """For staff: comments that passed the review, on whatever contribution."""
        return self.filter(status=CommentStatus.PUBLISHED)

    def with_status(self, status: str) -> "CommentQuerySet":
        """For staff: comments in one status."""
        return self.filter(status=status)

    def containing(self, words: str) -> "CommentQuerySet":
        """Comments whose text contains all of some words, in any case and order."""
        return self.filter(holding_words(words, "text"))

    def pending(self) -> "CommentQuerySet":
        """Comments that wait for a review."""
        return self.filter(status=CommentStatus.PENDING)

    def shown_to(self, participant: Participant | None) -> "CommentQuerySet":
        """What pages show a visitor: published comments, and their own that still wait for a review."""
        public = self.published()
        return public if participant is None else public | self.pending().filter(participant=participant)


CommentManager = models.Manager.from_queryset(CommentQuerySet)


class Comment(models.Model):
    """What a participant wrote below a published contribution, or as an answer to a comment there.

    The public knows it by a random id: a number of the sequence would tell of comments that are not public. There is
    one level of answers, which the database sees to (`0038_ideas`). An answer outlives the comment that it is to: then
    it has no `parent`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="comments", verbose_name=_("contribution")
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="comments", verbose_name=_("participant")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
        verbose_name=_("answer to"),
    )
    answers_comment = models.BooleanField(_("is an answer"), default=False, db_default=False)
    text = models.TextField(_("text"))
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=CommentStatus.choices,
        default=CommentStatus.PENDING,
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    support_count = models.PositiveIntegerField(_("support"), default=0, db_default=0, editable=False)

    objects: ClassVar = CommentManager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=CommentStatus.values),
                name="comment_status",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=~models.Q(text=""),
                name="comment_not_empty",
                violation_error_message=_("A comment needs a text."),
            ),
            models.CheckConstraint(
                condition=models.Q(parent=None) | models.Q(answers_comment=True),
                name="comment_answer_to_comment",
                violation_error_message=_("A comment below another one is an answer."),
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]


class SupportQuerySet(models.QuerySet["Support"]):
    """Opinions as exports count them."""

    def published(self) -> "SupportQuerySet":
        """What the public may count: opinions on public contributions."""
        return self.filter(_ON_PUBLIC_CONTRIBUTION)


SupportManager = models.Manager.from_queryset(SupportQuerySet)


class Support(models.Model):
    """A participant's yes (+1) or no (-1) to a contribution; one each."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="supports", verbose_name=_("contribution")
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="supports", verbose_name=_("participant")
    )
    value = models.SmallIntegerField(_("opinion"), default=1)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects: ClassVar = SupportManager()

    class Meta:
        verbose_name = _("support")
        verbose_name_plural = _("support")
        constraints = (
            models.UniqueConstraint(
                fields=("contribution", "participant"),
                name="support_once",
                violation_error_message=_("This person has an opinion on this contribution already."),
            ),
            models.CheckConstraint(
                condition=models.Q(value__in=(1, -1)),
                name="support_value",
                violation_error_message=_("An opinion is 1 (in favour) or -1 (against)."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.value:+d}"


class CommentSupportQuerySet(models.QuerySet["CommentSupport"]):
    """Support for comments as numbers of people count it."""

    def published(self) -> "CommentSupportQuerySet":
        """What the public may count: support for published comments on public contributions."""
        return self.filter(comment__in=Comment.objects.published())


CommentSupportManager = models.Manager.from_queryset(CommentSupportQuerySet)


class CommentSupport(models.Model):
    """That a participant supports a comment; one each."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="supports", verbose_name=_("comment")
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, related_name="comment_supports", verbose_name=_("participant")
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects: ClassVar = CommentSupportManager()

    class Meta:
        verbose_name = _("support for a comment")
        verbose_name_plural = _("support for comments")
        constraints = (
            models.UniqueConstraint(
                fields=("comment", "participant"),
                name="comment_support_once",
                violation_error_message=_("This person supports this comment already."),
            ),
        )

    def __str__(self) -> str:
        return str(self.comment)


class ReplyStatus(models.TextChoices):
    """What the city does about a contribution."""

    UNDER_REVIEW = "under_review", _("Under review")
    PLANNED = "planned", _("Planned")
    DONE = "done", _("Done")
    NOT_POSSIBLE = "not_possible", _("Not possible")


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Replies as pages ask for them."""

    def published(self) -> "ReplyQuerySet":
        """What the public may read: replies to public contributions."""
        return self.filter(_ON_PUBLIC_CONTRIBUTION)


ReplyManager = models.Manager.from_queryset(ReplyQuerySet)


class Reply(models.Model):
    """The city's official answer to a contribution; the newest one counts."""

    contribution = models.ForeignKey(
        Contribution,
        on_delete=models.CASCADE,
        related_name="replies",
        verbose_name=_("contribution"),
        db_index=False,
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("written by"),
    )
    status = models.CharField(_("status"), max_length=16, choices=ReplyStatus.choices)
    text = PlainText(_("text"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects: ClassVar = ReplyManager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ("-created_at", "-pk")
        # The newest reply of each contribution without sorting; takes the place of the foreign key's own index.
        indexes = (models.Index(fields=("contribution", "created_at", "id"), name="reply_newest"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=ReplyStatus.values),
                name="reply_status",
                violation_error_message=UNKNOWN_VALUE,
            ),
        )

    def __str__(self) -> str:
        return self.text[:60]
