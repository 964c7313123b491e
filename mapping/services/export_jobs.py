"""The queue of files that are written in the background: asked for, taken up, finished, removed.

PostgreSQL is the queue: a worker locks one waiting row and skips those that others hold. Who asked is kept for the
staff only; of the public nothing is known, so limits are the site's and not a person's.
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
from django.db.models import Case, F, Value, When
from django.utils import timezone

from accounts.models import User
from mapping.models import Campaign, Contribution, ExportJob, ExportStatus
from mapping.models.contribution import ContributionQuerySet
from mapping.models.export_job import ExportJobQuerySet
from mapping.services.errors import TooMany

LOST_AFTER: Final = timedelta(seconds=60)
"""A worker gives a sign of life every ten seconds."""
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
    found = Path(settings.VAR_DIR) / "exports"
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


def ask(order: Order, at: datetime | None = None) -> ExportJob:
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
            return known
        _limit(now, for_staff=order.for_staff)
        return ExportJob.objects.create(
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


def _limit(now: datetime, *, for_staff: bool) -> None:
    budget = ExportJob.objects.within_budget(for_staff=for_staff)
    if budget.filter(created_at__gt=now - _MINUTE).count() >= settings.EXPORT_JOBS_PER_MINUTE:
        raise TooMany(60)
    if budget.unfinished().count() >= settings.EXPORT_JOBS_WAITING:
        raise TooMany(300)


def take_up(at: datetime | None = None) -> ExportJob | None:
    """Claim the next waiting job; jobs of workers that are gone wait again, three times at most."""
    now = at or timezone.now()
    lost = ExportJob.objects.lost(now - LOST_AFTER)
    lost.filter(attempts__gte=_MOST_ATTEMPTS).update(
        status=ExportStatus.FAILED, problem="worker_lost", finished_at=now
    )
    lost.update(status=ExportStatus.WAITING)
    with transaction.atomic():
        job = ExportJob.objects.waiting().select_for_update(skip_locked=True, of=("self",)).first()
        if job is None:
            return None
        job.status = ExportStatus.RUNNING
        job.attempts += 1
        job.started_at = job.alive_at = now
        job.done = job.total = 0
        job.save(update_fields=["status", "attempts", "started_at", "alive_at", "done", "total"])
    return job


def give_sign(job: ExportJob) -> None:
    """Say that the worker lives."""
    _running(job).update(alive_at=timezone.now())


def tell_progress(job: ExportJob, done: int, total: int) -> bool:
    """Say how far it is; False where the job is not this worker's any more."""
    return bool(_running(job).update(done=done, total=total, alive_at=timezone.now()))


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
    written.unlink(missing_ok=True)
    return bool(is_ours)


def fail(job: ExportJob, problem: str) -> None:
    """Give up, with a reason."""
    unfinished_file_of(job).unlink(missing_ok=True)
    _running(job).update(status=ExportStatus.FAILED, problem=problem, finished_at=timezone.now())


def try_again(job: ExportJob, problem: str) -> None:
    """Put a job back that something unexpected has ended (a restart of the database, say), twice at most."""
    if job.attempts >= _MOST_ATTEMPTS:
        fail(job, problem)
        return
    unfinished_file_of(job).unlink(missing_ok=True)
    _running(job).update(status=ExportStatus.WAITING)


def is_out_of_space() -> bool:
    """Whether the disk is full on which files are written: drivers of GDAL tell so in words of their own, if at all."""
    return shutil.disk_usage(directory()).free < _LEAST_FREE


def put_back(job: ExportJob) -> None:
    """Let another worker do it: this one is being stopped, which is no failed attempt."""
    unfinished_file_of(job).unlink(missing_ok=True)
    _running(job).update(status=ExportStatus.WAITING, attempts=job.attempts - 1)


def _running(job: ExportJob) -> ExportJobQuerySet:
    return ExportJobQuerySet(ExportJob).running().filter(pk=job.pk, attempts=job.attempts)


def remove_expired(at: datetime | None = None) -> int:
    """Delete jobs whose time is up and their files, and what workers that were killed left; returns how many."""
    now = at or timezone.now()
    removed = 0
    for job in ExportJob.objects.expired(now):
        file_of(job).unlink(missing_ok=True)
        job.delete()
        removed += 1
    for job in ExportJob.objects.finished():
        # What was changed or rejected since must not lie about either; `is_gone` refuses it meanwhile.
        if job.status == ExportStatus.FAILED or is_gone(job, now):
            file_of(job).unlink(missing_ok=True)
    known = {_name(pk, ending) for pk, ending in ExportJob.objects.values_list("pk", "ending")}
    for path in directory().iterdir():
        if path.name not in known and _changed_at(path) < (now - _LEFTOVER).timestamp():
            _remove(path)
    return removed


def take_back(campaign: Campaign) -> None:
    """Delete the files that may hold what was just withdrawn from a campaign, and begin anew those being written.

    To be called in the transaction of the withdrawal, so that a crash leaves no file open; and done again after it,
    because a job that was begun in between read what was there before.
    """
    _take_back(campaign.pk)
    transaction.on_commit(lambda: _take_back(campaign.pk), robust=True)


def _take_back(campaign_id: int) -> None:
    held = ExportJobQuerySet(ExportJob).filter(campaign=campaign_id, shows_contributions=True)
    is_running = When(status=ExportStatus.RUNNING, then=Value(ExportStatus.WAITING))
    held.begun().update(
        status=Case(is_running, default=Value(ExportStatus.FAILED)),
        problem=Case(When(status=ExportStatus.RUNNING, then=Value("")), default=Value("export_gone")),
    )
    transaction.on_commit(lambda: _remove_files(campaign_id), robust=True)


def _remove_files(campaign_id: int) -> None:
    for job in ExportJobQuerySet(ExportJob).failed().filter(campaign=campaign_id):
        file_of(job).unlink(missing_ok=True)


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
    if job.expires_at <= now or not file_of(job).is_file():
        return True
    if not job.shows_contributions or job.started_at is None:
        return False
    held = ContributionQuerySet(Contribution).filter(campaign=job.campaign_id)
    return held.taken_back_since(job.started_at).exists()
