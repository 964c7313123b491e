"""`sweep_photos`: photos without a row, rows without a photo."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from mapping.models import Contribution, Photo
from mapping.services.submit import add_photo
from tests.services.photos.test_attachments import colourful, files


def stray(name: str, *, hours: float, content: bytes = b"picture") -> str:
    """A file that no row names, written some hours ago."""
    stored = default_storage.save(f"photos/2026/01/{name}", ContentFile(content))
    moment = time.time() - hours * 3600
    os.utime(default_storage.path(stored), (moment, moment))
    return stored


def swept(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command("sweep_photos", *arguments)
    return capsys.readouterr().out


def test_nothing_amiss_is_said(pending: Contribution, capsys: pytest.CaptureFixture[str]) -> None:
    add_photo(pending, colourful(0))
    assert swept(capsys).startswith("1 photos whole, 0 files without a row (0 bytes)")


def test_site_without_photos_is_swept(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert swept(capsys, "--delete", "--delete-rows").startswith("0 photos whole, 0 files without a row")


def test_files_without_a_row_are_named_and_left(
    pending: Contribution, capsys: pytest.CaptureFixture[str]
) -> None:
    add_photo(pending, colourful(0))
    name = stray("left.jpg", hours=25)
    out = swept(capsys)
    assert f"no row: {name}\n" in out
    assert "1 photos whole, 1 files without a row (7 bytes), 0 young ones" in out
    assert len(files()) == 2


def test_only_old_files_without_a_row_are_deleted(
    pending: Contribution, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = add_photo(pending, colourful(0))
    stray("old.jpg", hours=25)
    unfinished = stray(".0123.new", hours=25)
    young = stray("young.jpg", hours=23)
    out = swept(capsys, "--delete")
    assert f"no row: {unfinished}\n" in out
    assert "2 files deleted" in out
    assert "1 young ones left alone" in out
    assert sorted(files()) == sorted([str(photo.file.name), young])
    swept(capsys, "--delete", "--older-than", "22.5")
    assert files() == [str(photo.file.name)]


@pytest.mark.parametrize("is_empty", [False, True])
def test_lost_photos_end_the_command_with_an_error(
    pending: Contribution, capsys: pytest.CaptureFixture[str], *, is_empty: bool
) -> None:
    kept, lost = add_photo(pending, colourful(0)), add_photo(pending, colourful(1))
    path = Path(lost.file.path)
    path.unlink()
    if is_empty:
        path.touch()
    with pytest.raises(CommandError, match=r"1 photos are lost\."):
        call_command("sweep_photos", "--delete")
    out = capsys.readouterr().out
    assert f"no file: {lost.file.name} (campaign {pending.campaign.slug}, contribution {pending.pk})" in out
    assert Photo.objects.count() == 2

    swept(capsys, "--delete-rows")
    assert Photo.objects.get() == kept
    swept(capsys)


def test_no_row_is_deleted_where_no_file_is_there_at_all(
    pending: Contribution, capsys: pytest.CaptureFixture[str]
) -> None:
    """The disk is not mounted."""
    Path(add_photo(pending, colourful(0)).file.path).unlink()
    with pytest.raises(CommandError, match="where it should be"):
        call_command("sweep_photos", "--delete-rows")
    assert Photo.objects.count() == 1


def test_age_below_zero_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="from 0 on"):
        call_command("sweep_photos", "--older-than=-1")
