"""Documents stored with their files, published, read, deleted."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import ImageFile
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from engagement.models import Document, DocumentVersion, Extraction, RemovedRecord
from engagement.services import sweeping
from engagement.services.documents import files
from engagement.services.documents.editing import delete_document, save_document, set_public
from engagement.services.documents.files import add_version, delete_version, read_version
from engagement.services.documents.printing import printed
from engagement.services.images import add_image
from mapping.exports.documents.pdf import is_possible
from mapping.models import Campaign
from mapping.services.errors import Conflict, DomainError, Invalid, NotAllowed
from tests import personas
from tests.background import waiting_tasks
from tests.engagement.making import make_body, make_document, make_editor, make_event, make_plan, make_session
from tests.engagement.papers import pdfs
from tests.engagement.papers.making import add_file
from tests.services.photos.test_attachments import colourful

pytestmark = pytest.mark.django_db

FACTS = {"title": "Minutes", "kind": "minutes", "dated": timezone.localdate()}
Committing = Callable[..., object]


@pytest.fixture
def editor(db: None) -> User:
    return make_editor()


def upload(
    editor: User, document: Document, data: bytes | None = None, name: str = "a.pdf"
) -> DocumentVersion:
    return add_version(editor, document, [pdfs.with_words() if data is None else data], name=name)


def test_new_document_is_a_draft_without_anything_to_read(editor: User) -> None:
    stored = save_document(editor, None, FACTS)
    assert stored.is_draft
    with pytest.raises(Conflict) as refused:
        set_public(editor, stored, is_public=True)
    assert refused.value.code == "document_empty"


def test_written_document_is_published(editor: User) -> None:
    stored = save_document(editor, None, {**FACTS, "text": "# Welcome\r\n\r\nIt is **done**."})
    assert stored.text == "# Welcome\n\nIt is **done**."
    set_public(editor, stored, is_public=True)
    assert Document.objects.public().get() == stored


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"title": ""}, "title", "required"),
        ({"title": "\u200b"}, "title", "required"),
        ({"title": "x" * 201}, "title", "too_long"),
        ({"text": "x" * 100_001}, "text", "too_long"),
        ({"summary": ["x"]}, "summary", "not_a_text"),
        ({"kind": "song"}, "kind", "refused"),
        ({"topic": "nothing"}, "topic", "refused"),
    ],
)
def test_what_no_document_is(editor: User, values: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        save_document(editor, None, FACTS | values)
    assert [one.code for one in refused.value.fields[field]] == [code]


def test_change_by_somebody_else_is_not_overwritten(editor: User) -> None:
    stored = save_document(editor, None, FACTS)
    before = stored.changed_at.isoformat()
    save_document(editor, stored, {"title": "Other"}, expected=before)
    with pytest.raises(Conflict) as refused:
        save_document(editor, stored, {"title": "Third"}, expected=before)
    assert refused.value.code == "step_changed"


def test_agenda_item_brings_its_session(editor: User) -> None:
    session, other = make_session(), make_session()
    item = session.agenda.create(title="Benches")
    assert save_document(editor, None, FACTS | {"agenda_item": item}).session == session
    with pytest.raises(Invalid) as refused:
        save_document(editor, None, FACTS | {"agenda_item": item, "session": other})
    assert refused.value.fields["agenda_item"][0].code == "agenda_item_elsewhere"


def test_managers_write_for_their_campaign_alone(campaign: Campaign) -> None:
    manager = personas.make_user("m@example.org", campaign, Role.MANAGER)
    stored = save_document(manager, None, FACTS | {"campaign": campaign, "text": "x"})
    for values in ({"body": make_body()}, {"campaign": None}):
        with pytest.raises(NotAllowed):
            save_document(manager, stored, values)
    outsider = personas.make_user("o@example.org")
    for act in (
        lambda: save_document(outsider, stored, {"title": "x"}),
        lambda: set_public(outsider, stored, is_public=True),
        lambda: upload(outsider, stored),
        lambda: delete_document(outsider, stored),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert Document.objects.get().body is None


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_uploaded_file_is_cleaned_stored_and_read_in_the_background(editor: User) -> None:
    stored = save_document(editor, None, FACTS)
    version = upload(editor, stored, pdfs.with_everything(), name="C:\\folder\\Protokoll 1.PDF")
    assert (version.number, version.name, version.pages) == (1, "Protokoll 1.pdf", 1)
    assert version.extraction == Extraction.WAITING
    with default_storage.open(str(version.file.name)) as file:
        assert b"app.alert" not in pdfs.unpacked(file.read())
    assert (files.TASK, {"version": str(version.pk)}) in waiting_tasks()
    read_version(version.pk)
    read_version(version.pk)  # again replaces
    version.refresh_from_db()
    assert version.extraction == Extraction.DONE
    assert [one.text for one in version.texts.all()] == ["Harmless words"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\x89PNG\r\n", "not_a_pdf"),
        (pdfs.encrypted("secret"), "pdf_encrypted"),
        (b"%PDF-1.7 broken", "pdf_broken"),
        (b"%PDF-1.7" + bytes(2**20), "pdf_too_large"),
        (pdfs.with_pages(4), "pdf_too_many_pages"),
    ],
)
def test_refused_files_leave_nothing(editor: User, settings: Settings, data: bytes, code: str) -> None:
    settings.DOCUMENT_MEGABYTES, settings.DOCUMENT_PAGES = 1, 3
    stored = save_document(editor, None, FACTS)
    with pytest.raises(Invalid) as refused:
        upload(editor, stored, data)
    assert refused.value.fields["file"][0].code == code
    assert not stored.versions.exists()


@pytest.mark.slow
def test_same_file_is_no_new_version(editor: User) -> None:
    stored, data = save_document(editor, None, FACTS), pdfs.with_words()
    upload(editor, stored, data)
    with pytest.raises(Conflict) as refused:
        upload(editor, stored, data)
    assert refused.value.code == "version_exists"
    assert upload(editor, stored, pdfs.with_words(["Another"])).number == 2


@pytest.mark.slow
def test_document_is_written_or_has_files(editor: User) -> None:
    written = save_document(editor, None, {**FACTS, "text": "x"})
    with pytest.raises(Conflict) as refused:
        upload(editor, written)
    assert refused.value.code == "document_written"
    with_file = save_document(editor, None, FACTS)
    upload(editor, with_file)
    with pytest.raises(Invalid) as invalid:
        save_document(editor, with_file, {"text": "x"})
    assert invalid.value.fields["text"][0].code == "document_has_files"


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (["", "words"], Extraction.DONE),
        (["", ""], Extraction.NO_TEXT),
        ([], Extraction.FAILED),
        (["half\ud800 a character\0"], Extraction.DONE),
    ],
)
def test_outcome_of_reading(
    editor: User, monkeypatch: pytest.MonkeyPatch, texts: list[str], outcome: str
) -> None:
    from engagement.papers.reading import storable

    version = add_file(make_document(), extraction=Extraction.WAITING)
    monkeypatch.setattr(files, "read_pdf", lambda _path: iter([storable(text) for text in texts]))
    read_version(version.pk)
    version.refresh_from_db()
    assert version.extraction == outcome
    assert version.texts.count() == len(texts)


def test_reading_what_was_deleted_does_nothing(db: None) -> None:
    read_version(uuid.uuid4())


@pytest.mark.slow
def test_files_are_deleted_with_their_rows(
    editor: User, django_capture_on_commit_callbacks: Committing
) -> None:
    stored = save_document(editor, None, FACTS)
    first, second = upload(editor, stored), upload(editor, stored, pdfs.with_words(["Another"]))
    set_public(editor, stored, is_public=True)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        delete_version(editor, first)
    assert not default_storage.exists(str(first.file.name))
    assert default_storage.exists(str(second.file.name))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        delete_document(editor, stored)
    assert not default_storage.exists(str(second.file.name))
    assert {one.pk for one in RemovedRecord.objects.all()} == {stored.pk, first.pk, second.pk}


@pytest.mark.slow
def test_document_without_its_last_file_is_a_draft(editor: User) -> None:
    stored = save_document(editor, None, FACTS)
    version = upload(editor, stored)
    set_public(editor, stored, is_public=True)
    delete_version(editor, version)
    stored.refresh_from_db()
    assert stored.is_draft


def test_deleted_draft_is_nowhere(editor: User) -> None:
    delete_document(editor, save_document(editor, None, FACTS))
    assert not RemovedRecord.objects.exists()


@pytest.mark.slow
def test_stored_file_of_a_failed_transaction_is_deleted(
    editor: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    stored = save_document(editor, None, FACTS)

    def fail(_version: DocumentVersion) -> None:
        raise DomainError("gone")

    monkeypatch.setattr(files, "enqueue_reading", fail)
    before = set(default_storage.listdir(_folder())[1])
    with pytest.raises(DomainError):
        upload(editor, stored)
    assert set(default_storage.listdir(_folder())[1]) == before


def test_stray_files_are_deleted_once_they_are_old(db: None) -> None:
    kept = str(add_file(make_document()).file.name)
    picture = add_image(make_event().dates.get(), colourful(0), "A tree")
    strays = [
        default_storage.save(name, ContentFile(b"x"))
        for name in ("documents/2026/01/stray.pdf", "images/2026/01/stray.jpg")
    ]
    sweeping.delete_stray_files()
    assert all(map(default_storage.exists, strays))
    sweeping.delete_stray_files(timedelta(seconds=-60))
    assert default_storage.exists(kept)
    assert default_storage.exists(str(picture.file.name))
    assert not any(map(default_storage.exists, strays))


def _folder() -> str:
    folder = f"{timezone.now():documents/%Y/%m}"
    Path(default_storage.path(folder)).mkdir(parents=True, exist_ok=True)
    return folder


@pytest.mark.parametrize("holder", ["campaign", "event", "plan", "body", "session", "agenda_item"])
@pytest.mark.parametrize("is_hidden", [True, False])
def test_document_of_a_draft_stays_hidden_when_the_draft_is_deleted(
    campaign: Campaign, holder: str, is_hidden: bool
) -> None:
    """One whose holder was public stays public: minutes do not vanish with an event that is taken away."""
    session = make_session(make_body(is_draft=is_hidden))
    held: dict[str, Any] = {
        "campaign": campaign,
        "event": make_event(is_draft=is_hidden),
        "plan": make_plan(is_draft=is_hidden),
        "body": session.body,
        "session": session,
        "agenda_item": session.agenda.create(title="Item", is_public=not is_hidden),
    }
    Campaign.objects.update(is_draft=is_hidden)
    document = make_document(**{holder: held[holder]})
    assert Document.objects.public().exists() is not is_hidden
    held[holder].delete()
    document.refresh_from_db()
    assert document.is_draft is is_hidden
    assert Document.objects.public().exists() is not is_hidden


def test_broken_pictures_are_refused_after_a_pdf_was_written(editor: User) -> None:
    """WeasyPrint changes a setting of Pillow for the whole process when it is imported."""
    assert printed(make_document(text="It is done."))
    assert is_possible()
    assert not ImageFile.LOAD_TRUNCATED_IMAGES
