"""Who is told by mail: addresses, what each wants to hear of, and the log of consents.

Addresses live apart from contributions and accounts. No page of planners, no export and no administration reads these
tables. A trigger deletes an address with its last subscription, whatever way that goes (migration 0003).
"""

import uuid
from datetime import datetime, timedelta
from typing import ClassVar, Final

from django.contrib.gis.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models.body import Body
from engagement.models.common import value_is_known
from engagement.models.plan import Plan

UNCONFIRMED_DAYS: Final = 14
"""After so many days an address that nobody confirmed is deleted."""
SMALLEST_RADIUS: Final = 100
LARGEST_RADIUS: Final = 5000
"""In metres."""
SITE_LANGUAGES: Final = ("de", "en")


class Rhythm(models.TextChoices):
    """When mails come."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, in the morning")
    WEEKLY = "weekly", _("Once a week, on Monday morning")


class SubjectKind(models.TextChoices):
    """What a subscription is about."""

    CALENDAR = "calendar", _("The whole calendar")
    CAMPAIGN = "campaign", _("A participation")
    CATEGORY = "category", _("A topic of a participation")
    DISTRICT = "district", _("A district")
    CIRCLE = "circle", _("What is near a place")
    PLAN = "plan", _("A plan of the city")
    BODY = "body", _("A working group")
    CONTRIBUTION = "contribution", _("A contribution")


class Subscriber(models.Model):
    """An e-mail address, in small letters, with the language of its mails."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mail = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    language = models.CharField(_("language"), max_length=10, default="de")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    """Since when nothing is sent, because a mail server said that there is no such address."""
    bounces = models.PositiveSmallIntegerField(_("mails that came back"), default=0)
    """Temporary failures, one after another."""

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        default_permissions = ()
        constraints: ClassVar = (value_is_known("language", list(SITE_LANGUAGES), "subscriber_language"),)

    def __str__(self) -> str:
        return str(self.pk)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions as services ask for them."""

    def confirmed(self) -> "SubscriptionQuerySet":
        """Those whose address was confirmed for this subject, and that reach somebody."""
        return self.filter(confirmed_at__isnull=False, subscriber__suspended_at=None)

    def expired(self, at: datetime) -> "SubscriptionQuerySet":
        """Those that nobody confirmed in time."""
        return self.filter(confirmed_at=None, created_at__lt=at - timedelta(days=UNCONFIRMED_DAYS))


SubscriptionManager = models.Manager.from_queryset(SubscriptionQuerySet)

_SUBJECT_COLUMNS: Final = ("campaign", "category", "district", "plan", "body", "contribution")


def _about(kind: SubjectKind) -> models.Q:
    """That exactly the columns of a kind of subject are filled."""
    filled = {f"{name}__isnull": name != kind for name in _SUBJECT_COLUMNS}
    is_circle = kind == SubjectKind.CIRCLE
    return models.Q(kind=kind, place__isnull=not is_circle, radius_metres__isnull=not is_circle, **filled)


def _about_one_subject() -> models.Q:
    condition = models.Q()
    for kind in SubjectKind:
        condition |= _about(kind)
    return condition


class Subscription(models.Model):
    """That an address wants to hear of a subject; nothing is sent before it is confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, related_name="subscriptions", verbose_name=_("subscriber")
    )
    kind = models.CharField(_("subject"), max_length=12, choices=SubjectKind.choices)
    campaign = models.ForeignKey(
        "mapping.Campaign",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("participation"),
    )
    category = models.ForeignKey(
        "mapping.Category", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("topic")
    )
    district = models.ForeignKey(
        "mapping.District", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("district")
    )
    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("plan")
    )
    body = models.ForeignKey(
        Body, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("body")
    )
    contribution = models.ForeignKey(
        "mapping.Contribution",
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("contribution"),
    )
    is_author = models.BooleanField(_("of its author"), default=False)
    """Made on the private page of the contribution: hears of reviews, too."""
    place = models.PointField(_("middle of the circle"), srid=4326, geography=True, null=True)
    radius_metres = models.PositiveIntegerField(_("radius in metres"), null=True)
    rhythm = models.CharField(_("how often"), max_length=8, choices=Rhythm.choices, default=Rhythm.AT_ONCE)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects: ClassVar = SubscriptionManager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        default_permissions = ()
        ordering = ("created_at", "pk")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=_about_one_subject(),
                name="subscription_about_one_subject",
                violation_error_message=_("A subscription is about one subject."),
            ),
            models.CheckConstraint(
                condition=models.Q(is_author=False) | models.Q(contribution__isnull=False),
                name="subscription_of_an_author",
                violation_error_message=_("Only a contribution has an author."),
            ),
            models.CheckConstraint(
                condition=models.Q(radius_metres=None)
                | models.Q(radius_metres__range=(SMALLEST_RADIUS, LARGEST_RADIUS)),
                name="subscription_radius",
                violation_error_message=_("Please choose a radius from the list."),
            ),
            value_is_known("rhythm", Rhythm.values, "subscription_rhythm"),
            models.UniqueConstraint(
                fields=("subscriber", "kind", *_SUBJECT_COLUMNS, "is_author"),
                condition=~models.Q(kind=SubjectKind.CIRCLE),
                name="subscription_once_per_subject",
                nulls_distinct=False,
                violation_error_message=_("This address hears of it already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.pk}"


class Consent(models.TextChoices):
    """What somebody did."""

    REQUESTED = "requested", _("Subscription requested")
    CONFIRMED = "confirmed", _("Subscription confirmed")
    ENDED = "ended", _("Subscription ended")


class ConsentRecord(models.Model):
    """The proof of a consent (article 7(1) GDPR): a keyed hash of the address, no address, no network.

    Whoever shows an address can be shown what was consented to; nobody can read addresses here.
    """

    key = models.BinaryField(_("keyed hash of the address"), max_length=32, editable=False)
    what = models.CharField(_("what"), max_length=10, choices=Consent.choices)
    subject = models.CharField(_("subject"), max_length=12, choices=SubjectKind.choices)
    wording = models.PositiveSmallIntegerField(_("version of the wording"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        default_permissions = ()
        ordering = ("at", "pk")
        constraints: ClassVar = (value_is_known("what", Consent.values, "consentrecord_what"),)
        indexes: ClassVar = (models.Index(fields=("key", "at"), name="consentrecord_by_key"),)

    def __str__(self) -> str:
        return f"{self.what} · {self.at:%Y-%m-%d}"
