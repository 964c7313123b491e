"""The page about operation: who sees it, and what it says of a site that is not well."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateWorker
from pytest_django.fixtures import Settings

from accounts.models import User
from geoparticipation.watching import panels
from geoparticipation.watching.models import FailedJob, remove_old_failures
from geoparticipation.watching.panels import State, all_panels, in_words_duration
from mapping.models import Campaign
from tests.personas import staff_browser, user_called

PAGE = "/planning/operation/"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("outsider", 403),
        ("analyst", 403),
        ("moderator", 403),
        ("manager", 403),
        ("administrator", 200),
        ("dismissed", 302),
    ],
)
def test_page_is_for_superusers(campaign: Campaign, who: str, status: int) -> None:
    user: Any = user_called(who, campaign)
    browser = staff_browser(user) if isinstance(user, User) else Client()
    assert browser.get(PAGE).status_code == status


def test_others_find_no_way_to_it(manager: User, administrator: User) -> None:
    assert PAGE not in staff_browser(manager).get("/planning/").content.decode()
    assert PAGE in staff_browser(administrator).get("/planning/").content.decode()


@pytest.fixture
def well(db: None, settings: Settings, tmp_path: Path) -> Path:
    """A site on which nothing is wrong, and the folder with the word about its backup."""
    ProcrastinateWorker._meta.managed = True
    ProcrastinateWorker(last_heartbeat=timezone.now()).save_base(raw=True)
    settings.VAR_DIR, settings.SENDS_MAIL = tmp_path, True
    tell_of_backup(tmp_path)
    settings.LEAST_FREE_MEGABYTES = 0
    return tmp_path


def tell_of_backup(folder: Path, hours: float = 1, **more: object) -> None:
    finished_at = timezone.now() - timedelta(hours=hours)
    told = {"finished_at": finished_at.isoformat(), "set": "2026-11-30", "bytes": 7_000_000, "verified": True}
    (folder / "backup.json").write_text(json.dumps(told | more))


def states() -> dict[str, State]:
    with translation.override("en"):
        return {one.name: one.state for one in all_panels() if one.name != "disk"}


def test_a_site_that_is_well_says_so(well: Path) -> None:
    assert set(states().values()) == {State.GOOD}


def test_a_missing_worker_is_urgent(well: Path) -> None:
    ProcrastinateWorker.objects.all()._raw_delete("default")
    assert states()["work"] == State.BAD


def test_a_worker_without_heartbeat_is_missing(well: Path) -> None:
    ProcrastinateWorker(
        pk=ProcrastinateWorker.objects.get().pk, last_heartbeat=timezone.now() - timedelta(minutes=5)
    ).save_base(raw=True)
    assert states()["work"] == State.BAD


def test_failed_jobs_are_shown(well: Path, administrator: User) -> None:
    now = timezone.now()
    FailedJob.objects.create(hour=now, task="mapping.write_export", times=3, last_at=now)
    assert states()["work"] == State.WARNING
    page = staff_browser(administrator).get(PAGE).content.decode()
    assert "mapping.write_export" in page
    assert "Aufträge sind fehlgeschlagen" in page


def test_old_failures_are_forgotten(db: None) -> None:
    now = timezone.now()
    for days in (1, 31):
        FailedJob.objects.create(hour=now - timedelta(days=days), task="x", last_at=now)
    assert remove_old_failures() == 1
    assert FailedJob.objects.count() == 1


@pytest.mark.parametrize(
    ("hours", "more", "state"),
    [(1, {}, State.GOOD), (30, {}, State.WARNING), (1, {"verified": False}, State.WARNING)],
)
def test_backup(well: Path, hours: float, more: dict[str, object], state: State) -> None:
    tell_of_backup(well, hours, **more)
    assert states()["backup"] == state


@pytest.mark.parametrize("words", ["", "[]", "{}", '{"finished_at": "yesterday"}', None])
def test_no_readable_word_of_a_backup_is_none(well: Path, words: str | None) -> None:
    file = well / "backup.json"
    file.unlink()
    if words is not None:
        file.write_text(words)
    assert states()["backup"] == State.BAD


@pytest.mark.parametrize(
    ("free", "least", "state"), [(50, 20, State.GOOD), (5, 1, State.WARNING), (10, 20, State.BAD)]
)
def test_disk(well: Path, monkeypatch: pytest.MonkeyPatch, free: int, least: int, state: State) -> None:
    monkeypatch.setattr(site, "LEAST_FREE_MEGABYTES", least)
    monkeypatch.setattr(panels, "free_space", lambda: {"var": (free * 2**20, 100 * 2**20)})
    assert {one.name: one.state for one in all_panels()}["disk"] == state


def test_a_site_without_mail_says_so(well: Path, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    assert states()["mail"] == State.WARNING


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (7200, "2 hours"), (3 * 86400, "3 days")],
)
def test_durations_in_words(seconds: int, words: str) -> None:
    with translation.override("en"):
        assert in_words_duration(seconds) == words
