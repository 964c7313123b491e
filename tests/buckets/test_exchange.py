"""Exports and uploads that begin on one machine and go on at another; a bucket between them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Role
from mapping.imports.reading import uploads
from mapping.models import Campaign, ContributionStatus, ExportJob
from mapping.services import export_jobs
from mapping.services.erase import withdraw
from mapping.services.files import exchange
from tests import personas
from tests.background import work
from tests.buckets.conftest import Buckets
from tests.exports.jobs.test_orders import ask, state
from tests.personas import make_contribution, staff_browser
from tests.planning.import_desk import Desk, row, table

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(settings: Settings, tmp_path: Path) -> "Switch":
    return Switch(settings, tmp_path)


class Switch:
    """Go from one machine to the other: only the database and the bucket are the same."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._folder = settings, folder

    def __call__(self, name: str) -> None:
        self._settings.VAR_DIR = self._folder / name


@pytest.fixture
def busy(settings: Settings, campaign: Campaign) -> Campaign:
    settings.EXPORTS_AT_ONCE = 1
    for number in range(3):
        make_contribution(campaign, (7.75 + number / 1000, 49.44), status=ContributionStatus.PUBLISHED)
    return campaign


def test_export_written_here_is_fetched_there(
    buckets: Buckets, busy: Campaign, second: Switch, settings: Settings
) -> None:
    address = ask(format="gpkg").headers["Location"]
    work()
    assert state(address)["status"] == "done"
    assert list(export_jobs.directory().iterdir()) == []
    second("second machine")
    given = Client().get(address + "file")
    assert given.getvalue().startswith(b"SQLite format 3")
    (name,) = buckets.names()
    assert name == f"site/exchange/exports/{ExportJob.objects.get().pk}.gpkg"
    export_jobs.remove_expired(timezone.now() + timedelta(days=2))
    assert buckets.names() == []


def test_export_is_withdrawn_from_all_machines(buckets: Buckets, busy: Campaign, second: Switch) -> None:
    address = ask(format="fgb").headers["Location"]
    work()
    assert len(buckets.names()) == 1
    second("second machine")
    withdraw(busy.contributions.all()[0])
    assert Client().get(address + "file").status_code == 410
    assert buckets.names() == []


def test_exports_without_a_row_are_removed_after_a_day(buckets: Buckets, busy: Campaign) -> None:
    path = export_jobs.directory() / "0198c4a2-0000-7000-8000-000000000000.csv"
    path.write_text("left")
    exchange.hand_over(path)
    export_jobs.remove_expired()
    assert len(buckets.names()) == 1
    export_jobs.remove_expired(timezone.now() + timedelta(days=2))
    assert buckets.names() == []


def test_import_goes_on_at_another_machine(buckets: Buckets, campaign: Campaign, second: Switch) -> None:
    manager = personas.make_user("manager@example.org", campaign, Role.MANAGER)
    desk = Desk(campaign, staff_browser(manager))
    desk.upload("contributions", "rows.csv", table(row(1), row(2, place=(900.0, 49.4))))
    guessed = desk.guessed()
    second("second machine")
    outcome = desk.check(guessed)
    second("third machine")
    assert desk.outcome() == outcome
    desk.store()
    assert campaign.contributions.count() == 1
    second("first machine")
    assert desk.browser.get(f"{desk.address}rejected.csv").getvalue().count(b"\n") >= 2
    assert not [name for name in buckets.names() if "/data" in name]
    second("second machine")
    desk.browser.post(f"{desk.address}discard/")
    assert buckets.names() == []


def test_uploads_that_nobody_finished_are_swept_from_the_bucket(
    buckets: Buckets, campaign: Campaign, second: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = personas.make_user("manager@example.org", campaign, Role.MANAGER)
    Desk(campaign, staff_browser(manager)).upload("contributions", "rows.csv", table(row(1)))
    second("second machine")
    uploads.sweep()
    assert len(buckets.names()) == 2
    monkeypatch.setattr(uploads, "KEPT", -5)
    uploads.sweep()
    assert buckets.names() == []
