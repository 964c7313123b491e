"""The pseudonymous people behind contributions: those with a browser, and those who gave a sheet of paper."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign


class Participant(models.Model):
    """One person within one campaign, known only by a keyed hash.

    `key` is a SHA-256 HMAC of the secret in the person's cookie and the campaign, so that the same person has
    unrelated keys in two campaigns and nobody without the server's key can link them (`services.identity`). Where
    people sign in, it is an HMAC of who they are at the provider, under a key of the campaign
    (`services.signing_in.pairwise`).
    No name, no address, no IP address is kept.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="participants", verbose_name=_("campaign")
    )
    key = models.BinaryField(max_length=32, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "key"),
                name="participant_once_per_campaign",
                violation_error_message=_("This person is known in this campaign already."),
            ),
        )

    def __str__(self) -> str:
        return _("Participant %(number)s") % {"number": self.pk}


class PairwiseKey(models.Model):
    """The random half of the key under which a campaign's digests of signed-in people are made; deleted with it.

    The other half is the site's SECRET_KEY: `mark` names the provider, and the key with which the first digest was
    made, so that another provider or a new SECRET_KEY is noticed and nobody counts twice because of it
    (`services.signing_in.pairwise`). Once both are emptied, nobody can compute whose digest is whose any more, and
    nobody can sign in.
    """

    campaign = models.OneToOneField(
        Campaign,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="pairwise_key",
        verbose_name=_("campaign"),
    )
    key = models.BinaryField(max_length=32, editable=False)
    mark = models.BinaryField(max_length=32, editable=False)

    class Meta:
        verbose_name = _("key for people who signed in")
        verbose_name_plural = _("keys for people who signed in")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.campaign_id)


class PaperBatchQuerySet(models.QuerySet["PaperBatch"]):
    """Batches as the pages of staff read them."""

    def of(self, campaign: Campaign) -> "PaperBatchQuerySet":
        """Those of a campaign, the newest first, each with the number of its sheets (`sheet_count`)."""
        found = self.filter(campaign=campaign).annotate(sheet_count=models.Count("sheets"))
        return found.order_by("-created_at", "-pk")


PaperBatchManager = models.Manager.from_queryset(PaperBatchQuerySet)


class PaperBatch(models.Model):
    """A pile of map sheets on paper: entered sheet by sheet, compared with the pile, and closed."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="paper_batches", verbose_name=_("campaign")
    )
    name = models.CharField(_("batch"), max_length=40)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects: ClassVar = PaperBatchManager()

    class Meta:
        verbose_name = _("batch of map sheets")
        verbose_name_plural = _("batches of map sheets")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "name"),
                name="paper_batch_once_per_campaign",
                violation_error_message=_("This campaign has a batch with this name already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="paper_batch_has_a_name",
                violation_error_message=_("A batch needs a number or a name."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class MapSheet(models.Model):
    """One sheet of a batch: the person who filled it in, with all the places on it.

    Its person is counted like any other and is reached by no cookie (`services.paper`). The sheet goes with the person,
    which goes with the last place.
    """

    batch = models.ForeignKey(
        PaperBatch, on_delete=models.CASCADE, related_name="sheets", verbose_name=_("batch")
    )
    number = models.PositiveIntegerField(_("number"))
    participant = models.OneToOneField(
        Participant, on_delete=models.CASCADE, related_name="map_sheet", verbose_name=_("participant")
    )
    dated_on = models.DateField(_("date on the sheet"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="entered_sheets",
        verbose_name=_("entered by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("map sheet")
        verbose_name_plural = _("map sheets")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("batch", "number"),
                name="map_sheet_once_per_batch",
                violation_error_message=_("This batch has a sheet with this number already."),
            ),
            models.CheckConstraint(
                condition=models.Q(number__range=(1, 99_999)),
                name="map_sheet_number",
                violation_error_message=_("Sheets are numbered from 1 to 99,999."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.batch} · {self.number}"
