"""What OParl calls deleted, what it lists of that, and how its pages end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from engagement.models import Document, Plan, RemovedRecord, Session
from engagement.oparl import city
from engagement.oparl.values import THE_CITY
from engagement.services.bodies.editing import set_public
from engagement.services.bodies.sessions import delete_item
from engagement.services.documents import editing as documents
from engagement.services.events.changes import change_event, values_of
from engagement.services.plans import editing as plans
from tests.engagement.making import make_body, make_document, make_editor, make_session
from tests.engagement.oparl.client import ROOT, read
from tests.engagement.oparl.standard import faults


def ids(address: str, **query: str) -> list[str]:
    return [one["id"].rstrip("/").rpartition("/")[2] for one in read(address, **query)["data"]]


def is_deleted(path: str) -> bool:
    """At its address and, alike, in the list of what changed lately."""
    alone = read(f"{ROOT}{path}/")
    assert not list(faults(alone))
    since = (timezone.now() - timedelta(minutes=5)).isoformat()
    [listed] = [
        one
        for one in read(f"{ROOT}{path.partition('/')[0]}/", modified_since=since)["data"]
        if one["id"] == alone["id"]
    ]
    assert listed.get("deleted") == alone.get("deleted")
    return alone.get("deleted", False) is True


def age(*rows: Any) -> None:
    """As if nothing of these had changed for a year."""
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(changed_at=timezone.now() - timedelta(days=365))


def test_place_of_a_session_is_deleted_with_it_and_returns(session: Session) -> None:
    editor, path = make_editor(), f"location/{session.event.pk}"
    set_public(editor, session.body, is_public=False)
    assert is_deleted(path)
    age(session, session.event)
    set_public(editor, session.body, is_public=True)
    assert not is_deleted(path)


def test_place_that_an_event_loses_is_deleted(session: Session) -> None:
    editor, event = make_editor(), session.event
    values = replace(
        values_of(event),
        kind="digital",
        place=None,
        place_name="",
        address="",
        online_link="https://video.example.org/",
    )
    change_event(event, editor, values, None)
    assert is_deleted(f"location/{event.pk}")


@pytest.mark.parametrize("how", ["hidden", "without a place"])
def test_place_of_a_plan_is_deleted(session: Session, how: str) -> None:
    editor, plan = make_editor(), Plan.objects.get()
    if how == "hidden":
        plans.set_public(editor, plan, is_public=False)
    else:
        values = {"title": plan.title}
        plans.save_plan(editor, plan, values, [], expected=plans.version_of(plan))
    assert is_deleted(f"location/{plan.pk}")


def test_place_of_a_plan_stays_while_its_documents_come_and_go(session: Session) -> None:
    editor, report = make_editor(), Document.objects.get(title="Bericht")
    documents.set_public(editor, report, is_public=False)
    assert "deleted" not in read(f"{ROOT}location/{report.plan_id}/")


@pytest.mark.parametrize("how", ["document moves", "item deleted"])
def test_consultation_is_deleted_while_its_paper_stays(session: Session, how: str) -> None:
    editor, template = make_editor(), Document.objects.get(title="Vorlage")
    if how == "document moves":
        documents.save_document(editor, template, {"agenda_item": None, "text": "Worum es geht"})
    else:
        delete_item(editor, session.agenda.get())
    assert is_deleted(f"consultation/{template.pk}")
    assert not is_deleted(f"paper/{template.pk}")


def test_deleted_meetings_are_listed_with_their_organization(db: None) -> None:
    body, other = make_body(), make_body()
    here, there = make_session(body), make_session(other)
    since = timezone.now().isoformat()
    for gone, owner in ((here, body), (there, other)):
        RemovedRecord.objects.create(
            id=gone.pk, kind="session", created_at=gone.created_at, removed_at=timezone.now(), owner=owner.pk
        )
    Session.objects.all().delete()
    assert ids(f"{ROOT}organization/{body.pk}/meeting/", modified_since=since) == [str(here.pk)]
    assert ids(f"{ROOT}organization/{body.pk}/meeting/") == []


def test_sessions_that_disappear_name_their_body(session: Session) -> None:
    set_public(make_editor(), session.body, is_public=False)
    assert RemovedRecord.objects.get(kind="session").owner == session.body_id


@pytest.mark.parametrize("name", ["created", "modified"])
def test_times_that_are_shown_find_the_object(db: None, name: str) -> None:
    at = timezone.now().replace(microsecond=700_000) - timedelta(days=1)
    paper = make_document(created_at=at, changed_at=at)
    make_document(created_at=at + timedelta(seconds=1), changed_at=at + timedelta(seconds=1))
    shown = read(f"{ROOT}paper/{paper.pk}/")[name]
    query = {f"{name}_since": shown, f"{name}_until": shown}
    assert ids(f"{ROOT}paper/", **query) == [str(paper.pk)]


def test_time_with_fractions_is_taken_exactly(db: None) -> None:
    at = timezone.now().replace(microsecond=700_000) - timedelta(days=1)
    paper = make_document(created_at=at, changed_at=at)
    address = f"{ROOT}paper/"
    assert ids(address, created_until=at.isoformat()) == [str(paper.pk)]
    assert ids(address, created_until=(at - timedelta(microseconds=1)).isoformat()) == []


def test_first_page_holds_no_more_than_was_ordered(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place of the city is no row, and stands before the others."""
    monkeypatch.setattr(city, "city_boundary", lambda: session.event.place)
    found, pages = read(f"{ROOT}location/", elementsPerPage="1"), []
    pages.append(found["data"])
    while "next" in found["links"]:
        found = read(found["links"]["next"])
        pages.append(found["data"])
    assert [len(page) for page in pages] == [1, 1, 1]
    assert pages[0][0]["id"].endswith(f"{THE_CITY}/")
    assert found["pagination"]["totalElements"] == 3
    assert len({one["id"] for page in pages for one in page}) == 3
