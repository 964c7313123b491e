"""OParl 1.1: every object and every link, as a client walks them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from engagement.models import AgendaItem, Document, DocumentVersion, EventStatus, RemovedRecord, Session
from engagement.services.bodies.editing import set_public
from engagement.services.bodies.sessions import delete_item, move_item, save_item
from engagement.services.documents import editing as documents
from engagement.services.documents import files
from engagement.services.plans import editing as plans
from tests.engagement.making import (
    make_body,
    make_document,
    make_editor,
    make_event,
    make_plan,
    make_session,
)
from tests.engagement.oparl.client import ROOT, names, read
from tests.engagement.oparl.conftest import START
from tests.engagement.oparl.standard import addresses, embedded, faults

LISTS = (
    "organization",
    "person",
    "membership",
    "meeting",
    "agendaItem",
    "paper",
    "consultation",
    "file",
    "locationList",
    "legislativeTermList",
)


def city() -> dict[str, Any]:
    [found] = read(read(ROOT)["body"])["data"]
    return dict(found)


def test_every_object_fits_the_standard_and_every_link_leads_on(session: Session) -> None:
    waiting, seen = [ROOT], set()
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if path in seen:
            continue
        seen.add(path)
        found = read(address)
        if "data" in found:
            assert set(found) == {"data", "pagination", "links"}
            problems = [fault for one in found["data"] for fault in faults(one)]
        else:
            problems = list(faults(found))
            assert urlsplit(found["id"]).path == path
        assert not problems, (address, problems)
        waiting += addresses(found)
    nouns = {path.removeprefix(ROOT).split("/")[0] for path in seen}
    assert nouns == {"", "body", "legislativeterm", *(name.lower().removesuffix("list") for name in LISTS)}


def test_lists_and_addresses_hold_the_same_objects(session: Session) -> None:
    for name in LISTS:
        for one in read(city()[name])["data"]:
            alone = read(one["id"])
            alone.pop("text", None)
            assert alone == one


def test_embedded_objects_are_as_old_as_in_their_own_list(session: Session) -> None:
    for name in ("meeting", "paper", "person"):
        for whole in read(city()[name])["data"]:
            for one in embedded(whole):
                alone = read(one["id"])
                assert (alone["created"], alone["modified"]) == (one["created"], one["modified"])


def test_meeting_has_its_minutes_its_agenda_and_local_times(session: Session) -> None:
    [found] = read(f"{ROOT}meeting/")["data"]
    assert found["start"] == "2026-07-01T18:00:00+02:00"
    assert found["resultsProtocol"]["name"] == "Protokoll"
    assert [one["name"] for one in found["auxiliaryFile"]] == ["Anlage"]
    assert found["meetingState"] == "durchgeführt"
    assert found["cancelled"] is False
    [item] = found["agendaItem"]
    assert (item["name"], item["order"], item["resolutionText"]) == ("Leitlinien", 0, "Beschlossen")
    assert found["location"]["geojson"]["geometry"]["coordinates"] == [7.77, 49.44]


def test_paper_has_its_newest_version_as_the_main_file(session: Session) -> None:
    [found] = [one for one in read(f"{ROOT}paper/")["data"] if one["name"] == "Bericht"]
    assert found["mainFile"]["fileName"] == "bericht-2.pdf"
    assert found["mainFile"]["mimeType"] == "application/pdf"
    assert [one["fileName"] for one in found["auxiliaryFile"]] == ["bericht-1.pdf"]
    assert found["location"][0]["description"] == "Radweg"


def test_text_of_a_file_stands_at_its_own_address(session: Session) -> None:
    [minutes] = [one for one in read(f"{ROOT}file/")["data"] if one["name"] == "Protokoll"]
    assert read(minutes["id"])["text"] == "Es war gut."
    version = DocumentVersion.objects.get(number=2)
    version.texts.create(number=1, text="Seite eins")
    version.texts.create(number=2, text="Seite zwei")
    assert read(f"{ROOT}file/{version.pk}/")["text"] == "Seite eins\n\nSeite zwei"


def test_cancelled_session_is_marked(session: Session) -> None:
    session.event.dates.update(status=EventStatus.CANCELLED)
    assert read(f"{ROOT}meeting/{session.pk}/")["cancelled"] is True


@pytest.mark.parametrize("of", ["event", "body"])
def test_what_hangs_on_a_draft_is_not_found(session: Session, of: str) -> None:
    owner = getattr(session, of)
    owner.is_draft = True
    owner.save()
    item = AgendaItem.objects.get()
    for address in (f"meeting/{session.pk}", f"agendaitem/{item.pk}", f"location/{session.event.pk}"):
        assert Client().get(f"{ROOT}{address}/").status_code == 404
    for noun in ("meeting", "agendaitem", "consultation"):
        assert read(f"{ROOT}{noun}/")["data"] == []
    assert "Protokoll" not in names("paper") + names("file")


def test_item_that_is_not_public_is_nowhere(session: Session) -> None:
    hidden = session.agenda.create(title="Personalia", is_public=False)
    make_document(title="Akte", agenda_item=hidden, text="Geheim")
    assert "Personalia" not in str(read(f"{ROOT}meeting/")) + str(read(f"{ROOT}agendaitem/"))
    assert "Akte" not in names("paper") + names("file")
    assert Client().get(f"{ROOT}agendaitem/{hidden.pk}/").status_code == 404


def test_pages_hold_every_object_once_and_keep_their_filters(db: None) -> None:
    for number in range(5):
        make_document(title=str(number))
    query = {"elementsPerPage": "2", "created_since": "2020-01-01T00:00:00+01:00"}
    found = read(f"{ROOT}paper/", **query)
    everything = [one["name"] for one in found["data"]]
    while "next" in found["links"]:
        assert "created_since=2020-01-01T00%3A00%3A00%2B01%3A00" in found["links"]["next"]
        found = read(found["links"]["next"])
        assert found["pagination"] == {"totalElements": 5, "elementsPerPage": 2}
        everything += [one["name"] for one in found["data"]]
    assert sorted(everything) == ["0", "1", "2", "3", "4"]


def test_time_filters_include_their_ends(db: None) -> None:
    for day in (1, 2, 3):
        at = datetime(2026, 5, day, tzinfo=UTC)
        make_document(title=str(day), created_at=at, changed_at=at + timedelta(days=10))
    second = {"created_since": "2026-05-02T00:00:00+00:00", "created_until": "2026-05-02T02:00:00 02:00"}
    assert names("paper", **second) == ["2"]
    assert names("paper", modified_until="2026-05-11T00:00:00Z") == ["1"]
    assert read(f"{ROOT}body/", created_since="2030-01-01T00:00:00+01:00")["data"] == []


def test_meeting_is_modified_with_what_is_embedded_in_it(session: Session) -> None:
    since = timezone.now()
    assert names("meeting", modified_since=since.isoformat()) == []
    session.agenda.update(changed_at=timezone.now())
    assert names("meeting", modified_since=since.isoformat()) == ["Sitzung 1"]


def test_what_is_hidden_modifies_no_meeting(session: Session) -> None:
    """Neither while it stays hidden nor when it is deleted, nor do orders have gaps; hiding something does."""
    editor, later = make_editor(), timezone.now() + timedelta(days=1)
    hidden = save_item(editor, session, None, {"title": "Personal", "is_public": False})
    draft = make_document(title="Entwurf", session=session, is_draft=True)
    since = timezone.now().isoformat()
    AgendaItem.objects.filter(pk=hidden.pk).update(changed_at=later)
    Document.objects.filter(pk=draft.pk).update(changed_at=later)
    save_item(editor, session, hidden, {"title": "Personalien"})
    move_item(editor, hidden, -1)
    [item] = read(f"{ROOT}agendaitem/")["data"]
    assert item["order"] == 0
    delete_item(editor, hidden)
    documents.delete_document(editor, draft)
    assert names("meeting", modified_since=since) == []
    documents.set_public(editor, Document.objects.get(title="Protokoll"), is_public=False)
    assert names("meeting", modified_since=since) == ["Sitzung 1"]


def test_deleted_object_is_called_deleted_and_listed_for_updates_only(db: None) -> None:
    gone = RemovedRecord.objects.create(
        id=uuid4(), kind="document", created_at=datetime(2026, 1, 1, tzinfo=UTC), removed_at=START
    )
    assert read(f"{ROOT}paper/")["data"] == []
    found = read(f"{ROOT}paper/{gone.pk}/")
    assert found["deleted"] is True
    assert found["modified"] == "2026-07-01T18:00:00+02:00"
    assert not list(faults(found))
    [listed] = read(f"{ROOT}paper/", modified_since="2026-06-01T00:00:00+02:00")["data"]
    assert listed == found
    assert read(f"{ROOT}paper/", modified_since="2026-08-01T00:00:00+02:00")["data"] == []
    assert Client().get(f"{ROOT}meeting/{gone.pk}/").status_code == 404


def test_record_that_is_public_again_is_not_deleted(db: None) -> None:
    document = make_document(title="Wieder da")
    RemovedRecord.objects.create(id=document.pk, kind="document", created_at=START, removed_at=START)
    [found] = read(f"{ROOT}paper/", modified_since="2020-01-01T00:00:00+01:00")["data"]
    assert found["name"] == "Wieder da"


def test_what_is_hidden_is_deleted_until_it_is_public_again(session: Session) -> None:
    editor = make_editor()
    body, item = session.body, session.agenda.get()
    hidden = [f"meeting/{session.pk}", f"agendaitem/{item.pk}", f"organization/{body.pk}"]
    hidden += [f"person/{one.pk}" for one in body.members.all()]
    hidden += [f"paper/{one.pk}" for one in Document.objects.all()]
    hidden += [f"file/{one.pk}" for one in DocumentVersion.objects.all()]
    before = read(f"{ROOT}paper/")["pagination"]["totalElements"]
    for is_public in (False, True):
        since = timezone.now().isoformat()
        set_public(editor, body, is_public=is_public)
        for path in hidden:
            assert read(f"{ROOT}{path}/").get("deleted", False) is not is_public, path
            listed = read(f"{ROOT}{path.split('/')[0]}/", modified_since=since)["data"]
            [found] = [one for one in listed if one["id"].endswith(f"{path}/")]
            assert found.get("deleted", False) is not is_public, path
    everything = read(f"{ROOT}paper/", modified_since="2020-01-01T00:00:00Z")
    assert everything["pagination"]["totalElements"] == before


def test_hidden_items_and_documents_are_deleted(session: Session) -> None:
    editor = make_editor()
    item, minutes = session.agenda.get(), Document.objects.get(title="Protokoll")
    save_item(editor, session, item, {"title": item.title, "is_public": False})
    documents.set_public(editor, minutes, is_public=False)
    report = DocumentVersion.objects.get(number=1)
    files.delete_version(editor, report)
    template = Document.objects.get(title="Vorlage")
    for path in (
        *(f"agendaitem/{item.pk}", f"paper/{template.pk}", f"consultation/{template.pk}"),
        *(f"paper/{minutes.pk}", f"file/{minutes.pk}", f"file/{report.pk}"),
    ):
        assert read(f"{ROOT}{path}/")["deleted"] is True, path


def test_papers_of_a_plan_are_deleted_with_it(session: Session) -> None:
    report = Document.objects.get(title="Bericht")
    assert report.plan is not None
    plans.set_public(make_editor(), report.plan, is_public=False)
    assert read(f"{ROOT}paper/{report.pk}/")["deleted"] is True


def test_document_of_a_draft_was_never_there(session: Session) -> None:
    hidden = make_document(body=make_body(is_draft=True), text="x")
    documents.delete_document(make_editor(), hidden)
    assert Client().get(f"{ROOT}paper/{hidden.pk}/").status_code == 404


def test_meeting_is_modified_when_its_minutes_are_deleted(session: Session) -> None:
    since = timezone.now().isoformat()
    documents.delete_document(make_editor(), Document.objects.get(title="Protokoll"))
    assert names("meeting", modified_since=since) == ["Sitzung 1"]


def moved(session: Session, where: str) -> dict[str, Any]:
    """What is stored of the minutes of a session that go elsewhere."""
    if where == "hidden item":
        return {"agenda_item": session.agenda.create(title="Personalia", is_public=False)}
    return {"session": None, "body": make_body(is_draft=where == "draft")}


@pytest.mark.parametrize("where", ["hidden item", "draft", "body"])
def test_meeting_is_modified_when_its_minutes_move(session: Session, where: str) -> None:
    minutes, values = Document.objects.get(title="Protokoll"), moved(session, where)
    since = timezone.now().isoformat()
    documents.save_document(make_editor(), minutes, values)
    assert names("meeting", modified_since=since) == ["Sitzung 1"]
    assert "Protokoll" not in str(read(f"{ROOT}meeting/"))
    assert read(f"{ROOT}paper/{minutes.pk}/").get("deleted", False) is (where != "body")


def test_agenda_item_is_modified_when_its_document_moves(session: Session) -> None:
    """The session still holds it: its meeting changes with the document, what planners stored of it does not."""
    Document.objects.filter(title="Vorlage").update(session=session, text="Leitlinien.")
    template, before, since = (
        Document.objects.get(title="Vorlage"),
        Session.objects.get().changed_at,
        timezone.now().isoformat(),
    )
    documents.save_document(make_editor(), template, {"agenda_item": None})
    assert names("agendaitem", modified_since=since) == ["Leitlinien"]
    assert names("meeting", modified_since=since) == ["Sitzung 1"]
    assert Session.objects.get().changed_at == before


@pytest.mark.parametrize("by", ["plan", "file"])
def test_meeting_is_modified_when_its_document_is_hidden(session: Session, by: str) -> None:
    """With the plan that it belongs to, or because it lost its only file."""
    plan = make_plan()
    document = make_document(title="Entwurfsplan", session=session, plan=plan)
    version = document.versions.create(number=1, name="a.pdf", bytes=9, digest=b"x", file="x.pdf")
    since = timezone.now().isoformat()
    if by == "plan":
        plans.set_public(make_editor(), plan, is_public=False)
    else:
        files.delete_version(make_editor(), version)
    assert names("meeting", modified_since=since) == ["Sitzung 1"]
    assert read(f"{ROOT}paper/{document.pk}/")["deleted"] is True


@pytest.mark.parametrize(
    "query",
    [
        {"created_since": "2026-05-01"},
        {"created_since": "2026-05-01T00:00:00"},
        {"modified_until": "99999-01-01T00:00:00Z"},
        {"modified_since": "2026-13-01T00:00:00Z"},
        {"after": "\0"},
        {"elementsPerPage": "none"},
        {"startdate": "2026"},
    ],
)
def test_wrong_query_is_an_error_of_the_standard(db: None, query: dict[str, str]) -> None:
    response = Client().get(f"{ROOT}paper/", query)
    assert response.status_code == 400
    assert set(response.json()) == {"type", "message", "debug"}
    assert response.json()["message"].startswith(next(iter(query)))


@pytest.mark.parametrize(
    "rest", ["nothing/", "paper/x/", "paper", "paper/00000000-0000-4000-8000-000000000000/", "%00"]
)
def test_unknown_address_is_an_error_of_the_standard(db: None, rest: str) -> None:
    response = Client().get(ROOT + rest)
    assert response.status_code == 404
    assert response.json()["type"] == "https://schema.oparl.org/1.1/Error"


def test_unchanged_object_is_not_sent_again(session: Session) -> None:
    address = f"{ROOT}meeting/{session.pk}/"
    tag = Client().get(address)["ETag"]
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("noun", ["organization", "meeting", "paper", "file"])
def test_lists_cost_the_same_queries_however_long(
    session: Session, noun: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        more = make_session(session.body, START)
        more.body.members.create(name=str(number))
        item = more.agenda.create(title="Mehr")
        make_document(agenda_item=item, session=more, text="Text")
        make_event()
    with django_assert_max_num_queries(16):
        read(f"{ROOT}{noun}/")
