"""What a set is: whole or not there; what is refused before anything is changed."""

import errno
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone
from pytest_django.fixtures import Settings

from geoparticipation.backup import database, making
from geoparticipation.backup.environment import settings_lines
from geoparticipation.backup.errors import BackupFailed, RestoreRefused
from geoparticipation.backup.manifest import MANIFEST, read_manifest, sets_below, write_manifest
from geoparticipation.backup.restoring import Wish, restore, verify
from geoparticipation.backup.sealing import SealedFile, configured_seal, opened
from mapping.models import Contribution
from tests.restoring.conftest import PHOTO

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("place")]


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the tests has other connections, and must not be moved aside."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the database was touched")

    monkeypatch.setattr(database, "leave_pool", lambda: None)
    monkeypatch.setattr(database, "others_connected", lambda: 0)
    monkeypatch.setattr(database, "put_aside", never)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def change_manifest(directory: Path, **values: Any) -> None:
    manifest = json.loads((directory / MANIFEST).read_text()) | values
    write_manifest(directory, type(read_manifest(directory))(**manifest))


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "dump": (lambda one: flip_a_byte(one / "database.dump"), "database.dump was changed"),
    "photos": (lambda one: flip_a_byte(one / "media.tar"), "media.tar was changed"),
    "erasures": (lambda one: (one / "erasures.txt").unlink(), "erasures.txt is missing"),
    "cut": (lambda one: (one / "media.tar").write_bytes(b"cut off"), "7 bytes instead of"),
    "manifest": (lambda one: flip_a_byte(one / MANIFEST), "manifest.json was changed"),
    "no-manifest": (lambda one: (one / MANIFEST).unlink(), "is no set"),
    "newer": (
        lambda one: change_manifest(one, migrations={"mapping": "9999_from_the_future"}),
        "of a newer version of the service",
    ),
    "postgres": (
        lambda one: change_manifest(one, versions={**read_manifest(one).versions, "postgresql": "99"}),
        "install the newer one",
    ),
    "large": (lambda one: change_manifest(one, media_bytes=10**18), "MB are needed"),
}


@pytest.mark.parametrize("way", BROKEN)
@pytest.mark.usefixtures("untouched")
def test_broken_set_is_refused_before_anything_is_changed(a_set: Path, way: str) -> None:
    harm, words = BROKEN[way]
    harm(a_set)
    with pytest.raises(RestoreRefused, match=words):
        restore(Wish(a_set, without_erasures=True, into_live=True), lambda _: None)


@pytest.mark.usefixtures("untouched")
def test_live_database_and_live_media_are_refused(a_set: Path) -> None:
    with pytest.raises(RestoreRefused, match="The database holds data"):
        restore(Wish(a_set, without_erasures=True), lambda _: None)
    call_command("flush", interactive=False, verbosity=0)
    with pytest.raises(RestoreRefused, match="media holds files"):
        restore(Wish(a_set, without_erasures=True), lambda _: None)


@pytest.mark.usefixtures("untouched")
def test_set_is_refused_without_a_list_of_erasures_newer_than_it(a_set: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.txt"
    shutil.copy(a_set / "erasures.txt", old)
    change_manifest(a_set, made_at="2099-01-01T00:00:00+00:00")
    for erasures in (None, old):
        with pytest.raises(RestoreRefused, match="no list of erasures newer than the set"):
            restore(Wish(a_set, erasures=erasures, into_live=True), lambda _: None)


def test_set_holds_counts_and_verifies(a_set: Path, published: Contribution) -> None:
    manifest = verify(a_set, None, lambda _: None)
    assert manifest.tables["mapping_contribution"] == 1
    assert "doors_level" not in manifest.tables  # unlogged
    assert (manifest.media_files, manifest.media_bytes, manifest.missing_media) == (1, 7, [])
    note = json.loads((a_set.parent.parent / "var" / "backup.json").read_text())
    assert note.keys() == {"finished_at", "set", "bytes", "verified"}
    assert note["verified"] is True


def test_secrets_are_in_encrypted_sets_only(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_HOST_PASSWORD", "mellon")
    monkeypatch.setenv("CITY_NAME", "Neustadt an der Weinstraße")
    monkeypatch.setenv("TEST_DB_NAME", "of_a_developer")
    plain, sealed = settings_lines(with_secrets=False), settings_lines(with_secrets=True)
    assert "CITY_NAME='Neustadt an der Weinstraße'" in plain
    assert "mellon" not in plain
    assert settings.SECRET_KEY not in plain
    assert "EMAIL_HOST_PASSWORD=mellon" in sealed
    assert "SECRET_KEY=" in sealed
    assert "of_a_developer" not in plain + sealed


def test_what_libraries_read_is_in_a_set_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "AWS_ACCESS_KEY_ID": "bucket-key",
        "AWS_SECRET_ACCESS_KEY": "bucket-mellon",
        "PGPASSWORD": "mellon",
    }
    others = {"PGSSLROOTCERT": "/etc/ssl/city.pem", "GRANIAN_HOST": "10.0.0.21"}
    for name, value in {**secrets, **others, "UNRELATED": "of the shell"}.items():
        monkeypatch.setenv(name, value)
    plain, sealed = settings_lines(with_secrets=False), settings_lines(with_secrets=True)
    for name, value in secrets.items():
        assert f"{name}={value}\n" in sealed
        assert f"# {name} is left out.\n" in plain
        assert value not in plain
    for name, value in others.items():
        assert f"{name}={value}\n" in plain
    assert "UNRELATED" not in sealed


def test_interrupted_backup_leaves_nothing_that_looks_like_a_set(
    a_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    later = timezone.now() + timedelta(minutes=1)  # sets are named by the second
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    monkeypatch.setattr(making, "copy_media", full)
    with pytest.raises(BackupFailed, match="No space left"):
        making.make_set(a_set.parent)
    assert [path.name for path in a_set.parent.iterdir() if path.name != ".lock"] == [a_set.name]
    # Killed: what is left is no set, and goes with the next run.
    left = a_set.parent / ".unfinished-2026-01-01T00-00-00Z"
    left.mkdir()
    shutil.copy(a_set / MANIFEST, left)
    assert sets_below(a_set.parent) == [a_set]
    monkeypatch.undo()


def test_disk_that_gives_back_other_bytes_makes_no_set(
    published: Contribution, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = write_manifest

    def write_and_harm(directory: Path, manifest: Any) -> None:
        written(directory, manifest)
        flip_a_byte(directory / "database.dump")

    monkeypatch.setattr(making, "write_manifest", write_and_harm)
    with pytest.raises(BackupFailed, match=r"database\.dump was changed"):
        making.make_set(place)
    assert sets_below(place) == []


def test_old_sets_go_and_the_newest_stays(a_set: Path, settings: Settings, place: Path) -> None:
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        shutil.copytree(a_set, place / f"{day}T00-00-00Z")
    settings.BACKUP_KEEP = 2
    deleted = list(making._delete_old(place))
    assert len(deleted) == 2
    assert [path.name for path in sets_below(place)] == [a_set.name, "2026-01-03T00-00-00Z"]
    settings.BACKUP_KEEP = 0
    list(making._delete_old(place))
    assert len(sets_below(place)) == 1


def test_hook_gets_the_finished_set(
    published: Contribution, settings: Settings, tmp_path: Path, place: Path
) -> None:
    hook = tmp_path / "hook"
    hook.write_text(f'#!/bin/sh\nls "$1" >{tmp_path}/seen\necho "$1" >>{tmp_path}/seen\n')
    hook.chmod(0o755)
    settings.BACKUP_HOOK = str(hook)
    made = making.make_set(place)
    seen = (tmp_path / "seen").read_text().split()
    assert seen[-1] == str(made.path)
    assert "manifest.json" in seen
    hook.write_text("#!/bin/sh\nexit 3\n")
    shutil.rmtree(made.path)
    with pytest.raises(BackupFailed, match="is there, but BACKUP_HOOK ended with 3"):
        making.make_set(place)


def test_wrong_key_opens_nothing(age_key: tuple[Path, str], settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_AGE_RECIPIENT = age_key[1]
    with SealedFile(tmp_path / "words", configured_seal()) as file:
        file.write(b"Zanzibar" * 100_000)
    sealed = tmp_path / "words.age"
    assert b"Zanzibar" not in sealed.read_bytes()
    with opened(sealed, age_key[0]) as source:
        assert source.read() == b"Zanzibar" * 100_000
    other = tmp_path / "other.txt"
    subprocess.run(["age-keygen", "-o", str(other)], check=True, capture_output=True)  # noqa: S607 - Debian's
    with pytest.raises(RestoreRefused, match="cannot be decrypted"), opened(sealed, other) as source:
        source.read()
    with pytest.raises(RestoreRefused, match="--identity FILE"), opened(sealed, None):
        pass


def test_recipient_that_is_none_makes_no_file(settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_AGE_RECIPIENT = "age1nobody"
    with (
        pytest.raises(BackupFailed, match="Encryption failed"),
        SealedFile(tmp_path / "x", configured_seal()) as file,
    ):
        file.write(b"x" * 10_000_000)


def test_database_that_does_not_answer_is_told_in_words(a_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(database, "leave_pool", lambda: None)
    for name in ("snapshot", "versions"):
        monkeypatch.setattr(database, name, gone)
    with pytest.raises(BackupFailed, match="connection refused"):
        making.make_set(a_set.parent)
    assert sets_below(a_set.parent) == [a_set]
    with pytest.raises(RestoreRefused, match="The database refuses: connection refused"):
        restore(Wish(a_set, without_erasures=True), lambda _: None)


def leave_a_file(place: Path) -> None:
    place.mkdir()
    (place / ".unfinished-2026-01-01T00-00-00Z").write_text("a file")


FAULTS: dict[str, Callable[[Path], object]] = {
    "file": lambda place: place.write_text("a file"),
    "lock": lambda place: (place / ".lock").mkdir(parents=True),
    "left": leave_a_file,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_directory_that_is_none_is_refused_in_words(place: Path, fault: str) -> None:
    FAULTS[fault](place)
    with pytest.raises(BackupFailed, match="The set was not made"):
        making.make_set(place)
    assert sets_below(place) == []


def test_directory_below_a_file_is_refused_in_words(place: Path) -> None:
    place.write_text("a file")
    with pytest.raises(CommandError, match="The set was not made"):
        call_command("backup", str(place / "sets"))


def test_hook_is_called_though_no_word_can_be_left(
    published: Contribution, settings: Settings, tmp_path: Path, place: Path
) -> None:
    hook = tmp_path / "hook"
    hook.write_text(f'#!/bin/sh\necho "$1" >"{tmp_path}/seen"\n')
    hook.chmod(0o755)
    settings.BACKUP_HOOK = str(hook)
    settings.VAR_DIR = hook / "var"
    with pytest.raises(BackupFailed, match=r"is there, but VAR_DIR cannot be written"):
        making.make_set(place)
    (made,) = sets_below(place)
    assert (tmp_path / "seen").read_text() == f"{made}\n"


def test_older_set_that_cannot_be_deleted_is_told_at_the_end(
    a_set: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(making, "_delete_old", refuse)
    later = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    with pytest.raises(BackupFailed, match=r"is there, but older ones cannot be deleted.*Permission denied"):
        making.make_set(a_set.parent)
    assert len(sets_below(a_set.parent)) == 2


def test_names_with_blanks_and_umlauts_below_the_working_directory(
    published: Contribution, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = making.make_set(Path("Sicherungen für März/täglich")).path
    assert made.is_absolute()
    assert made.parent == tmp_path / "Sicherungen für März" / "täglich"
    out = StringIO()
    call_command("backup", f"Sicherungen für März/täglich/{made.name}/", "--verify", stdout=out)
    assert "5 files have the sizes" in out.getvalue()


@pytest.mark.usefixtures("untouched")
def test_what_is_no_set_is_refused_in_words(a_set: Path) -> None:
    wanted = {
        a_set / "media.tar": "is no set",
        a_set.parent / "nowhere": "is no set",
        a_set.parent: f"holds some. The newest is {a_set}",
    }
    for path, words in wanted.items():
        with pytest.raises(RestoreRefused, match=words):
            restore(Wish(path), lambda _: None)


@pytest.mark.usefixtures("untouched")
def test_files_that_cannot_be_written_are_told_in_words(a_set: Path, settings: Settings) -> None:
    settings.VAR_DIR = a_set / "manifest.json" / "var"
    with pytest.raises(RestoreRefused, match="Nothing was changed"):
        restore(Wish(a_set, without_erasures=True, into_live=True), lambda _: None)


def test_broken_old_set_does_not_hide_that_a_new_one_was_made(
    a_set: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip_a_byte(a_set / MANIFEST)
    later = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    out, err = StringIO(), StringIO()
    call_command("backup", str(a_set.parent), stdout=out, stderr=err)
    assert "verified" in out.getvalue()
    assert "The oldest set is broken" in err.getvalue()


def test_two_backups_at_once_are_refused(a_set: Path) -> None:
    with making._alone(a_set.parent), pytest.raises(BackupFailed, match="Another backup"):
        making.make_set(a_set.parent)


def test_row_without_file_is_named_in_the_manifest(published: Contribution, place: Path) -> None:
    published.photos.create(file=PHOTO, width=1, height=1, digest=b"x" * 32, position=0)
    assert making.make_set(place).manifest.missing_media == [PHOTO]
