"""Tasks of the queue itself, and letters of the site."""

from __future__ import annotations

import logging

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from geoparticipation.barriers import letters
from geoparticipation.worker import DEAD_AFTER

logger = logging.getLogger(__name__)


class WorkerLostError(Exception):
    """The worker of a job was killed, or has not been heard of for long."""


# No `lock`: a stalled run of this task itself would keep all later ones from running (procrastinate issue 1408).
@queue.periodic(cron="* * * * *")
@queue.task(name="retry_stalled_jobs", queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the period
    """Give jobs of lost workers to others, by the retry policy of their task; those without one end."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        try:
            await _retry(context, job)
        except ConnectorException as error:
            # It has ended meanwhile, or another job waits with its queueing lock (procrastinate issue 1446).
            logger.warning("The stalled job %s could not be retried: %s", job.call_string, error.__cause__)


async def _retry(context: JobContext, job: Job) -> None:
    task = context.app.tasks.get(job.task_name)
    retry = task.get_retry_exception(WorkerLostError(), job) if task is not None else None
    if retry is not None and not await _has_successor(context, job):
        await context.app.job_manager.retry_job(job)
        return
    logger.error("The job %s was given up: its worker is lost.", job.call_string)
    await context.app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


async def _has_successor(context: JobContext, job: Job) -> bool:
    """Whether another job waits with the same queueing lock, so that this one cannot wait as well."""
    if job.queueing_lock is None:
        return False
    return bool(
        list(
            await context.app.job_manager.list_jobs_async(
                queueing_lock=job.queueing_lock, status=Status.TODO.value
            )
        )
    )


# The report itself is the argument: no table keeps it, and jobs are deleted when they end.
@queue.task(
    name="send_barrier_report", queue="mail", retry=RetryStrategy(max_attempts=6, exponential_wait=10)
)
def send_barrier_report(page: str, text: str, email: str) -> None:
    """Send a report of a barrier to the city."""
    letters.send_report(page, text, email)
