"""Citizens' pages of bodies, sessions and documents: what they show, and what they hide."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from engagement.models import Document, DocumentKind, Extraction, RemovedRecord, Session
from engagement.web.papers.documents import PAGES_SHOWN
from mapping.models import Campaign
from tests.engagement.making import make_body, make_document, make_editor, make_event, make_session
from tests.engagement.papers.making import add_file
from tests.personas import staff_browser

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def browser() -> Client:
    """Somebody's browser, in English."""
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def words(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def address(session: Session) -> str:
    return f"/bodies/{session.body.slug}/sessions/{session.pk}/"


def test_body_shows_members_sessions_and_documents(browser: Client) -> None:
    body = make_body(name="Working group", description="It **meets**.")
    body.members.create(name="Erika Muster", role="chair")
    body.members.create(name="Max Alt", until=timezone.localdate() - timedelta(days=1))
    past = make_session(body, NOW - timedelta(days=9), number=1)
    make_session(body, NOW + timedelta(days=9), number=2)
    minutes = make_document(session=past, kind=DocumentKind.MINUTES, title="Minutes of the first")
    make_document(body=body, title="Rules of procedure")
    page = words(browser.get("/bodies/working-group/".replace("working-group", body.slug)))
    assert "<strong>meets</strong>" in page
    assert page.index("Next sessions") < page.index("Past sessions") < page.index("Rules of procedure")
    assert f'href="/documents/{minutes.pk}/"' in page
    assert page.index("Erika Muster") < page.index("Former members") < page.index("Max Alt")
    assert "All 2 documents of this body" in page
    assert body.name in words(browser.get("/bodies/"))


def test_list_of_bodies_names_the_next_session_or_the_last_one(browser: Client) -> None:
    body = make_body()
    make_session(body, NOW - timedelta(days=9))
    assert "last date:" in words(browser.get("/bodies/"))
    make_session(body, NOW + timedelta(days=9))
    later = words(browser.get("/bodies/"))
    assert "next date:" in later
    assert "last date:" not in later


def test_session_shows_minutes_first_then_the_agenda_with_results(browser: Client) -> None:
    session = make_session(make_body(), NOW - timedelta(days=9), number=1)
    second = session.agenda.create(title="Lamps", number="2", position=2, result="Twelve **lamps**.")
    session.agenda.create(title="Benches", number="1", position=1)
    session.agenda.create(title="Staff", position=3, is_public=False)
    make_document(session=session, title="Invitation")
    make_document(session=session, kind=DocumentKind.MINUTES, title="The minutes")
    make_document(agenda_item=second, title="Plan of lamps")
    page = words(browser.get(address(session)))
    places = ("The minutes", "Invitation", "Benches", "Lamps", "<strong>lamps</strong>", "Plan of lamps")
    assert [page.index(one) for one in places] == sorted(page.index(one) for one in places)
    assert "Staff" not in page


def test_page_of_the_date_leads_to_the_session(browser: Client) -> None:
    session = make_session()
    assert f'href="{address(session)}"' in words(browser.get(session.event.get_absolute_url()))


def test_drafts_are_for_editors_alone(browser: Client) -> None:
    editor = staff_browser(make_editor())
    body, draft = make_body(), make_body(is_draft=True)
    hidden = make_session(body)
    hidden.event.is_draft = True
    hidden.event.save()
    document = make_document(is_draft=True, text="x")
    within = make_document(body=draft, text="x")
    file = add_file(document)
    for one in (
        *(f"/bodies/{draft.slug}/", address(hidden), address(make_session(draft))),
        *(f"/documents/{document.pk}/", f"/documents/{within.pk}/"),
        *(f"/documents/{document.pk}/{file.number}.pdf", f"/documents/{within.pk}/document.pdf"),
    ):
        assert browser.get(one).status_code == 404, one
        answer = editor.get(one)
        assert answer.status_code == 200, one
        if "/documents/" in one:
            assert "no-store" in answer.headers["Cache-Control"], one
    for one in ("/bodies/", "/documents/", f"/bodies/{body.slug}/"):
        page = words(browser.get(one))
        assert draft.name not in page
        assert str(document.pk) not in page
        assert hidden.event.title not in page


def test_session_of_another_body_is_not_found(browser: Client) -> None:
    session, other = make_session(), make_body()
    assert browser.get(f"/bodies/{other.slug}/sessions/{session.pk}/").status_code == 404


def test_what_was_deleted_is_gone(browser: Client) -> None:
    pk = uuid.uuid4()
    body = make_body()
    RemovedRecord.objects.create(id=pk, kind="document", created_at=NOW)
    for one in (f"/documents/{pk}/", f"/documents/{pk}/1.pdf", f"/bodies/{body.slug}/sessions/{pk}/"):
        answer = browser.get(one)
        assert answer.status_code == 410
        assert "the city has deleted it" in answer.content.decode()
    assert browser.get(f"/documents/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Minutes", "Plan", "Of body"}),
        ("q=minu", {"Minutes"}),
        ("q=a-1", {"Plan"}),
        ("kind=plan", {"Plan"}),
        ("topic=green", {"Plan"}),
        ("body=group", {"Of body"}),
        ("year=2025", {"Minutes"}),
        ("kind=song&topic=%00&body=none&year=abc&page=x&q=%00", {"Minutes", "Plan", "Of body"}),
        ("q=" + "w" * 10_000, set()),
        ("page=99999999999999999999", {"Minutes", "Plan", "Of body"}),
    ],
)
def test_documents_are_filtered(browser: Client, query: str, found: set[str]) -> None:
    make_document(title="Minutes", kind="minutes", dated="2025-02-03")
    make_document(title="Plan", kind="plan", topic="green", reference="A-1", dated="2026-02-03")
    make_document(title="Of body", session=make_session(make_body(slug="group")), dated="2026-02-03")
    page = browser.get(f"/documents/?{query}").context["documents"]
    assert {one.document.title for one in page} == found


def test_latest_documents_come_first_whatever_they_are(browser: Client, campaign: Campaign) -> None:
    for title, kind, day in (("Older", "minutes", "2025-02-03"), ("Newer", "plan", "2026-02-03")):
        make_document(title=title, kind=kind, dated=day, campaign=campaign)
    for address_of_list in ("/documents/", f"/campaigns/{campaign.slug}/documents/"):
        shown = browser.get(address_of_list).context["documents"]
        assert [one.document.title for one in shown] == ["Newer", "Older"]


def test_lists_need_as_many_queries_for_many_as_for_one(
    browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    body = make_body()

    def fill(number: int) -> None:
        for index in range(number):
            session = make_session(body, NOW - timedelta(days=index + 1))
            item = session.agenda.create(title="Item")
            for more in ({"session": session, "kind": "minutes"}, {"agenda_item": item}, {"body": body}):
                add_file(make_document(**more))

    fill(1)
    session = body.sessions.get()
    addresses = ("/bodies/", "/documents/", f"/bodies/{body.slug}/", address(session))
    before = [_queries(browser, one, django_assert_max_num_queries) for one in addresses]
    fill(4)
    assert [_queries(browser, one, django_assert_max_num_queries) for one in addresses] == before
    assert max(before) <= 12


def _queries(browser: Client, path: str, counting: DjangoAssertNumQueries) -> int:
    with counting(30) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


# --- a document ---------------------------------------------------------------------------------------------------


def test_text_of_a_file_is_read_in_the_page(browser: Client) -> None:
    document = make_document(title="Minutes")
    add_file(document, tuple(f"Words of sheet {number}." for number in range(1, PAGES_SHOWN + 3)))
    first = words(browser.get(f"/documents/{document.pk}/"))
    assert "Words of sheet 1." in first
    assert f"Words of sheet {PAGES_SHOWN}." in first
    assert f"Words of sheet {PAGES_SHOWN + 1}." not in first
    second = words(browser.get(f"/documents/{document.pk}/?version=1&part=2"))
    assert f"Words of sheet {PAGES_SHOWN + 1}." in second
    for part in ("0", "99", "x", "-1", "9" * 50):
        assert browser.get(f"/documents/{document.pk}/?part={part}&version={part}").status_code == 200


def test_earlier_version_is_named_as_one(browser: Client) -> None:
    document = make_document()
    add_file(document, ("The old words",))
    add_file(document, ("The new words",), note="A name was corrected")
    newest = words(browser.get(f"/documents/{document.pk}/"))
    assert "The new words" in newest
    assert "A name was corrected" in newest
    assert "earlier version" not in newest
    before = words(browser.get(f"/documents/{document.pk}/?version=1"))
    assert "The old words" in before
    assert "This is an earlier version." in before


@pytest.mark.parametrize(
    ("extraction", "sentence"),
    [
        (Extraction.WAITING, "is being read"),
        (Extraction.NO_TEXT, "no readable text"),
        (Extraction.FAILED, "could not be read"),
    ],
)
def test_file_without_text_says_why(browser: Client, extraction: str, sentence: str) -> None:
    document = make_document()
    add_file(document, extraction=extraction)
    assert sentence in words(browser.get(f"/documents/{document.pk}/"))


def test_text_that_ends_early_says_so(browser: Client) -> None:
    document = make_document()
    add_file(document, ("first",), pages=7)
    assert "text of further pages could not be read" in words(browser.get(f"/documents/{document.pk}/"))


def test_file_is_pdf_and_nothing_else(browser: Client) -> None:
    document = make_document()
    version = add_file(document, name="Protokoll „Grün“.pdf")
    path = f"/documents/{document.pk}/{version.number}.pdf"
    shown, stored = browser.get(path), browser.get(f"{path}?download")
    assert shown.headers["Content-Type"] == "application/pdf"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert stored.headers["Content-Disposition"].startswith("attachment")
    assert shown.headers["Cache-Control"] == "public, max-age=600"
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert shown.getvalue().startswith(b"%PDF-")
    again = browser.get(path, headers={"If-None-Match": shown.headers["ETag"]})
    assert again.status_code == 304
    assert browser.get(f"/documents/{document.pk}/99.pdf").status_code == 404


def test_html_in_texts_is_text(browser: Client) -> None:
    hostile = '<script>alert(1)</script><p class="MsoNormal"><o:p>Word</o:p></p>[x](javascript:alert(1))'
    session = make_session()
    session.agenda.create(title=hostile, text=hostile, result=hostile)
    document = make_document(title=hostile, summary=hostile, text=hostile)
    for path in (f"/documents/{document.pk}/", address(session), "/documents/"):
        page = words(browser.get(path))
        assert "<script>alert" not in page
        assert "MsoNormal&quot;" in page or "&lt;script&gt;" in page
        assert 'href="javascript:' not in page


@pytest.mark.slow
def test_written_document_is_tagged_pdf_that_loads_nothing(browser: Client) -> None:
    text = "# Welcome\n\nIt is **done**.\n\n- one\n- two\n\n<img src='https://example.org/x.png'>"
    document = make_document(title="Über Bänke", text=text, body=make_body(name="Arbeitsgruppe"))
    assert "/document.pdf" in words(browser.get(f"/documents/{document.pk}/"))
    answer = browser.get(f"/documents/{document.pk}/document.pdf?download")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "ueber-baenke.pdf" in answer.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_metadata() as facts:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "de"
        assert (facts["dc:title"], facts["pdfuaid:part"]) == ("Über Bänke", "1")
        fonts = {str(one.FontName) for one in pdf.objects if _is_font(one)}
    assert any("Source" in one or "Paper" in one for one in fonts), fonts
    assert all(b"example.org/x.png'" not in one for one in [answer.content])
    again = browser.get(
        f"/documents/{document.pk}/document.pdf", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    with_file = make_document()
    assert browser.get(f"/documents/{with_file.pk}/document.pdf").status_code == 404


def _is_font(one: object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and "/FontName" in one


# --- a campaign -----------------------------------------------------------------------------------------------------


def test_campaign_has_a_tab_for_its_public_documents(browser: Client, campaign: Campaign) -> None:
    path = f"/campaigns/{campaign.slug}/documents/"
    draft = make_document(campaign=campaign, is_draft=True)
    assert path not in words(browser.get(campaign.get_absolute_url()))
    shown = make_document(campaign=campaign)
    assert path in words(browser.get(campaign.get_absolute_url()))
    page = words(browser.get(path))
    assert shown.title in page
    assert draft.title not in page
    Campaign.objects.update(is_draft=True)
    assert browser.get(path).status_code == 404


def test_event_and_plan_of_a_document_are_named(browser: Client) -> None:
    event = make_event(place=Point(7.77, 49.44, srid=4326))
    document = make_document(event=event)
    assert f'href="/events/{event.slug}/"' in words(browser.get(f"/documents/{document.pk}/"))
    assert Document.objects.public().count() == 1
