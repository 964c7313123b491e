"""Background exports as pages and the API start, show and hand them out - and as the worker writes them.

The gate is asked three times: when a file is ordered, when it is written, when it is fetched.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError, connection
from django.http import FileResponse, Http404, QueryDict
from django.http.response import HttpResponseBase
from django.utils import translation

from accounts.models import User
from audit.recording import Action
from mapping import rules
from mapping.exports.errors import TooLargeForFormat
from mapping.exports.registry import Format, Origin, Progress, Released, format_named
from mapping.exports.responses.formats import Order as ResponsesOrder
from mapping.exports.responses.formats import ResponsesFormat, responses_format, write_responses
from mapping.exports.streams.files import write_file
from mapping.filters.problems import QueryProblem
from mapping.http.exporting import responses_attached, with_headers
from mapping.http.parameters.export import Asked, read_export
from mapping.http.parameters.responses import read_responses
from mapping.models import Campaign, ExportJob, ExportStatus
from mapping.models.export_job import RESPONSES
from mapping.services import export_jobs
from mapping.services.errors import Conflict, DomainError, Gone
from mapping.services.export_jobs import Order
from mapping.services.files import exchange
from mapping.services.record import record_access

logger = logging.getLogger(__name__)

_BETWEEN_UPDATES: Final = 0.5
_BETWEEN_NOTINGS: Final = 1.0
_PATIENCE: Final = 60.0
"""Seconds that the database has to come back; then the queue takes the worker for dead anyway."""
_DATABASE_IS_AWAY: Final = (OperationalError, InterfaceError)
"""What Django raises while the database is being started again."""


class JobLostError(Exception):
    """The job is not this worker's any more: it was removed, revoked, or another worker has claimed it."""


class WorkerStoppingError(Exception):
    """The worker is being stopped."""


def start(  # noqa: PLR0917 - what a request knows
    user: User | AnonymousUser,
    campaign: Campaign,
    wanted: Format,
    query: QueryDict,
    origin: Origin,
    asked: Asked,
) -> ExportJob:
    """Enqueue a file that `read_export` has allowed; raises TooMany."""
    return export_jobs.enqueue(
        Order(
            campaign=campaign,
            ending=wanted.name,
            query=query.urlencode(),
            user=user if isinstance(user, User) and not asked.is_public else None,
            language=translation.get_language() or "de",
            origin=origin.url,
            photo_base=origin.photo_base,
            shows_contributions=not isinstance(asked.content, Released),
            for_staff=asked.by_staff,
        )
    )


def start_responses(
    user: User, campaign: Campaign, wanted: ResponsesFormat, query: QueryDict, address: str
) -> ExportJob:
    """Enqueue a file of responses that `read_responses` has allowed; raises TooMany."""
    marked = query.copy()
    marked["what"] = RESPONSES
    return export_jobs.enqueue(
        Order(
            campaign=campaign,
            ending=wanted.name,
            query=marked.urlencode(),
            user=user,
            language=translation.get_language() or "de",
            origin=address,
            photo_base="",
            shows_contributions=True,
            for_staff=True,
        )
    )


def options_of(query: QueryDict) -> QueryDict:
    """The options of a file, without the parameter that names what it is to hold."""
    options = query.copy()
    options.pop("what", None)
    return options


def format_of(job: ExportJob) -> Format | ResponsesFormat | None:
    """The format of a job's file; None where it is written no more."""
    return responses_format(job.ending) if job.is_of_responses else format_named(job.ending)


def job_for(user: User | AnonymousUser, campaign: Campaign, pk: uuid.UUID) -> ExportJob:
    """A job that the asking person may know of; for others it does not exist."""
    job = ExportJob.objects.filter(campaign=campaign, pk=pk).first()
    if job is None or not _may_open(user, campaign, job):
        raise Http404
    job.campaign = campaign
    return job


def _may_open(user: User | AnonymousUser, campaign: Campaign, job: ExportJob) -> bool:
    if job.is_of_responses and not rules.may_read_responses(user, campaign):
        return False
    if job.asked_by_id is not None:
        return user.pk == job.asked_by_id and rules.may_analyse(user, campaign)
    # A file made while the campaign was public stays closed when it is not any more.
    return not job.shows_contributions or rules.may_see_public_contributions(campaign)


def file_answer(user: User | AnonymousUser, campaign: Campaign, job: ExportJob) -> HttpResponseBase:
    """The finished file; raises Conflict `export_not_ready`, Gone `export_gone`."""
    wanted = format_of(job)
    if wanted is None or job.status == ExportStatus.FAILED:
        raise Gone("export_gone")
    if job.status != ExportStatus.DONE:
        raise Conflict("export_not_ready")
    if export_jobs.is_gone(job):
        raise Gone("export_gone")
    if job.asked_by_id is not None:
        record_access(user.pk, campaign, "export-file", Action.DOWNLOADED)
    try:
        file = exchange.opened(export_jobs.file_of(job))
    except FileNotFoundError:
        raise Gone("export_gone") from None
    response: HttpResponseBase = FileResponse(file)
    if isinstance(wanted, ResponsesFormat):
        response = responses_attached(response, campaign, wanted)
    else:
        crs = int(QueryDict(job.query).get("crs") or 4326)
        response = with_headers(response, campaign, wanted, crs)
    response["Content-Length"] = str(job.size)
    return response


def run(job: ExportJob, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Write the file of a job that was claimed; whatever happens is noted on it. Being stopped requeues it."""
    try:
        with translation.override(job.language):
            _write(job, is_stopping)
            _note(lambda: export_jobs.finish(job))
    except JobLostError:
        export_jobs.unfinished_file_of(job).unlink(missing_ok=True)
    except (DomainError, QueryProblem, TooLargeForFormat, Http404) as error:
        problem = _problem(error)
        _note(lambda: export_jobs.fail(job, problem))
    except Exception as error:
        if isinstance(error, WorkerStoppingError) or is_stopping():
            _note(lambda: export_jobs.requeue(job))
            return
        # Writers wrap what they meet, so that a restart of the database cannot be told from other trouble.
        logger.exception("The export %s failed in attempt %s.", job.pk, job.attempts)
        if export_jobs.is_out_of_space():
            _note(lambda: export_jobs.fail(job, "storage_full"))
        else:
            _note(lambda: export_jobs.retry(job, "unexpected"))


def _problem(error: DomainError | QueryProblem | TooLargeForFormat | Http404) -> str:
    return "not_found" if isinstance(error, Http404) else error.code


def _note(outcome: Callable[[], object]) -> None:
    """Note the outcome of a job, however long the database takes to come back - until the worker counts as dead."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            outcome()
        except _DATABASE_IS_AWAY:
            connection.close()
            if time.monotonic() > until:
                logger.exception("The outcome of an export could not be noted.")
                return
            time.sleep(_BETWEEN_NOTINGS)
        else:
            return


def _write(job: ExportJob, is_stopping: Callable[[], bool]) -> None:
    user: User | AnonymousUser = job.asked_by or AnonymousUser()
    campaign = Campaign.objects.get(pk=job.campaign_id)
    wanted = format_of(job)
    if wanted is None or not rules.may_see_campaign(user, campaign):
        raise Http404
    progress = _progress_of(job, is_stopping)
    path = export_jobs.unfinished_file_of(job)
    path.unlink(missing_ok=True)
    query = QueryDict(job.query)
    if isinstance(wanted, ResponsesFormat):
        labels = read_responses(options_of(query), user, campaign, wanted, "export")
        write_responses(wanted, ResponsesOrder(campaign, labels, job.origin, progress), path)
        return
    asked = read_export(query, user, campaign, wanted, "export")
    if job.asked_by_id is None and not asked.is_public:
        raise Http404
    write_file(
        wanted,
        asked.content,
        Origin(job.origin, job.photo_base),
        path,
        asked.options.crs,
        progress,
        include=asked.options.include,
        labels=asked.options.labels,
    )


def _progress_of(job: ExportJob, is_stopping: Callable[[], bool]) -> Progress:
    """Store how far a job is, now and then; raises WorkerStoppingError and JobLostError."""
    updated_at = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal updated_at
        if is_stopping():
            raise WorkerStoppingError
        now = time.monotonic()
        if now - updated_at >= _BETWEEN_UPDATES:
            updated_at = now
            if not export_jobs.set_progress(job, done, total):
                raise JobLostError

    return progress
