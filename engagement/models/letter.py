"""The ledger of mails: what happened, who hears of it, and each mail with its state."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models.common import value_is_known
from engagement.models.event import Registration
from engagement.models.subscription import Subscriber, Subscription


class HappeningKind(models.TextChoices):
    """What people are told of."""

    CAMPAIGN = "campaign", _("New participation")
    OUTCOME = "outcome", _("Results of a participation")
    CONTRIBUTION = "contribution", _("New contribution")
    REPLY = "reply", _("Reply by the city")
    REVIEW = "review", _("Review of a contribution")
    EVENT = "event", _("New date")
    MOVED = "moved", _("Date moved")
    CANCELLED = "cancelled", _("Date cancelled")
    RESTORED = "restored", _("Date takes place after all")
    REMINDER = "reminder", _("Date soon")
    UPDATE = "update", _("News")
    DOCUMENT = "document", _("New document")
    VERSION = "version", _("New version of a document")
    PLAN = "plan", _("New plan")
    PLAN_CHANGE = "plan_change", _("Change of a plan")


class Happening(models.Model):
    """Something that became public, noted once; its words are read when a mail is written, if it is public still.

    `key` is the primary key of its row; with dates an `@` follows, then the number of the change or the start that is
    soon.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=HappeningKind.choices)
    key = models.CharField(_("key"), max_length=100)
    happened_at = models.DateTimeField(_("happened"), default=timezone.now)
    contribution = models.ForeignKey(
        "mapping.Contribution",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("contribution"),
    )
    """Of contributions, replies and reviews, so that nothing is left of a withdrawn one."""

    class Meta:
        verbose_name = _("happening")
        verbose_name_plural = _("happenings")
        default_permissions = ()
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("kind", "key"),
                name="happening_once",
                violation_error_message=_("This was noted already."),
            ),
            value_is_known("kind", HappeningKind.values, "happening_kind"),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.key}"

    @property
    def row_key(self) -> str:
        """The primary key of the row that it is about."""
        return self.key.partition("@")[0]


class LetterKind(models.TextChoices):
    """What a mail is for."""

    CONFIRMATION = "confirmation", _("Confirmation")
    OVERVIEW = "overview", _("Overview of subscriptions")
    NEWS = "news", _("News")
    STAFF = "staff", _("Digest for staff")
    REGISTRATION = "registration", _("Registration for a date")


class LetterAbout(models.TextChoices):
    """What a mail to somebody who registered is about."""

    STATE = "state", _("Registration as it is")
    MOVED_UP = "moved_up", _("Free place")
    CHANGED = "changed", _("Date moved")
    CANCELLED = "cancelled", _("Date cancelled")
    REMINDER = "reminder", _("Date soon")


class LetterState(models.TextChoices):
    """waiting -> sending -> sent | waiting again | refused | unclear."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    REFUSED = "refused", _("Refused")
    UNCLEAR = "unclear", _("Interrupted twice")


class LetterQuerySet(models.QuerySet["Letter"]):
    """Mails as those who send them ask for them."""

    def due(self, at: datetime) -> "LetterQuerySet":
        """Waiting mails whose time has come, those that people wait for first."""
        return self.filter(state=LetterState.WAITING, due_at__lte=at)

    def news_waiting(self, subscriber: uuid.UUID) -> "LetterQuerySet":
        """Waiting news to an address, by its id."""
        return self.filter(kind=LetterKind.NEWS, state=LetterState.WAITING, subscriber=subscriber)

    def interrupted(self, before: datetime) -> "LetterQuerySet":
        """Mails in the hands of a sender who is gone: taken up before this moment and never finished."""
        return self.filter(state=LetterState.SENDING, taken_at__lt=before)

    def finished(self, before: datetime) -> "LetterQuerySet":
        """Mails that were sent or given up before a moment."""
        over = (LetterState.SENT, LetterState.REFUSED, LetterState.UNCLEAR)
        return self.filter(state__in=over, due_at__lt=before)


LetterManager = models.Manager.from_queryset(LetterQuerySet)


class Letter(models.Model):
    """One mail. Its Message-ID is made of its id, so that a repetition is recognised as the same mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=LetterKind.choices)
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, null=True, related_name="letters", verbose_name=_("subscriber")
    )
    subscription = models.ForeignKey(
        Subscription,
        on_delete=models.CASCADE,
        null=True,
        related_name="letters",
        verbose_name=_("subscription"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("member of staff"),
    )
    registration = models.ForeignKey(
        Registration,
        on_delete=models.CASCADE,
        null=True,
        related_name="letters",
        verbose_name=_("registration"),
    )
    about = models.CharField(
        _("about"), max_length=10, choices=LetterAbout.choices, blank=True, default="", db_default=""
    )
    """Of registrations only."""
    state = models.CharField(
        _("state"), max_length=8, choices=LetterState.choices, default=LetterState.WAITING
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    taken_at = models.DateTimeField(_("taken up"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    """How often a mail server put it off."""
    interruptions = models.PositiveSmallIntegerField(_("interruptions"), default=0)
    """How often nobody knows whether it was taken; it is repeated once."""
    returned_at = models.DateTimeField(_("came back"), null=True)
    """When it was noted that it came back, or was given up: each mail is counted once."""

    objects: ClassVar = LetterManager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        default_permissions = ()
        constraints: ClassVar = (
            value_is_known("kind", LetterKind.values, "letter_kind"),
            value_is_known("state", LetterState.values, "letter_state"),
            models.CheckConstraint(
                condition=models.Q(
                    kind=LetterKind.STAFF, user__isnull=False, subscriber=None, registration=None
                )
                | models.Q(
                    kind=LetterKind.REGISTRATION, registration__isnull=False, subscriber=None, user=None
                )
                | (
                    ~models.Q(kind__in=(LetterKind.STAFF, LetterKind.REGISTRATION))
                    & models.Q(subscriber__isnull=False, user=None, registration=None)
                ),
                name="letter_to_one_reader",
                violation_error_message=_(
                    "A mail goes to a subscriber, to a member of staff or to somebody who registered."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=LetterKind.REGISTRATION, about__in=LetterAbout.values)
                | (~models.Q(kind=LetterKind.REGISTRATION) & models.Q(about="")),
                name="letter_about",
                violation_error_message=_("Please choose what the mail is about."),
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=(LetterKind.CONFIRMATION, LetterKind.NEWS))
                | models.Q(subscription__isnull=False),
                name="letter_of_a_subscription",
                violation_error_message=_("This kind of mail belongs to a subscription."),
            ),
        )
        indexes: ClassVar = (
            models.Index(
                fields=("state", "due_at"),
                name="letter_unfinished",
                condition=models.Q(state__in=(LetterState.WAITING, LetterState.SENDING)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.pk}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices as digests ask for them."""

    def waiting(self, rhythm: str, noted_before: datetime) -> "NoticeQuerySet":
        """Those of one rhythm that were noted before a moment and are in no mail yet."""
        return self.filter(letter=None, subscription__rhythm=rhythm, noted_at__lt=noted_before)


NoticeManager = models.Manager.from_queryset(NoticeQuerySet)


class Notice(models.Model):
    """That a subscription hears of a happening: once."""

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="notices", verbose_name=_("subscription")
    )
    happening = models.ForeignKey(
        Happening, on_delete=models.CASCADE, related_name="notices", verbose_name=_("happening")
    )
    letter = models.ForeignKey(
        Letter, on_delete=models.CASCADE, null=True, related_name="notices", verbose_name=_("mail")
    )

    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    objects: ClassVar = NoticeManager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        default_permissions = ()
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("subscription", "happening"),
                name="notice_once",
                violation_error_message=_("This subscription hears of it already."),
            ),
        )
        indexes: ClassVar = (
            models.Index(fields=("subscription",), name="notice_waiting", condition=models.Q(letter=None)),
        )

    def __str__(self) -> str:
        return f"{self.subscription_id} · {self.happening_id}"
