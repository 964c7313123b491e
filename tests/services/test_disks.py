"""A full or unwritable disk is a sentence: nothing is half stored, and nobody loses what they wrote."""

import errno
import os
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from psycopg import errors as psycopg_errors
from pytest_django.fixtures import Settings

from accounts.models import Role
from mapping.imports.reading import uploads
from mapping.models import Campaign, Contribution, ModerationEvent, Photo
from mapping.services.errors import NotStored
from mapping.services.files.disks import disk_problem
from mapping.services.submit import Submission, submit
from tests import personas
from tests.api.conftest import code
from tests.personas import Citizen, point
from tests.services.photos.test_attachments import colourful, files

WORDS = "The lamp has been dark since March."
CASES = [(errno.ENOSPC, "storage_full"), (errno.EDQUOT, "storage_full"), (errno.EROFS, "storage_unavailable")]
SENTENCES = {"de": "kann im Moment nicht gespeichert werden", "en": "cannot be stored at the moment"}


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    break_disk(monkeypatch, errno.ENOSPC)


def break_disk(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """What is written arrives nowhere: the system says so when it is asked to keep it."""

    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)


def form(campaign: Campaign, citizen: Citizen, **more: object) -> tuple[str, dict[str, object]]:
    """The plain form with a place, a text and a photo."""
    fields: dict[str, object] = {
        "category": "spot",
        "place_type": "point",
        "latitude": "49.44",
        "longitude": "7.77",
        "text": WORDS,
        "photos": SimpleUploadedFile("a.jpg", colourful(0), "image/jpeg"),
    }
    return f"/campaigns/{campaign.slug}/contribute/?category=spot", fields | more


def nothing_is_stored(settings: Settings) -> bool:
    rows = Contribution.objects.exists() or Photo.objects.exists() or ModerationEvent.objects.exists()
    left = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    return not rows and not left and files() == []


@pytest.mark.parametrize("case", CASES)
def test_submission_with_a_photo_stores_nothing(
    campaign: Campaign,
    citizen: Citizen,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[int, str],
) -> None:
    number, expected = case
    break_disk(monkeypatch, number)
    with pytest.raises(NotStored) as refused:
        submit(campaign, Submission("spot", point(), WORDS, photos=[colourful(0)]), citizen.secret)
    assert refused.value.code == expected
    assert nothing_is_stored(settings)


@pytest.mark.parametrize("language", SENTENCES)
def test_form_says_so_and_keeps_the_text(
    campaign: Campaign, citizen: Citizen, settings: Settings, full_disk: None, language: str
) -> None:
    browser = citizen.browser()
    browser.cookies["django_language"] = language
    answer = browser.post(*form(campaign, citizen))
    assert answer.status_code == 507
    shown = answer.content.decode()
    assert SENTENCES[language] in shown
    assert WORDS in shown
    assert nothing_is_stored(settings)


def test_form_of_the_private_link_says_so_and_keeps_the_text(
    pending: Contribution, citizen: Citizen, full_disk: None
) -> None:
    from mapping.services.identity import edit_token

    browser = citizen.browser()
    browser.cookies["django_language"] = "en"
    _address, fields = form(pending.campaign, citizen)
    answer = browser.post(reverse("my-contribution", args=(edit_token(pending.pk),)), fields)
    shown = answer.content.decode()
    assert SENTENCES["en"] in shown
    assert WORDS in shown
    pending.refresh_from_db()
    assert pending.text != WORDS
    assert files() == []


def test_photo_of_the_api_is_a_problem_and_can_be_sent_again(
    pending: Contribution, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/api/v1/campaigns/{pending.campaign.slug}/contributions/{pending.pk}/photos/"
    with monkeypatch.context() as broken:
        break_disk(broken, errno.ENOSPC)
        answer = citizen.browser().post(address, colourful(0), content_type="image/jpeg")
    assert (answer.status_code, code(answer)) == (507, "storage_full")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Photo.objects.exists()
    assert files() == []
    again = citizen.browser().post(address, colourful(0), content_type="image/jpeg")
    assert again.status_code == 201
    assert len(files()) == 1


def test_large_photo_that_does_not_fit_the_temporary_directory_loses_no_text(
    campaign: Campaign, citizen: Citizen, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django writes files of more than two megabytes to disk while it reads the form, before any view is asked."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", refuse)
    large = SimpleUploadedFile("a.jpg", colourful(0) + bytes(3_000_000), "image/jpeg")
    browser = citizen.browser()
    browser.cookies["django_language"] = "en"
    answer = browser.post(*form(campaign, citizen, photos=large))
    assert answer.status_code == 507
    assert SENTENCES["en"] in answer.content.decode()
    assert WORDS in answer.content.decode()
    assert nothing_is_stored(settings)


def test_upload_of_an_import_leaves_no_folder(
    campaign: Campaign, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = tmp_path
    manager = personas.make_user("manager@example.org", campaign, Role.MANAGER)
    browser = personas.staff_browser(manager)
    browser.cookies["django_language"] = "en"

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(uploads, "_write", refuse)
    answer = browser.post(
        reverse("planning:imports", args=(campaign.slug,)),
        {"kind": "contributions", "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")},
    )
    assert answer.status_code == 422
    assert SENTENCES["en"] in answer.content.decode()
    assert not list(tmp_path.glob("imports/*"))


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (psycopg_errors.DiskFull(), "storage_full"),
        (psycopg_errors.ReadOnlySqlTransaction(), "storage_unavailable"),
        (psycopg_errors.DeadlockDetected(), None),
    ],
)
def test_disk_of_the_database_is_told_from_other_trouble(cause: Exception, expected: str | None) -> None:
    error = OperationalError()
    error.__cause__ = cause
    problem = disk_problem(error)
    assert (problem and problem.code) == expected


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EPIPE, errno.ECONNRESET])
def test_other_errors_of_the_system_are_no_matter_of_disks(number: int) -> None:
    assert disk_problem(OSError(number, "x")) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "said"), [(errno.ENOSPC, "media: full"), (errno.EROFS, "media: not writable")]
)
def test_readyz_says_that_files_cannot_be_stored(
    client: Client, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), "/secret/path")

    monkeypatch.setattr("geoparticipation.serving.storage.tempfile.NamedTemporaryFile", refuse)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["storage"]) == (503, said)
    assert b"/secret/path" not in answer.content


@pytest.mark.django_db
def test_readyz_says_how_little_space_is_free(client: Client, settings: Settings) -> None:
    settings.LEAST_FREE_MEGABYTES = 10**9
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["storage"].startswith("media: only ")
