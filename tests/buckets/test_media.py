"""Media in a bucket: stored, shown, deleted, swept - and what people read when the bucket is away or full."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from engagement.models import Extraction
from engagement.services.documents.editing import set_public
from engagement.services.documents.files import add_version, delete_version, read_version
from geoparticipation.serving.buckets import BucketStorage
from mapping.models import Campaign, Contribution, ContributionStatus, Photo
from mapping.services.erase import withdraw
from mapping.services.errors import NotStored
from mapping.services.photos.sweeping import delete_stray_files, entries_below, find_strays
from mapping.services.submit import Submission, add_photo, submit
from tests.buckets.conftest import Buckets
from tests.engagement.making import make_document, make_editor
from tests.engagement.papers import pdfs
from tests.personas import Citizen, make_contribution, point
from tests.services.photos.test_attachments import colourful

pytestmark = pytest.mark.django_db(transaction=True)


def shown(campaign: Campaign, picture: bytes) -> Photo:
    """The photo of a published contribution."""
    photo = add_photo(make_contribution(campaign, status=ContributionStatus.PENDING), picture)
    Contribution.objects.update(status=ContributionStatus.PUBLISHED)
    return photo


def test_photo_is_stored_shown_and_deleted(
    buckets: Buckets, campaign: Campaign, client: Client, settings: Settings
) -> None:
    photo = shown(campaign, colourful(0))
    (name,) = buckets.names()
    assert name == f"site/{photo.file.name}"
    page = client.get(f"/photos/{photo.pk}.jpg")
    assert page.status_code == 200
    assert page.getvalue() == buckets.content(name)
    assert page["Content-Length"] == str(len(buckets.content(name)))
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    withdraw(photo.contribution)
    assert buckets.names() == []


def test_refused_contribution_leaves_no_object(
    buckets: Buckets, campaign: Campaign, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("mapping.services.photos.attachments.Photo.objects.create", broken)
    with pytest.raises(RuntimeError):
        submit(campaign, Submission("spot", point(), photos=[colourful(0)]), citizen.secret)
    assert buckets.names() == []
    assert not Contribution.objects.exists()


def test_document_is_read_given_and_deleted(buckets: Buckets, client: Client) -> None:
    editor = make_editor()
    document = make_document(text="")
    version = add_version(editor, document, [pdfs.with_words(("Lanterns",))], name="a.pdf")
    set_public(editor, document, is_public=True)
    read_version(version.pk)
    version.refresh_from_db()
    assert version.extraction == Extraction.DONE
    (name,) = buckets.names()
    given = client.get(f"/documents/{document.pk}/{version.number}.pdf")
    assert given.getvalue() == buckets.content(name)
    delete_version(editor, version)
    assert buckets.names() == []


def test_bucket_that_is_away_is_a_sentence_and_stores_nothing(
    buckets: Buckets, campaign: Campaign, citizen: Citizen, client: Client
) -> None:
    photo = shown(campaign, colourful(1))
    buckets.stop()
    with pytest.raises(NotStored) as refused:
        submit(campaign, Submission("spot", point(), photos=[colourful(0)]), citizen.secret)
    assert refused.value.code == "storage_unavailable"
    assert Contribution.objects.count() == 1
    client.raise_request_exception = False
    page = client.get(f"/photos/{photo.pk}.jpg")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert client.get("/readyz").json()["storage"] in {"media: not writable", "media: no answer"}


@pytest.mark.parametrize("answer", [("QuotaExceeded", 403), ("XMinioStorageFull", 507), ("Other", 507)])
def test_full_bucket_is_a_full_disk(
    buckets: Buckets,
    campaign: Campaign,
    citizen: Citizen,
    monkeypatch: pytest.MonkeyPatch,
    answer: tuple[str, int],
) -> None:
    refuse(monkeypatch, "PutObject", *answer)
    with pytest.raises(NotStored) as refused:
        submit(campaign, Submission("spot", point(), photos=[colourful(0)]), citizen.secret)
    assert refused.value.code == "storage_full"


def refuse(monkeypatch: pytest.MonkeyPatch, wanted: str, code: str, status: int) -> None:
    """The storage answers one operation with an error."""
    ask = BaseClient._make_api_call

    def answer(self: BaseClient, operation: str, given: Any) -> Any:
        if operation == wanted:
            told = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
            raise ClientError(told, operation)
        return ask(self, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)


def test_missing_bucket_is_no_empty_one(buckets: Buckets) -> None:
    elsewhere = BucketStorage(
        bucket_name="missing",
        endpoint_url=buckets.address,
        region_name="eu-central-1",
        access_key="city",
        secret_key="secret",
        addressing_style="path",
    )
    assert list(entries_below("photos")) == []
    with pytest.raises(OSError, match="Input/output"):
        list(elsewhere.entries("photos"))
    assert elsewhere._probe() == "not writable"
    with pytest.raises(FileNotFoundError):
        default_storage.open("photos/a.jpg")


def test_ready_with_a_bucket_leaves_no_probe(buckets: Buckets) -> None:
    storage: Any = default_storage
    assert storage._probe() == "ok"
    assert storage.state() == "ok"
    assert buckets.names() == []


def test_strays_are_found_in_the_bucket(buckets: Buckets, pending: Contribution) -> None:
    add_photo(pending, colourful(0))
    lost = add_photo(pending, colourful(1))
    default_storage.delete(str(lost.file.name))
    stray = default_storage.save("photos/2026/01/stray.jpg", ContentFile(b"picture"))
    now = datetime.now(UTC)
    assert find_strays(now - timedelta(hours=1)).young == 1
    found = find_strays(now + timedelta(hours=1))
    assert (found.files, found.size, found.whole) == ([stray], 7, 1)
    assert [row.pk for row in found.rows] == [lost.pk]
    delete_stray_files(found)
    assert not default_storage.exists(stray)


def test_command_stops_where_the_bucket_is_empty_by_mistake(buckets: Buckets, pending: Contribution) -> None:
    photo = add_photo(pending, colourful(0))
    default_storage.delete(str(photo.file.name))
    with pytest.raises(CommandError):
        call_command("sweep_photos", "--delete-rows")
