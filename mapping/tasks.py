"""Background work of this app: what the queue calls. Each task calls what a command or a page could call as well."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import Final

from django.utils import timezone
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app as queue
from procrastinate.jobs import Job

from mapping.services import export_jobs
from mapping.services.photos.city_pictures import UNUSED_FOR, delete_unused_pictures
from mapping.services.photos.sweeping import delete_stray_files, find_strays
from mapping.services.releases.making import make_due_releases
from mapping.services.retention import remove_expired
from mapping.services.search import collect_words
from mapping.services.wordings import note_wordings

logger = logging.getLogger(__name__)

_OLD_ENOUGH: Final = timedelta(days=1)
"""Younger files may be arriving just now."""


class UnfinishedError(Exception):
    """An export still waits: it was requeued, or revoked while it was written."""


class UntilFinished(BaseRetryStrategy):
    """Run until the export has an outcome; `export_jobs` counts the attempts."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002
        """At once where it waits, after a pause where the database was away."""
        return RetryDecision(retry_in={"seconds": 0 if isinstance(exception, UnfinishedError) else 5})


@queue.task(name=export_jobs.TASK, queue="exports", pass_context=True, retry=UntilFinished())
def write_export(context: JobContext, export: str) -> None:
    """Write the file that somebody waits for."""
    from mapping.http.export_jobs import run  # what starts Django needs no formats

    pk = uuid.UUID(export)
    job = export_jobs.claim(pk)
    if job is not None:
        run(job, context.should_abort)
    if export_jobs.is_waiting(pk):
        raise UnfinishedError


@queue.periodic(cron="* * * * *")
@queue.task(name="mapping.enqueue_missing_exports", queueing_lock="mapping.enqueue_missing_exports")
def enqueue_missing_exports(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Give exports a task that have lost theirs, or waited before there was this queue."""
    export_jobs.enqueue_missing()


@queue.periodic(cron="* * * * *")
@queue.task(name="mapping.make_releases", queueing_lock="mapping.make_releases")
def make_releases(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Make the releases whose fixed time has come; each campaign's rhythm decides, also of what was missed."""
    for campaign, release in make_due_releases():
        logger.info("%s: %s", campaign.slug, "release" if release else "nothing new")


@queue.periodic(cron="* * * * *")
@queue.task(name="mapping.remove_expired", queueing_lock="mapping.remove_expired")
def remove_expired_each_minute(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Delete what is kept for minutes or hours: exports whose links have expired, unfinished uploads."""
    remove_expired("minute")


@queue.periodic(cron="*/15 * * * *")
@queue.task(name="mapping.forget_past_days", queueing_lock="mapping.forget_past_days")
def remove_expired_each_day(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Delete what is kept for a day, soon after midnight wherever the city lies, and keep changed privacy texts."""
    remove_expired("day")
    note_wordings()


@queue.periodic(cron="40 2 * * *")
@queue.task(name="mapping.apply_retention", queueing_lock="mapping.apply_retention", retry=2)
def remove_expired_each_night(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Delete what people were promised to be deleted by now; again does nothing."""
    remove_expired("night")


@queue.periodic(cron="30 1 * * *")
@queue.task(name="mapping.sweep_photos", queueing_lock="mapping.sweep_photos", retry=2)
def sweep_photos(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Delete files of photos that no row names, and unused pictures; rows without a file are for people to look at."""
    delete_unused_pictures(timezone.now() - UNUSED_FOR)
    strays = find_strays(timezone.now() - _OLD_ENOUGH)
    delete_stray_files(strays)
    if strays.rows:
        logger.error("%s photos are lost; `sweep_photos` names them.", len(strays.rows))


@queue.periodic(cron="10 2 * * *")
@queue.task(name="mapping.collect_search_words", queueing_lock="mapping.collect_search_words", retry=2)
def collect_search_words(timestamp: int) -> None:  # noqa: ARG001 - the period
    """Collect the words of public texts for the suggestions of the search; those of texts that have gone go."""
    collect_words()
