"""Which list of erasures is enough: one that continues that of the set, of the same site, without a gap."""

import shutil
from collections import Counter
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from geoparticipation.backup.errors import RestoreRefused
from geoparticipation.backup.lists import Lists, lists_of
from geoparticipation.backup.making import make_set
from geoparticipation.backup.manifest import read_manifest
from geoparticipation.backup.reopening import Reopened, reopen
from geoparticipation.management.commands import restore as command
from mapping.models import Contribution, Erasure
from mapping.services.erasures.ledger import GAP, current_ledger, export_ledger, read_ledger
from tests.personas import make_support
from tests.restoring.test_sets import change_manifest

pytestmark = pytest.mark.django_db(transaction=True)


def lists(
    path: Path, *, erasures: Path | None = None, without_erasures: bool = False, is_filled: bool = True
) -> Lists:
    return lists_of(
        path,
        read_manifest(path),
        identity=None,
        erasures=erasures,
        without_erasures=without_erasures,
        is_filled=is_filled,
    )


@pytest.fixture
def later_set(published: Contribution, place: Path) -> Path:
    """A set of a site in which something was erased before."""
    make_support(published).delete()
    return make_set(place).path


def test_empty_ledger_of_the_live_site_is_enough(a_set: Path) -> None:
    assert current_ledger().entries == frozenset()
    assert lists(a_set).unknown_since is None


def test_ledger_of_another_site_proves_nothing(a_set: Path) -> None:
    change_manifest(a_set, first_migrated_at="2020-01-01T00:00:00+00:00")
    with pytest.raises(RestoreRefused, match="no list of erasures newer"):
        lists(a_set)


def test_ledger_of_a_copy_that_was_not_used_since_proves_nothing(a_set: Path) -> None:
    change_manifest(a_set, made_at=(timezone.now() + timedelta(seconds=1)).isoformat())
    with pytest.raises(RestoreRefused, match="no list of erasures newer"):
        lists(a_set)


def test_ledger_that_lost_what_the_set_names_proves_nothing(later_set: Path) -> None:
    assert lists(later_set).unknown_since is None
    Erasure.objects.all().delete()
    with pytest.raises(RestoreRefused, match="no list of erasures newer"):
        lists(later_set)


def test_named_list_that_lacks_what_the_set_names_is_refused(later_set: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    Erasure.objects.all().delete()
    export_ledger(other)
    for is_filled in (True, False):
        with pytest.raises(RestoreRefused, match="lacks what the set's own list names"):
            lists(later_set, erasures=other, is_filled=is_filled)
    assert lists(later_set, erasures=other, without_erasures=True).unknown_since is not None


def test_forgotten_entries_are_not_missed(later_set: Path, settings: Settings) -> None:
    settings.ERASURE_LEDGER_DAYS = 0
    Erasure.objects.update(day=timezone.now().date() - timedelta(days=1))
    own = current_ledger()
    Erasure.objects.all().delete()
    assert current_ledger().continues(own)


def test_ledger_after_a_restore_without_a_list_is_not_relied_on(
    a_set: Path, published: Contribution, tmp_path: Path
) -> None:
    """What was erased between the set and that restore is in no list; later sets are not concerned."""
    make_support(published).delete()
    Erasure.objects.all().delete()
    found = lists(a_set, is_filled=False)
    assert found.unknown_since is not None
    reopen(found.ledgers, known_until=timezone.now(), unknown_since=found.unknown_since)
    assert [one.kind for one in Erasure.objects.all()] == [GAP]
    with pytest.raises(RestoreRefused, match="no list of erasures newer"):
        lists(a_set)
    path = tmp_path / "fresh.txt"
    export_ledger(path)
    with pytest.raises(RestoreRefused, match="is no list of erasures newer"):
        lists(a_set, erasures=path)
    # A list that covers the set closes the gap that the restore left.
    complete = tmp_path / "complete.txt"
    gap = Erasure.objects.get()
    Erasure.objects.all().delete()
    export_ledger(complete)
    Erasure.objects.create(digest=gap.digest, kind=gap.kind, day=gap.day)
    found = lists(a_set, erasures=complete)
    assert found.unknown_since is None
    assert not any(entry.kind == GAP for ledger in found.ledgers for entry in ledger.entries)
    shutil.rmtree(a_set)
    assert lists(make_set(a_set.parent).path).unknown_since is None


def test_empty_database_takes_the_list_beside_the_set(a_set: Path, published: Contribution) -> None:
    own = read_ledger(a_set / "erasures.txt")
    assert lists(a_set, is_filled=False).unknown_since == own.until
    make_support(published).delete()
    beside = a_set.parent / "erasures.txt"
    export_ledger(beside)
    found = lists(a_set, is_filled=False)
    assert found.unknown_since is None
    assert found.ledgers[-1] == read_ledger(beside)
    # Whoever says that there is none does without it.
    assert len(lists(a_set, without_erasures=True, is_filled=False).ledgers) == 1
    beside.write_text("cut off")
    with pytest.raises(RestoreRefused, match=r"is no list of erasures\. Name another list"):
        lists(a_set, is_filled=False)


def test_list_beside_the_set_that_is_older_is_replayed_with_a_warning(a_set: Path) -> None:
    shutil.copy(a_set / "erasures.txt", a_set.parent)
    change_manifest(a_set, made_at=(timezone.now() + timedelta(days=1)).isoformat())
    found = lists(a_set, is_filled=False)
    assert len(found.ledgers) == 2
    assert found.unknown_since is not None


def test_set_that_is_older_than_erasures_are_remembered_is_refused(a_set: Path, settings: Settings) -> None:
    settings.ERASURE_LEDGER_DAYS = 30
    change_manifest(a_set, made_at=(timezone.now() - timedelta(days=31)).isoformat())
    for is_filled in (True, False):
        with pytest.raises(RestoreRefused, match="erasures are remembered for 30 days"):
            lists(a_set, is_filled=is_filled)
    # The ledger of the live site continues that of the set, and has forgotten what came between.
    assert lists(a_set, without_erasures=True).unknown_since is not None


def test_command_warns_at_its_end(a_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = Reopened(Counter(), (), unknown_since=timezone.now())
    monkeypatch.setattr(command, "restore", lambda *_: done)
    out, err = StringIO(), StringIO()
    call_command("restore", str(a_set), stdout=out, stderr=err)
    assert "WARNING: no list of erasures was replayed" in err.getvalue()
    assert "--into-live --erasures FILE" in err.getvalue()
    assert "The site may be started" not in out.getvalue()
