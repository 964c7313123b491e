"""Flags: what anybody reported about a contribution or comment, for moderators to look at."""

from collections.abc import Iterable
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.checks import UNKNOWN_VALUE
from mapping.models.contribution import Contribution
from mapping.models.feedback import Comment


class FlagReason(models.TextChoices):
    """Why something is reported; Regulation (EU) 2022/2065, article 16, is about the first."""

    UNLAWFUL = "unlawful", _("It is unlawful.")
    INSULTING = "insulting", _("It insults or discriminates against people.")
    PERSONAL = "personal", _("It names or shows a person who can be recognised.")
    ADVERTISING = "advertising", _("It is advertising.")
    OTHER = "other", _("Another reason")


class FlagOutcome(models.TextChoices):
    """What moderators decided about what was reported."""

    KEPT = "kept", _("Left as it is")
    REMOVED = "removed", _("Not published any more")


EXPLAINED: Final = (FlagReason.UNLAWFUL, FlagReason.OTHER)
"""Reasons that say nothing without an explanation."""


class FlagQuerySet(models.QuerySet["Flag"]):
    """Flags as moderators read them."""

    def undecided(self) -> "FlagQuerySet":
        """Those that wait for a moderator."""
        return self.filter(outcome="")

    def in_campaign(self, campaign: Campaign) -> "FlagQuerySet":
        """Those about contributions and comments of one campaign."""
        return self.filter(
            models.Q(contribution__campaign=campaign) | models.Q(comment__contribution__campaign=campaign)
        )

    def numbers_of(self, campaigns: Iterable[Campaign]) -> dict[int, int]:
        """How many there are, by the keys of those of some campaigns that have any."""
        campaign = Coalesce("contribution__campaign", "comment__contribution__campaign")
        rows = (
            self.annotate(in_campaign=campaign)
            .filter(in_campaign__in=[one.pk for one in campaigns])
            .order_by()
        )
        return dict(rows.values_list("in_campaign").annotate(number=models.Count("pk")))

    def about(self, item: Contribution | Comment) -> "FlagQuerySet":
        """Those about one contribution or comment."""
        return self.filter(comment=item) if isinstance(item, Comment) else self.filter(contribution=item)


FlagManager = models.Manager.from_queryset(FlagQuerySet)


class Flag(models.Model):
    """That somebody reported something: why, in their own words; never public, and who it was is not stored.

    It hides nothing by itself. Deleted with what it is about, and half a year after the decision.
    """

    contribution = models.ForeignKey(
        Contribution,
        on_delete=models.CASCADE,
        null=True,
        related_name="flags",
        verbose_name=_("contribution"),
    )
    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, null=True, related_name="flags", verbose_name=_("comment")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=FlagReason.choices)
    text = models.TextField(_("explanation"), blank=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    outcome = models.CharField(_("decision"), max_length=8, choices=FlagOutcome.choices, blank=True)
    closed_at = models.DateTimeField(_("decided"), null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("decided by")
    )

    objects: ClassVar = FlagManager()

    class Meta:
        verbose_name = _("report of content")
        verbose_name_plural = _("reports of content")
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(contribution=None, comment__isnull=False)
                | models.Q(contribution__isnull=False, comment=None),
                name="flag_of_one_thing",
                violation_error_message=_("A report is about a contribution or about a comment."),
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=FlagReason.values),
                name="flag_reason",
                violation_error_message=UNKNOWN_VALUE,
            ),
            models.CheckConstraint(
                condition=~models.Q(reason__in=EXPLAINED, text=""),
                name="flag_explained",
                violation_error_message=_("Please explain what is wrong with it."),
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", closed_at=None)
                | models.Q(outcome__in=FlagOutcome.values, closed_at__isnull=False),
                name="flag_closed_with_outcome",
                violation_error_message=_("A decision about a report has a time."),
            ),
        )

    def __str__(self) -> str:
        return str(self.get_reason_display())
