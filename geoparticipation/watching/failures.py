"""Failed jobs are counted when the queue deletes them."""

from __future__ import annotations

from typing import Final

from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

_ADD: Final = """
INSERT INTO watching_failedjob AS failure (hour, task, times, last_at)
VALUES (date_trunc('hour', now()), %(task)s, 1, now())
ON CONFLICT (hour, task) DO UPDATE SET times = failure.times + 1, last_at = excluded.last_at
"""


class CountingJobManager(JobManager):
    """Procrastinate's, which counts jobs that failed for good."""

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """End a job; raises ConnectorException while the database is away."""
        await super().finish_job(job, status, delete_job)
        if status is Status.FAILED:
            await self.connector.execute_query_async(_ADD, task=job.task_name)
