"""What the page about operation shows: one panel a subject, each with a state and its facts in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from doors.models import Outcome
from geoparticipation.health import known_migrations
from geoparticipation.watching.backups import last_backup
from geoparticipation.watching.readings import database, work
from geoparticipation.watching.readings.machine import free_space
from geoparticipation.watching.readings.registry import Cursor
from geoparticipation.watching.versions import read_versions
from mapping.wording import in_words_moment, in_words_number

_OLD_BACKUP: Final = timedelta(hours=26)
"""A nightly backup is never older, even if it takes two hours."""
_LONG_WAIT: Final = 15 * 60
_LONG_TRANSACTION: Final = 15 * 60
_MANY_CONNECTIONS: Final = 0.85
_LITTLE_SPACE: Final = 0.1
_MANY_FAILED_LOG_INS: Final = 100
_HOURS: Final = 24


class State(StrEnum):
    """How a subject is; the worst decides."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Fact:
    """A number or word, with its name."""

    name: str
    value: str


@dataclass(slots=True)
class Panel:
    """One subject; `problems` say what to look at, `link` leads to more."""

    name: str
    title: str
    facts: list[Fact]
    problems: list[str] = field(default_factory=list)
    state: State = State.GOOD
    link: tuple[str, str] | None = None

    def warn(self, words: str, state: State = State.WARNING) -> None:
        """Add a problem."""
        self.problems.append(words)
        self.state = State.BAD if State.BAD in {state, self.state} else State.WARNING

    @property
    def chip(self) -> str:
        """The state in words."""
        return {State.GOOD: _("In order"), State.WARNING: _("Please look"), State.BAD: _("Urgent")}[
            self.state
        ]

    @property
    def sign(self) -> str:
        """The icon of the state: it is not told by colour alone."""
        return {State.GOOD: "check", State.WARNING: "info", State.BAD: "alert"}[self.state]


def all_panels() -> list[Panel]:
    """Every panel, read now."""
    with connection.cursor() as cursor:
        return [
            _work(cursor),
            _backup(),
            _disk(),
            _mail(cursor),
            _database(cursor),
            _releases(cursor),
            _log_ins(cursor),
            _versions(),
        ]


def _work(cursor: Cursor) -> Panel:
    jobs = work.read_jobs(cursor)
    workers, failures, exports = (
        work.read_workers(cursor),
        work.read_failures(cursor, _HOURS),
        work.read_exports(cursor),
    )
    age = max((one.age for one in jobs), default=0.0)
    failed = sum(one.times for one in failures)
    panel = Panel(
        "work",
        _("Background work"),
        [
            Fact(_("Workers"), _("running") if workers.alive else _("none")),
            Fact(_("Jobs waiting"), in_words_number(sum(one.waiting for one in jobs))),
            Fact(_("Jobs running"), in_words_number(sum(one.running for one in jobs))),
            Fact(_("Longest wait"), in_words_duration(age) if age else "–"),
            Fact(_("Failed in 24 hours"), in_words_number(failed)),
            Fact(_("Large files waiting"), in_words_number(exports.waiting)),
        ],
    )
    if not workers.alive:
        panel.warn(_("No worker runs: letters, large files and releases wait."), State.BAD)
    elif age > _LONG_WAIT:
        panel.warn(_("A job has waited for more than a quarter of an hour."))
    if failed:
        panel.warn(_("Jobs have failed; the log of the worker says why."))
    return panel


def _backup() -> Panel:
    backup = last_backup()
    if backup is None:
        panel = Panel("backup", _("Backup"), [Fact(_("Last backup"), _("none known"))])
        panel.warn(_("No backup was made with bin/backup."), State.BAD)
        return panel
    panel = Panel(
        "backup",
        _("Backup"),
        [
            Fact(_("Last backup"), in_words_moment(backup.finished_at)),
            Fact(_("Set"), backup.name),
            Fact(_("Size"), filesizeformat(backup.size)),
            Fact(_("Read back and compared"), _("yes") if backup.verified else _("no")),
        ],
    )
    if timezone.now() - backup.finished_at > _OLD_BACKUP:
        panel.warn(_("The last backup is older than a day."))
    if not backup.verified:
        panel.warn(_("The last backup was not verified."))
    return panel


def _disk() -> Panel:
    names = {"var": _("Data of the site"), "media": _("Photos and documents")}
    panel = Panel("disk", _("Disk"), [])
    for name, (free, total) in free_space().items():
        shown = _("%(free)s of %(total)s free") % {
            "free": filesizeformat(free),
            "total": filesizeformat(total),
        }
        panel.facts.append(Fact(names[name], shown))
        if free < settings.LEAST_FREE_MEGABYTES * 2**20:
            panel.warn(_("The disk is full: nothing more can be stored."), State.BAD)
        elif free < total * _LITTLE_SPACE:
            panel.warn(_("Less than a tenth of the disk is free."))
    panel.problems = list(dict.fromkeys(panel.problems))
    return panel


def _mail(cursor: Cursor) -> Panel:
    letters = work.read_letters(cursor)
    panel = Panel(
        "mail",
        _("Mail"),
        [
            Fact(_("Mail server"), settings.EMAIL_HOST if settings.SENDS_MAIL else _("not set")),
            Fact(_("Letters due"), in_words_number(letters.waiting)),
            Fact(_("Being sent"), in_words_number(letters.sending)),
            Fact(_("Longest wait"), in_words_duration(letters.age) if letters.age else "–"),
        ],
    )
    if not settings.SENDS_MAIL:
        panel.warn(_("This site sends no mail: EMAIL_HOST is not set."))
    elif letters.age > _LONG_WAIT:
        panel.warn(_("A letter has waited for more than a quarter of an hour."))
    return panel


def _database(cursor: Cursor) -> Panel:
    state, replicas = database.read_state(cursor), database.read_replicas(cursor)
    missing = len(known_migrations() - MigrationRecorder(connection).applied_migrations().keys())
    panel = Panel(
        "database",
        _("Database"),
        [
            Fact(_("Size"), filesizeformat(state.size)),
            Fact(
                _("Connections"),
                _("%(number)s of %(most)s")
                % {
                    "number": in_words_number(state.connections),
                    "most": in_words_number(state.most_connections),
                },
            ),
            Fact(_("Migrations"), _("all applied") if not missing else _("%s missing") % missing),
            Fact(_("Replicas"), in_words_number(replicas.number) if replicas.number else _("none")),
        ],
    )
    if replicas.number:
        lag = _("unknown") if replicas.lag is None else in_words_duration(replicas.lag)
        panel.facts.append(Fact(_("Largest lag"), lag))
    if missing:
        panel.warn(_("Migrations are missing: run bin/manage migrate."), State.BAD)
    if state.connections > state.most_connections * _MANY_CONNECTIONS:
        panel.warn(_("Almost all connections of the database are in use."))
    if state.oldest_transaction > _LONG_TRANSACTION:
        panel.warn(_("A transaction has been open for more than a quarter of an hour."))
    return panel


def _releases(cursor: Cursor) -> Panel:
    due, late = work.read_releases(cursor)
    panel = Panel(
        "releases",
        _("Releases"),
        [Fact(_("Due"), in_words_number(due)), Fact(_("Late"), in_words_number(late))],
    )
    if late:
        panel.warn(_("A release is more than an hour late; the log of the worker says why."))
    return panel


def _log_ins(cursor: Cursor) -> Panel:
    attempts = database.read_log_ins(cursor, _HOURS)
    names = {
        Outcome.SUCCEEDED: _("Succeeded"),
        Outcome.FAILED: _("Failed"),
        Outcome.THROTTLED: _("Refused: too many attempts"),
    }
    panel = Panel(
        "log-ins",
        _("Log-ins in 24 hours"),
        [Fact(words, in_words_number(attempts[outcome])) for outcome, words in names.items()],
        link=(reverse("admin:doors_loginrecord_changelist"), _("Log-in attempts")),
    )
    if attempts[Outcome.FAILED] + attempts[Outcome.THROTTLED] > _MANY_FAILED_LOG_INS:
        panel.warn(_("Many log-ins fail: somebody may be guessing passwords."))
    return panel


def _versions() -> Panel:
    versions = read_versions()
    on, off = _("on"), _("off")
    facts = list(_named_versions(versions.software, versions.django, versions.python))
    return Panel(
        "versions",
        _("Versions and watching"),
        [
            *facts,
            Fact("PostgreSQL", versions.postgresql),
            Fact("PostGIS", versions.postgis),
            Fact(_("Metrics"), on if settings.METRICS_TOKEN else off),
            Fact(_("Error reports"), on if settings.SENTRY_DSN else off),
        ],
    )


def _named_versions(software: str, django: str, python: str) -> Iterator[Fact]:
    yield Fact("geoparticipation", software)
    yield Fact("Django", django)
    yield Fact("Python", python)


def in_words_duration(seconds: float) -> str:
    """A duration in its largest unit: `40 seconds`, `3 hours`."""
    if seconds < 60:
        return ngettext("%(number)s second", "%(number)s seconds", int(seconds)) % {"number": int(seconds)}
    minutes = int(seconds // 60)
    if minutes < 60:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    return ngettext("%(number)s day", "%(number)s days", hours // 24) % {
        "number": in_words_number(hours // 24)
    }
