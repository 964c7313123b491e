"""The same for what operators look back on, for `tests.test_constraints`."""

from collections.abc import Callable

from django.utils import timezone

from geoparticipation.watching.models import FailedJob
from mapping.models import Contribution


def _twice(_: Contribution) -> None:
    hour = timezone.now()
    for _time in range(2):
        FailedJob.objects.create(hour=hour, task="write_export", last_at=hour)


OF_WATCHING: list[tuple[str, Callable[[Contribution], object]]] = [("failed_job_once", _twice)]
