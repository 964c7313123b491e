"""Responses to surveys."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.answers import Wanted, holding
from mapping.models.campaign import Campaign
from mapping.models.checks import UNKNOWN_VALUE, json_is
from mapping.models.contribution import Source, new_contribution_id
from mapping.models.participant import Participant


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses as pages, files and results need them. None of them is ever public as a single one."""

    def complete(self) -> "ResponseQuerySet":
        """Those that count: sent, not drafts."""
        return self.filter(completed_at__isnull=False)

    def of(self, campaign: Campaign) -> "ResponseQuerySet":
        """Those of a campaign's survey."""
        return self.filter(campaign=campaign)

    def answering(self, wanted: Wanted) -> "ResponseQuerySet":
        """Those with an answer as wanted, to questions for staff, too."""
        return self.filter(holding(("answers", "staff_answers"), wanted))


ResponseManager = models.Manager.from_queryset(ResponseQuerySet)


class Response(models.Model):
    """One participant's answers to the questions of a campaign's survey.

    `answers` and `staff_answers` hold them by short name of the question; a trigger keeps those to questions that only
    staff may read apart (migration `0027_survey_counts`), whoever writes the row. Drafts have no `completed_at` and are
    not counted. Responses on paper have no participant, but a `batch` and the member of staff who entered them.
    """

    id = models.UUIDField(primary_key=True, default=new_contribution_id, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="responses", verbose_name=_("campaign")
    )
    participant = models.OneToOneField(
        Participant,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="response",
        verbose_name=_("participant"),
    )
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    staff_answers = models.JSONField(_("answers for staff only"), default=dict, blank=True)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.ONLINE)
    batch = models.CharField(_("batch"), max_length=40, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entered_responses",
        verbose_name=_("entered by"),
    )
    fingerprint = models.BinaryField(max_length=32, editable=False, default=b"")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    completed_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects: ClassVar = ResponseManager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = (models.Index(fields=("campaign", "updated_at"), name="response_changes"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(source__in=Source.values),
                name="response_source",
                violation_error_message=UNKNOWN_VALUE,
            ),
            json_is("answers", "object", "response_answers_object"),
            json_is("staff_answers", "object", "response_staff_answers_object"),
        )

    def __str__(self) -> str:
        return str(self.id)

    @property
    def all_answers(self) -> dict[str, Any]:
        """All answers, for the author and for staff."""
        return {**self.answers, **self.staff_answers}
