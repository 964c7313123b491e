"""What operators look back on: jobs that failed. Finished jobs are deleted from the queue, failed ones too."""

from datetime import timedelta
from typing import ClassVar, Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT_FOR: Final = timedelta(days=30)


class FailedJob(models.Model):
    """How often a task failed for good within an hour: one row per hour and task, without arguments."""

    hour = models.DateTimeField(_("hour"))
    task = models.CharField(_("task"), max_length=128)
    times = models.PositiveIntegerField(_("times"), default=1)
    last_at = models.DateTimeField(_("last"))

    class Meta:
        verbose_name = _("failed job")
        verbose_name_plural = _("failed jobs")
        default_permissions = ()
        ordering: ClassVar = ("-hour", "task")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("hour", "task"),
                name="failed_job_once",
                violation_error_message=_("This failure was counted already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} · {self.times}"


def remove_old_failures() -> int:
    """Delete failures older than `KEPT_FOR`; return the number of deleted rows."""
    removed, _by_model = FailedJob.objects.filter(hour__lt=timezone.now() - KEPT_FOR).delete()
    return removed
