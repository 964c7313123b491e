"""Files that are written in the background: what was asked for, by whom, how far it is, until when it is there."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from mapping.models.campaign import Campaign
from mapping.models.checks import UNKNOWN_VALUE

RESPONSES: Final = "responses"
"""What the parameter `what` of a query is called that asks for responses to the survey."""


class ExportStatus(models.TextChoices):
    """waiting -> running -> done | failed; running goes back to waiting when its worker is stopped."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Failed")


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    """Jobs as the worker, the pages and the API ask for them."""

    def unfinished(self) -> ExportJobQuerySet:
        """Jobs that wait or are being written."""
        return self.filter(status__in=(ExportStatus.WAITING, ExportStatus.RUNNING))

    def finished(self) -> ExportJobQuerySet:
        """Jobs of which nothing more is to be expected."""
        return self.filter(status__in=(ExportStatus.DONE, ExportStatus.FAILED))

    def waiting(self) -> ExportJobQuerySet:
        """Jobs that no worker has begun."""
        return self.filter(status=ExportStatus.WAITING)

    def ahead_of(self, job: ExportJob) -> ExportJobQuerySet:
        """Jobs whose turn comes before that of another."""
        earlier = models.Q(for_staff=job.for_staff, created_at__lt=job.created_at)
        return self.unfinished().filter(earlier | models.Q(for_staff__gt=job.for_staff))

    def within_budget(self, *, for_staff: bool) -> ExportJobQuerySet:
        """Jobs that share a limit: what the public asks for must not keep the staff from working, nor the reverse."""
        return self.filter(for_staff=for_staff)

    def running(self) -> ExportJobQuerySet:
        """Jobs that a worker writes."""
        return self.filter(status=ExportStatus.RUNNING)

    def begun(self) -> ExportJobQuerySet:
        """Jobs of which there is a file, whole or in part."""
        return self.filter(status__in=(ExportStatus.RUNNING, ExportStatus.DONE))

    def failed(self) -> ExportJobQuerySet:
        """Jobs that were given up."""
        return self.filter(status=ExportStatus.FAILED)

    def expired(self, at: datetime) -> ExportJobQuerySet:
        """Jobs whose time is up, whatever became of them."""
        return self.filter(expires_at__lte=at)

    def asked_by(self, user_id: int | None) -> ExportJobQuerySet:
        """The jobs of a member of the staff, or those of the public."""
        return self.filter(asked_by=user_id)


ExportJobManager = models.Manager.from_queryset(ExportJobQuerySet)


class ExportJob(models.Model):
    """One file. The random id in its address is what opens it; jobs of the staff open for who asked alone.

    `query` is the query string as it was sent: it is read again when the job runs, by the rules of that moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="export_jobs", verbose_name=_("campaign")
    )
    ending = models.CharField(_("format"), max_length=20)
    query = models.TextField(_("filters"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="export_jobs",
        verbose_name=_("asked for by"),
    )
    for_staff = models.BooleanField(
        _("for the staff"), default=False, help_text=_("Ordered by a member of the campaign's staff.")
    )
    language = models.CharField(_("language"), max_length=10)
    origin = models.TextField(_("address of the download"))
    photo_base = models.TextField(_("address of photos"))
    status = models.CharField(
        _("status"), max_length=8, choices=ExportStatus.choices, default=ExportStatus.WAITING
    )
    problem = models.CharField(_("reason"), max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done = models.PositiveIntegerField(_("rows written"), default=0)
    total = models.PositiveIntegerField(_("rows in all"), default=0)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    shows_contributions = models.BooleanField(_("holds single contributions"), default=True)
    created_at = models.DateTimeField(_("asked for"), default=timezone.now)
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("removed at"))

    objects: ClassVar = ExportJobManager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("status", "created_at"), name="export_job_queue"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(status__in=ExportStatus.values),
                name="export_job_status",
                violation_error_message=UNKNOWN_VALUE,
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.ending} {self.id}"

    @property
    def is_of_responses(self) -> bool:
        """Whether the file holds responses to the survey; all others hold contributions."""
        return QueryDict(self.query).get("what") == RESPONSES

    @property
    def percent(self) -> int:
        """How much is written, in whole percent; 100 only when the file is ready."""
        if self.status == ExportStatus.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0


def open_tasks(name: str) -> models.QuerySet[ProcrastinateJob]:
    """Tasks of the queue with a name that wait or that a worker has begun."""
    return ProcrastinateJob.objects.filter(task_name=name, status__in=("todo", "doing"))


def waiting_tasks(name: str) -> models.QuerySet[ProcrastinateJob]:
    """Tasks of the queue with a name that no worker has begun."""
    return ProcrastinateJob.objects.filter(task_name=name, status="todo")
