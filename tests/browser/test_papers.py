"""Bodies, sessions and documents: read by citizens, made by planners from nothing, judged by axe."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from engagement.models import Body, Document, DocumentKind, Session
from tests.browser.judge import Judge
from tests.engagement.making import make_body, make_document, make_editor, make_session
from tests.engagement.papers import pdfs
from tests.engagement.papers.making import add_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


@pytest.fixture
def session(transactional_db: None) -> Session:
    """A session that is over, with everything that can belong to one."""
    body = make_body(name="Working group", summary="It writes the guidelines.", description="It **meets**.")
    body.members.create(name="Erika Muster", role="Chair")
    body.members.create(name="Max Alt", until=timezone.localdate() - timedelta(days=1))
    made = make_session(body, timezone.now() - timedelta(days=9), number=1)
    make_session(body, timezone.now() + timedelta(days=20), number=2)
    item = made.agenda.create(number="1", title="Benches", text="Where?", result="**Twelve** benches.")
    minutes = make_document(title="Minutes of the first session", session=made, kind=DocumentKind.MINUTES)
    add_file(minutes, ("We met.",))
    add_file(minutes, ("We met in the town hall.", "", "We decided."), note="A name was corrected")
    make_document(title="Plan of benches", agenda_item=item, text="# Benches\n\nTwelve.", topic="green")
    return made


def test_citizen_reads_the_minutes(visit: type_of_visit, session: Session) -> None:
    page = visit("phone")
    page.goto("/bodies/")
    page.get_by_role("link", name="Working group").click()
    page.get_by_role("link", name="Minutes").click()
    expect(page.get_by_role("heading", name="Minutes of the first session")).to_be_visible()
    expect(page.get_by_text("We met in the town hall.")).to_be_visible()
    page.get_by_role("link", name="Version 1", exact=True).click()
    expect(page.get_by_text("This is an earlier version.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "minutes-1.pdf"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360


def test_pages_of_citizens_are_accessible(visit: type_of_visit, device: str, session: Session) -> None:
    judge = Judge(visit(device))
    body = session.body
    document = session.documents.get()
    for path in (
        *("/bodies/", f"/bodies/{body.slug}/", f"/bodies/{body.slug}/sessions/{session.pk}/"),
        *("/documents/", "/documents/?q=nothing", f"/documents/{document.pk}/?version=1"),
        f"/documents/{Document.objects.get(topic='green').pk}/",
    ):
        judge.open(path)
    assert not judge.found, "\n".join(judge.found)


def test_pages_of_planners_are_accessible(visit: type_of_visit, device: str, session: Session) -> None:
    page = visit(device, user=make_editor())
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    body = f"/planning/papers/bodies/{session.body.slug}/"
    document = session.documents.get()
    item = session.agenda.get()
    for path in (
        *("/planning/papers/", body, f"{body}members/new/", f"{body}sessions/new/", f"{body}delete/"),
        *(f"{body}sessions/{session.pk}/", f"{body}sessions/{session.pk}/agenda/{item.pk}/"),
        *(f"/planning/papers/documents/{document.pk}/", "/planning/papers/documents/new/"),
    ):
        judge.open(path)
    page.get_by_role("button", name="Store as a draft").click()
    judge.judge("new document with mistakes")
    assert not judge.found, "\n".join(judge.found)


def test_planner_makes_a_body_with_a_session_and_minutes(
    visit: type_of_visit, transactional_db: None
) -> None:
    page = visit("phone", user=make_editor(), java_script_enabled=False)
    page.goto("/planning/papers/")
    page.get_by_role("link", name="New body").click()
    page.get_by_label("Name").fill("Working group")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("The body is public now.")).to_be_visible()
    page.get_by_role("link", name="New session").click()
    page.get_by_label("Day").fill("2026-09-03")
    page.get_by_label("from (time)").fill("18:00")
    page.get_by_label("until (time)").fill("20:00")
    page.get_by_label("Place").fill("Town hall")
    page.get_by_role("button", name="Store as a draft").click()
    page.get_by_role("link", name="New agenda item").click()
    page.get_by_label("Title").fill("Benches")
    page.get_by_label("Result").fill("Twelve benches.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Publish now").click()
    page.get_by_role("link", name="Minutes", exact=True).click()
    page.get_by_label("Title").fill("Minutes")
    page.get_by_role("button", name="Store as a draft").click()
    file = {"name": "minutes.pdf", "mimeType": "application/pdf", "buffer": pdfs.with_words(["We met."])}
    page.get_by_label("PDF", exact=True).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("The file is stored.")).to_be_visible()
    page.get_by_role("button", name="Publish now").click()
    session = Session.objects.public().get()
    page.goto(f"/bodies/{Body.objects.get().slug}/sessions/{session.pk}/")
    expect(page.get_by_role("link", name="Minutes", exact=True)).to_be_visible()
    expect(page.get_by_text("Twelve benches.")).to_be_visible()
