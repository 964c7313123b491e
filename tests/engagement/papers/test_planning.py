"""Planners make a body, its sessions and documents by forms without JavaScript: who gets there, what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from engagement.models import AgendaItem, Body, Document, RemovedRecord, Session
from engagement.services.bodies.editing import MOST_MEMBERS, save_member
from engagement.services.bodies.sessions import MOST_ITEMS, save_item
from mapping.models import Campaign
from mapping.services.errors import Conflict
from tests import personas
from tests.engagement.making import make_body, make_document, make_editor, make_session
from tests.engagement.papers import pdfs
from tests.engagement.papers.making import add_file
from tests.personas import staff_browser, user_called

pytestmark = pytest.mark.django_db

SESSION = {
    "title": "First session",
    "number": "1",
    "topic": "participation",
    "starts_on": "2026-09-03",
    "starts_time": "18:00",
    "ends_time": "20:00",
    "kind": "on_site",
    "place_name": "Town hall",
}
DOCUMENT = {"title": "Minutes", "kind": "minutes", "dated": "2026-09-03", "topic": "other", "language": "de"}
PAGES = (
    *("", "bodies/new/", "bodies/{body}/", "bodies/{body}/delete/", "bodies/{body}/members/new/"),
    *("bodies/{body}/members/{member}/", "bodies/{body}/members/{member}/delete/"),
    *("bodies/{body}/sessions/new/", "bodies/{body}/sessions/{session}/"),
    *("bodies/{body}/sessions/{session}/delete/", "bodies/{body}/sessions/{session}/agenda/new/"),
    "bodies/{body}/sessions/{session}/agenda/{item}/",
    "bodies/{body}/sessions/{session}/agenda/{item}/delete/",
    *("documents/new/", "documents/{document}/", "documents/{document}/delete/"),
    "documents/{document}/files/{version}/delete/",
)


@pytest.fixture
def editor(db: None) -> User:
    return make_editor()


@pytest.fixture
def browser(editor: User) -> Client:
    client = staff_browser(editor)
    client.cookies["django_language"] = "en"
    return client


def page_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    return " ".join(answer.content.decode().split())


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
        ("editor", 200),
        ("dismissed editor", 302),
    ],
)
def test_pages_are_for_those_who_edit_everything(campaign: Campaign, who: str, status: int) -> None:
    user = make_editor(is_active=who == "editor") if "editor" in who else user_called(who, campaign)
    client = staff_browser(user) if isinstance(user, User) else Client()
    session = make_session()
    document = make_document(session=session)
    places = {
        "body": session.body.slug,
        "session": session.pk,
        "member": session.body.members.create(name="x").pk,
        "item": session.agenda.create(title="x").pk,
        "document": document.pk,
        "version": add_file(document).pk,
    }
    for page in PAGES:
        # Managers write for their campaigns; the outsider has one elsewhere.
        is_theirs = who in {"manager", "outsider"} and page == "documents/new/"
        expected = 200 if is_theirs else status
        answer = client.get(f"/planning/papers/{page.format(**places)}")
        assert answer.status_code == expected, page
        if expected == 200:
            assert "no-store" in answer.headers["Cache-Control"]


def test_way_to_the_pages_stands_where_planners_begin(browser: Client, manager: User) -> None:
    assert 'href="/planning/papers/"' in page_of(browser.get("/planning/"))
    assert "/planning/papers/" not in page_of(staff_browser(manager).get("/planning/"))


def test_body_is_made_with_members_in_their_order(browser: Client) -> None:
    answer = browser.post("/planning/papers/bodies/new/", {"name": "Arbeitsgruppe Bürger"})
    assert answer.headers["Location"] == "/planning/papers/bodies/arbeitsgruppe-buerger/"
    body = Body.objects.get()
    assert body.is_draft
    page = page_of(browser.get("/planning/papers/bodies/arbeitsgruppe-buerger/"))
    assert "nobody sees it" in page
    for name in ("Erika", "Max"):
        browser.post("/planning/papers/bodies/arbeitsgruppe-buerger/members/new/", {"name": name})
    first = body.members.get(name="Erika")
    order = "/planning/papers/bodies/arbeitsgruppe-buerger/members/order/"
    browser.post(order, {"do": f"down:{first.pk}"})
    assert list(body.members.order_by("position").values_list("name", flat=True)) == ["Max", "Erika"]
    browser.post(order, {"do": f"place:{first.pk}:0"})
    assert list(body.members.order_by("position").values_list("name", flat=True)) == ["Erika", "Max"]
    body.members.filter(pk=first.pk).update(until="2026-06-30")
    assert "until Tue 30 June 2026" in page_of(browser.get(f"/planning/papers/bodies/{body.slug}/"))
    browser.post(f"/planning/papers/bodies/{body.slug}/public/", {"public": "yes"})
    assert Body.objects.public().get() == body
    browser.post(f"/planning/papers/bodies/{body.slug}/members/{first.pk}/delete/")
    assert body.members.count() == 1
    assert {one.kind for one in RemovedRecord.objects.all()} == {"bodymember"}


@pytest.mark.parametrize("what", ["", "up:", "up:x", "down:1:2:3", "place:x:99999999", "\0"])
def test_unknown_rows_are_not_moved(browser: Client, what: str) -> None:
    session = make_session()
    for path in (
        f"/planning/papers/bodies/{session.body.slug}/members/order/",
        f"/planning/papers/bodies/{session.body.slug}/sessions/{session.pk}/agenda/order/",
    ):
        assert browser.post(path, {"do": what}).status_code == 302


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 161}, "160"),
        ({"name": "x", "since": "2026-02-01", "until": "2026-01-01"}, "exchange them"),
        ({"name": "x", "since": "31.31.2026"}, "valid date"),
    ],
)
def test_what_no_body_is_stands_at_its_field(browser: Client, values: dict[str, str], words: str) -> None:
    assert words in page_of(browser.post("/planning/papers/bodies/new/", values), 422)
    assert not Body.objects.exists()


def test_change_by_somebody_else_is_named(browser: Client) -> None:
    body = make_body()
    address = f"/planning/papers/bodies/{body.slug}/"
    before = body.changed_at.isoformat()
    assert browser.post(address, {"name": "First", "expected": before}).status_code == 302
    page_of(browser.post(address, {"name": "Second", "expected": before}), 422)
    assert Body.objects.get().name == "First"


def test_names_that_addresses_have_already_are_not_taken(browser: Client) -> None:
    for _ in range(2):
        browser.post("/planning/papers/bodies/new/", {"name": "New"})
    assert set(Body.objects.values_list("slug", flat=True)) == {"new-2", "new-3"}


def test_session_is_made_with_its_date_then_agenda_and_publication(browser: Client) -> None:
    body = make_body()
    answer = browser.post(f"/planning/papers/bodies/{body.slug}/sessions/new/", SESSION)
    session = Session.objects.get()
    address = f"/planning/papers/bodies/{body.slug}/sessions/{session.pk}/"
    assert answer.headers["Location"] == address
    assert session.event.dates.get().starts_at.isoformat() == "2026-09-03T16:00:00+00:00"
    assert (session.event.is_draft, session.event.organiser) == (True, body.name)
    for title in ("Benches", "Lamps"):
        browser.post(f"{address}agenda/new/", {"title": title, "is_public": "on"})
    lamps = AgendaItem.objects.get(title="Lamps")
    browser.post(f"{address}agenda/order/", {"do": f"up:{lamps.pk}"})
    assert list(session.agenda.values_list("title", flat=True)) == ["Lamps", "Benches"]
    browser.post(f"{address}agenda/{lamps.pk}/", {"title": "Lamps", "result": "Twelve.", "is_public": "on"})
    assert AgendaItem.objects.get(pk=lamps.pk).result == "Twelve."
    browser.post(f"{address}public/")
    assert Session.objects.public().get() == session
    assert "Twelve." in page_of(browser.get(f"/bodies/{body.slug}/sessions/{session.pk}/"))
    assert "cancel it in the calendar" in page_of(browser.post(f"{address}delete/", follow=True))
    proposed = browser.get(f"/planning/papers/bodies/{body.slug}/sessions/new/").context["form"]
    assert (proposed["number"].value(), proposed["place_name"].value()) == (2, "Town hall")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"number": "0"}, "number"),
        ({"number": "7"}, "number"),
        ({"number": "99999999999999999999"}, "number"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"starts_on": "2026-03-29", "starts_time": "02:30", "ends_time": "04:00"}, "starts_time"),
        ({"ends_time": "17:00"}, "ends_time"),
        ({"kind": "hybrid", "online_link": "javascript:alert(1)"}, "online_link"),
    ],
)
def test_what_no_session_is_stands_at_its_field(browser: Client, values: dict[str, str], field: str) -> None:
    body = make_body()
    make_session(body, number=7)
    answer = browser.post(f"/planning/papers/bodies/{body.slug}/sessions/new/", SESSION | values)
    page_of(answer, 422)
    assert set(answer.context["form"].errors) == {field}
    assert Session.objects.count() == 1


def test_session_of_a_draft_body_is_not_published(browser: Client) -> None:
    session = make_session(make_body(is_draft=True))
    session.event.is_draft = True
    session.event.save()
    address = f"/planning/papers/bodies/{session.body.slug}/sessions/{session.pk}/"
    assert "publish the body first" in page_of(browser.post(f"{address}public/", follow=True))
    assert not Session.objects.public().exists()
    document = make_document(session=session)
    browser.post(f"{address}delete/")
    document.refresh_from_db()
    assert (document.session, document.body) == (None, session.body)
    assert not Session.objects.exists()


def test_body_with_sessions_is_not_deleted(browser: Client) -> None:
    session = make_session()
    address = f"/planning/papers/bodies/{session.body.slug}/delete/"
    assert "delete them first" in page_of(browser.post(address, follow=True))
    body = make_body()
    browser.post(f"/planning/papers/bodies/{body.slug}/delete/")
    assert [one.kind for one in RemovedRecord.objects.all()] == ["body"]


def test_item_that_was_not_public_gives_its_documents_back_as_drafts(browser: Client) -> None:
    session = make_session()
    item = session.agenda.create(title="Staff", is_public=False)
    document = make_document(agenda_item=item, text="x")
    browser.post(
        f"/planning/papers/bodies/{session.body.slug}/sessions/{session.pk}/agenda/{item.pk}/delete/"
    )
    document.refresh_from_db()
    assert (document.session, document.agenda_item, document.is_draft) == (session, None, True)


def test_lists_have_an_end(editor: User) -> None:
    session = make_session()
    session.body.members.bulk_create(
        type(session.body.members.model())(body=session.body, name="x") for _ in range(MOST_MEMBERS)
    )
    session.agenda.bulk_create(AgendaItem(session=session, title="x") for _ in range(MOST_ITEMS))
    with pytest.raises(Conflict):
        save_member(editor, session.body, None, {"name": "x"})
    with pytest.raises(Conflict):
        save_item(editor, session, None, {"title": "x"})


# --- documents ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_minutes_are_uploaded_published_and_deleted(browser: Client) -> None:
    session = make_session(starts_at=timezone.now() - timedelta(days=3))
    new = f"/planning/papers/documents/new/?session={session.pk}&kind=minutes"
    form = browser.get(new).context["form"]
    assert form.initial["dated"] == timezone.localdate() - timedelta(days=3)
    answer = browser.post(new, DOCUMENT | {"session": str(session.pk)})
    document = Document.objects.get()
    address = f"/planning/papers/documents/{document.pk}/"
    assert answer.headers["Location"] == address
    assert "nothing to read yet" in page_of(browser.post(f"{address}public/", {"public": "yes"}, follow=True))
    file = SimpleUploadedFile("Protokoll.pdf", pdfs.with_words())
    page_of(browser.post(f"{address}files/", {"file": file, "note": "final"}, follow=True))
    assert document.versions.get().note == "final"
    browser.post(f"{address}public/", {"public": "yes"})
    assert Document.objects.public().get() == document
    other = {"title": "Other minutes", "session": str(session.pk), "expected": ""}
    browser.post(address, DOCUMENT | other)
    document.refresh_from_db()
    assert (document.title, document.dated) == ("Other minutes", date(2026, 9, 3))
    browser.post(f"{address}delete/")
    assert browser.get(f"/documents/{document.pk}/").status_code == 410


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty."),
        (b"MZ\x90", "This file is no PDF"),
        (b"%PDF-1.7 broken", "damaged or incomplete"),
        (pdfs.encrypted(""), "against changes"),
    ],
)
def test_refused_file_is_explained_at_its_field(browser: Client, data: bytes, words: str) -> None:
    document = make_document()
    answer = browser.post(
        f"/planning/papers/documents/{document.pk}/files/", {"file": SimpleUploadedFile("x.pdf", data)}
    )
    assert words in page_of(answer, 422)
    assert list(answer.context["file_form"].errors) == ["file"]


def test_large_file_is_refused_before_it_is_read(browser: Client, manager: User) -> None:
    document = make_document()
    address = f"/planning/papers/documents/{document.pk}/files/"
    large = browser.post(
        address, {"file": SimpleUploadedFile("x.pdf", b"x")}, headers={"Content-Length": str(300 * 2**20)}
    )
    assert large.status_code == 413
    stranger = staff_browser(manager)
    assert stranger.post(address, {"file": SimpleUploadedFile("x.pdf", b"x" * 3 * 2**20)}).status_code == 403


@pytest.mark.parametrize(
    "given", ["session=x", "session=\0", "campaign=-1", "kind=song", "event=" + "9" * 40]
)
def test_address_that_names_nothing_still_shows_the_form(browser: Client, given: str) -> None:
    assert browser.get(f"/planning/papers/documents/new/?{given}").status_code == 200


def test_managers_write_documents_of_their_campaign(campaign: Campaign) -> None:
    manager = personas.make_user("m@example.org", campaign, Role.MANAGER)
    client = staff_browser(manager)
    other = personas.make_campaign("other", with_categories=False)
    new = "/planning/papers/documents/new/"
    assert client.post(new, DOCUMENT).status_code == 422
    assert client.post(new, DOCUMENT | {"campaign": str(other.pk)}).status_code == 422
    client.post(new, DOCUMENT | {"campaign": str(campaign.pk), "body": str(make_body().pk), "text": "x"})
    document = Document.objects.get()
    assert (document.campaign, document.body) == (campaign, None)
    address = f"/planning/papers/documents/{document.pk}/"
    assert client.get(address).status_code == 200
    client.post(f"{address}public/", {"public": "yes"})
    assert Document.objects.public().exists()
    of_city, draft = make_document(body=make_body()), make_document(is_draft=True)
    assert client.get(f"/planning/papers/documents/{of_city.pk}/").status_code == 403
    assert client.get(f"/planning/papers/documents/{draft.pk}/").status_code == 404
