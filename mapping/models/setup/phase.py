"""Phases: spans of a campaign in which some things are allowed."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.texts import PlainLine


class Action(models.TextChoices):
    """What people may do in a campaign."""

    CONTRIBUTE = "contribute", _("Contribute")
    COMMENT = "comment", _("Comment")
    SUPPORT = "support", _("Support")
    VOTE = "vote", _("Vote")
    ANSWER = "answer", _("Answer the survey")


class _Span(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Phase(models.Model):
    """A span of a campaign in which only some actions are allowed: start included, end excluded.

    A campaign without phases allows everything in its whole period; one with phases allows nothing between them.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="phases", verbose_name=_("campaign")
    )
    title = PlainLine(_("title"), max_length=120)
    description = PlainLine(_("description"), max_length=300, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    allows = ArrayField(
        models.CharField(max_length=12, choices=Action.choices),
        verbose_name=_("allows"),
        default=list,
        blank=True,
    )

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ("campaign", "opens_at")
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="phase_opens_before_it_closes",
                violation_error_message=_("The phase must end after it begins. Please check both dates."),
            ),
            models.CheckConstraint(
                condition=models.Q(allows__contained_by=Action.values),
                name="phase_allows",
                violation_error_message=_("Please choose what people may do in this phase."),
            ),
            ExclusionConstraint(
                name="phase_no_overlap",
                expressions=[
                    (_Span("opens_at", "closes_at", RangeBoundary()), RangeOperators.OVERLAPS),
                    ("campaign", RangeOperators.EQUAL),
                ],
                violation_error_message=_("Two phases overlap. Please let one end before the next begins."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def allows_action(self, action: str) -> bool:
        """Whether people may do this in the phase."""
        return action in self.allows
