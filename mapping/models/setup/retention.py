"""How long what people gave in a campaign is kept after its end, what was removed, and what the site said about it."""

from datetime import date, datetime
from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.checks import UNKNOWN_VALUE
from mapping.models.texts import PlainText

LONGEST_MONTHS: Final = 240
_ENDS_LATE: Final = _(
    "People were promised that data are deleted on %(day)s. The campaign must end before that day."
)


class RetentionSubject(models.TextChoices):
    """What is removed at a date of its own."""

    TEXTS = "texts", _("Texts")
    PHOTOS = "photos", _("Photos")
    STAFF_ANSWERS = "staff_answers", _("Answers for staff only")
    PLACES = "places", _("Exact places")
    PEOPLE = "people", _("Link to the browser")


class RetentionSpanQuerySet(models.QuerySet["RetentionSpan"]):
    """Spans as pages and the nightly job read them."""

    def limited(self) -> "RetentionSpanQuerySet":
        """Those with an end: what they are about is removed one day."""
        return self.filter(months__isnull=False)

    def due(self, day: date) -> "RetentionSpanQuerySet":
        """Those whose date has come, the oldest first."""
        return self.filter(until__lte=day).order_by("until", "pk")

    def coming(self, last: date) -> "RetentionSpanQuerySet":
        """Those whose date comes until a last day, and that were not carried out yet; the first ones first."""
        return self.filter(until__lte=last, done_at=None).order_by("until", "pk")

    def of(self, campaign: Campaign) -> "RetentionSpanQuerySet":
        """Those of a campaign."""
        return self.filter(campaign=campaign)


RetentionSpanManager = models.Manager.from_queryset(RetentionSpanQuerySet)


class RetentionSpan(models.Model):
    """How many months after the end of a campaign one thing is kept; without `months` as long as the campaign.

    `until` is the date that people are promised. The database computes it of the campaign's end and the months
    (migration `0045_retention` and later ones): once somebody took part it never becomes later, whatever way a row
    takes. It lies at least `NOTICE` days ahead of the change that set it, so that staff can be warned; a restored
    backup takes the one that people were promised since (`services.erasures.promises`).
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="retention_spans", verbose_name=_("campaign")
    )
    subject = models.CharField(_("what"), max_length=16, choices=RetentionSubject.choices)
    months = models.PositiveSmallIntegerField(_("months after the end"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, editable=False)
    warned_at = models.DateTimeField(_("staff were warned"), null=True, editable=False)
    done_at = models.DateTimeField(_("removed"), null=True, editable=False)

    objects: ClassVar = RetentionSpanManager()

    class Meta:
        verbose_name = _("retention span")
        verbose_name_plural = _("retention spans")
        default_permissions = ()
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("campaign", "subject"),
                name="retention_once_per_campaign",
                violation_error_message=_("This campaign has a date for this already."),
            ),
            models.CheckConstraint(
                condition=models.Q(subject__in=RetentionSubject.values),
                name="retention_subject",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=models.Q(months=None) | models.Q(months__range=(1, LONGEST_MONTHS)),
                name="retention_months",
                violation_error_message=_("Please give from 1 to 240 months."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} · {self.subject}"


def refuse_late_end(campaign: Campaign, before: datetime | None) -> None:
    """Raise ValidationError for an end of a campaign at or after a date that people were promised, and for no end.

    `before` is the end that is stored.
    """
    ends = campaign.closes_at
    if ends == before or (ends is not None and before is not None and ends < before):
        return
    first = RetentionSpan.objects.of(campaign).filter(until__isnull=False)
    if ends is not None:
        first = first.filter(until__lte=timezone.localdate(ends))
    promised = first.order_by("until").first()
    if promised is not None and promised.until is not None and campaign.participants.exists():
        words = _ENDS_LATE % {"day": date_format(promised.until)}
        raise ValidationError({"closes_at": words}, code="ends_after_retention")


class RetentionRecord(models.Model):
    """How many rows of one kind a night removed in a campaign; no content, and nobody's number."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="retention_records", verbose_name=_("campaign")
    )
    subject = models.CharField(_("what"), max_length=16, choices=RetentionSubject.choices)
    part = models.CharField(_("kind"), max_length=40)
    day = models.DateField(_("day"))
    number = models.PositiveIntegerField(_("number"), default=0)

    objects: ClassVar[models.Manager["RetentionRecord"]] = models.Manager()

    class Meta:
        verbose_name = _("record of retention")
        verbose_name_plural = _("records of retention")
        default_permissions = ()
        ordering = ("-day", "subject", "part")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("campaign", "part", "day"),
                name="retention_record_once_a_day",
                violation_error_message=_("This is in the record already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} · {self.part} · {self.day:%Y-%m-%d}"


class WordingKind(models.TextChoices):
    """What the site says about data protection."""

    PRIVACY = "privacy", _("Privacy page")
    SENDING = "sending", _("Sentence at sending")
    CONSENT = "consent", _("Consent to letters")


class Wording(models.Model):
    """What the site said about data protection in one language, from `since` until the next version.

    Which version held when something was sent follows from its time: nothing is stored with people.
    """

    kind = models.CharField(_("what"), max_length=10, choices=WordingKind.choices)
    language = models.CharField(_("language"), max_length=10)
    number = models.PositiveSmallIntegerField(_("version"))
    text = PlainText(_("text"))
    digest = models.BinaryField(max_length=32, editable=False)
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar[models.Manager["Wording"]] = models.Manager()

    class Meta:
        verbose_name = _("version of the privacy wording")
        verbose_name_plural = _("versions of the privacy wording")
        default_permissions = ()
        ordering = ("kind", "language", "-number")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("kind", "language", "number"),
                name="wording_version_once",
                violation_error_message=_("This version is there already."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=WordingKind.values),
                name="wording_kind",
                violation_error_message=UNKNOWN_VALUE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.number}"
