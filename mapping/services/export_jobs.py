"""Files that are written in the background: enqueued, claimed, finished, removed.

Each unfinished job has one task in the queue (procrastinate), which knows its id alone; what it is and how far it is
stands here. Who asked is kept for the staff only; of the public nothing is known, so limits are the site's and not a
person's.
"""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, UUIDField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone
from procrastinate.contrib.django import app as queue

from accounts.models import User
from audit.recording import Action, record
from mapping.models import Campaign, Contribution, ExportJob, ExportStatus
from mapping.models.export_job import ExportJobQuerySet, open_tasks, waiting_tasks
from mapping.services.errors import TooMany
from mapping.services.files import exchange

TASK: Final = "mapping.write_export"
"""By name, because what writes files stands above this room."""
_MOST_ATTEMPTS: Final = 3
_LEAST_FREE: Final = 2**20
_MINUTE: Final = timedelta(minutes=1)
_LEFTOVER: Final = timedelta(days=1)


@dataclass(frozen=True)
class Order:
    """What somebody asks for; `user` is None where the public would get the same."""

    campaign: Campaign
    ending: str
    query: str
    user: User | None
    language: str
    origin: str
    photo_base: str
    shows_contributions: bool
    for_staff: bool = False
    """Whether a member of the campaign's staff asks, also for what the public would get."""


def directory() -> Path:
    """Where files are written; made when it is first needed, for nobody else's eyes."""
    found = exchange.home("exports")
    found.mkdir(mode=0o700, parents=True, exist_ok=True)
    return found


def file_of(job: ExportJob) -> Path:
    """The finished file of a job."""
    return directory() / _name(job.pk, job.ending)


def unfinished_file_of(job: ExportJob) -> Path:
    """The file while it is written; an earlier attempt may still be writing another one."""
    return directory() / f".{job.attempts}-{_name(job.pk, job.ending)}"


def _name(pk: uuid.UUID, ending: str) -> str:
    """Drivers of GDAL look at the ending."""
    return f"{pk}.{ending}"


def enqueue(order: Order, at: datetime | None = None) -> ExportJob:
    """Put a job into the queue, or return the same one where it is there already; raises TooMany."""
    now = at or timezone.now()
    with transaction.atomic():
        # One at a time, so that two clicks make one job.
        Campaign.objects.select_for_update(no_key=True).get(pk=order.campaign.pk)
        same = ExportJob.objects.unfinished().filter(
            campaign=order.campaign,
            ending=order.ending,
            query=order.query,
            asked_by=order.user,
            language=order.language,
        )
        known = same.first()
        if known is not None:
            if order.for_staff and not known.for_staff:
                known.for_staff = True
                known.save(update_fields=["for_staff"])
                _move_forward(known)
            return known
        _limit(now, for_staff=order.for_staff)
        job = ExportJob.objects.create(
            campaign=order.campaign,
            ending=order.ending,
            query=order.query,
            asked_by=order.user,
            language=order.language,
            origin=order.origin,
            photo_base=order.photo_base,
            shows_contributions=order.shows_contributions,
            for_staff=order.for_staff,
            created_at=now,
            expires_at=now + timedelta(hours=settings.EXPORT_LINK_HOURS),
        )
        if order.user is not None:
            record(order.user, Action.ORDERED_FILE, campaign=order.campaign, target=job, format=order.ending)
        _defer(job)
        return job


def enqueue_missing() -> int:
    """Give unfinished jobs a task that have none; returns how many.

    A task is lost where its worker was taken for dead and then ended the task that another one had begun anew.
    """
    queued = open_tasks(TASK).values_list(Cast(KT("args__export"), UUIDField()))
    missing = ExportJob.objects.unfinished().exclude(pk__in=queued)
    for job in missing:
        _defer(job)
    return len(missing)


def _defer(job: ExportJob) -> None:
    """Put its task into the queue, in the transaction of the row."""
    deferrer = queue.configure_task(TASK, allow_unknown=False, priority=int(job.for_staff))
    deferrer.defer(export=str(job.pk))


def _move_forward(job: ExportJob) -> None:
    """Exchange the task of a job by one of the staff's priority, unless a worker has it already."""
    waiting = waiting_tasks(TASK).filter(args__export=str(job.pk))
    for pk in waiting.values_list("pk", flat=True):
        if queue.job_manager.cancel_job_by_id(pk, delete_job=True):
            _defer(job)


def _limit(now: datetime, *, for_staff: bool) -> None:
    budget = ExportJob.objects.within_budget(for_staff=for_staff)
    if budget.filter(created_at__gt=now - _MINUTE).count() >= settings.EXPORT_JOBS_PER_MINUTE:
        raise TooMany(60)
    if budget.unfinished().count() >= settings.EXPORT_JOBS_WAITING:
        raise TooMany(300)


def claim(pk: uuid.UUID, at: datetime | None = None) -> ExportJob | None:
    """Begin a job; None where there is nothing left to do.

    A job that is running already has lost its worker, because the queue hands out a task once at a time: it is begun
    anew, three times at most.
    """
    now = at or timezone.now()
    with transaction.atomic():
        job = ExportJob.objects.unfinished().select_for_update(of=("self",)).filter(pk=pk).first()
        if job is None:
            return None
        if job.status == ExportStatus.RUNNING and job.attempts >= _MOST_ATTEMPTS:
            fail(job, "worker_lost")
            return None
        job.status = ExportStatus.RUNNING
        job.attempts += 1
        job.started_at = now
        job.done = job.total = 0
        job.save(update_fields=["status", "attempts", "started_at", "done", "total"])
    return job


def is_waiting(pk: uuid.UUID) -> bool:
    """Whether a job is still to be done: it was requeued, or revoked while it was written."""
    return ExportJob.objects.waiting().filter(pk=pk).exists()


def set_progress(job: ExportJob, done: int, total: int) -> bool:
    """Store how far it is; False where the job is not this worker's any more."""
    return bool(_running(job).update(done=done, total=total))


def finish(job: ExportJob) -> bool:
    """Hand over the written file; its time begins now. False where the job is not this worker's any more."""
    written = unfinished_file_of(job)
    if not written.is_file():  # finished before, and only the database's answer was lost
        return False
    now = timezone.now()
    with transaction.atomic():
        is_ours = _running(job).update(
            status=ExportStatus.DONE,
            size=written.stat().st_size,
            done=F("total"),
            finished_at=now,
            expires_at=now + timedelta(hours=settings.EXPORT_LINK_HOURS),
        )
        if is_ours:
            written.rename(file_of(job))
            exchange.hand_over(file_of(job))
    written.unlink(missing_ok=True)
    return bool(is_ours)


def fail(job: ExportJob, problem: str) -> None:
    """Give up, with a reason."""
    unfinished_file_of(job).unlink(missing_ok=True)
    _running(job).update(status=ExportStatus.FAILED, problem=problem, finished_at=timezone.now())


def retry(job: ExportJob, problem: str) -> None:
    """Requeue a job that something unexpected has ended (a restart of the database, say), twice at most."""
    if job.attempts >= _MOST_ATTEMPTS:
        fail(job, problem)
        return
    unfinished_file_of(job).unlink(missing_ok=True)
    _running(job).update(status=ExportStatus.WAITING)


def is_out_of_space() -> bool:
    """Whether the disk is full on which files are written: drivers of GDAL tell so in words of their own, if at all."""
    return shutil.disk_usage(directory()).free < _LEAST_FREE


def requeue(job: ExportJob) -> None:
    """Let another worker do it: this one is being stopped, which is no failed attempt."""
    unfinished_file_of(job).unlink(missing_ok=True)
    _running(job).update(status=ExportStatus.WAITING, attempts=job.attempts - 1)


def _running(job: ExportJob) -> ExportJobQuerySet:
    return ExportJob.objects.running().filter(pk=job.pk, attempts=job.attempts)


def remove_expired(at: datetime | None = None) -> int:
    """Delete jobs whose time is up and their files, and what workers that were killed left; returns how many."""
    now = at or timezone.now()
    removed = 0
    for job in ExportJob.objects.expired(now):
        exchange.remove(file_of(job))
        job.delete()
        removed += 1
    for job in ExportJob.objects.finished():
        # What was changed or rejected since must not lie about either; `is_gone` refuses it meanwhile.
        if job.status == ExportStatus.FAILED or is_gone(job, now):
            exchange.remove(file_of(job))
    known = {_name(pk, ending) for pk, ending in ExportJob.objects.values_list("pk", "ending")}
    for path in directory().iterdir():
        if path.name not in known and _changed_at(path) < (now - _LEFTOVER).timestamp():
            _remove(path)
    for name, _size, moment in exchange.shared_below(directory()):
        path = directory() / Path(name).name
        if path.name not in known and moment < now - _LEFTOVER:
            exchange.remove(path)
    return removed


def revoke(campaign: Campaign) -> None:
    """Delete the files that may hold what was just withdrawn from a campaign, and begin anew those being written.

    To be called in the transaction of the withdrawal, so that a crash leaves no file open; and done again after it,
    because a job that was begun in between read what was there before.
    """
    _revoke(campaign.pk)
    transaction.on_commit(lambda: _revoke(campaign.pk), robust=True)


def _revoke(campaign_id: int) -> None:
    held = ExportJob.objects.filter(campaign=campaign_id, shows_contributions=True)
    is_running = When(status=ExportStatus.RUNNING, then=Value(ExportStatus.WAITING))
    held.begun().update(
        status=Case(is_running, default=Value(ExportStatus.FAILED)),
        problem=Case(When(status=ExportStatus.RUNNING, then=Value("")), default=Value("export_gone")),
    )
    transaction.on_commit(lambda: _remove_files(campaign_id), robust=True)


def _remove_files(campaign_id: int) -> None:
    for job in ExportJob.objects.failed().filter(campaign=campaign_id):
        exchange.remove(file_of(job))


def _changed_at(path: Path) -> float:
    """When a file, or anything in a directory of parts, was written last; now, where it is vanishing just now."""
    try:
        parts = list(path.iterdir()) if path.is_dir() else []
        return max(one.stat().st_mtime for one in [path, *parts])
    except FileNotFoundError:
        return timezone.now().timestamp()


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def is_gone(job: ExportJob, at: datetime | None = None) -> bool:
    """Whether a finished file must not be handed out: expired, or what it holds was taken back since."""
    now = at or timezone.now()
    if job.expires_at <= now or not exchange.exists(file_of(job)):
        return True
    if not job.shows_contributions or job.started_at is None:
        return False
    held = Contribution.objects.filter(campaign=job.campaign_id)
    return held.taken_back_since(job.started_at).exists()
