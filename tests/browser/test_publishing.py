"""To publish stores what was typed beside it, without JavaScript too: nothing is lost, nothing old is published."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engagement.models import Body, Document, Event, Plan, Session
from tests.engagement.making import make_body, make_document, make_editor, make_event, make_plan, make_session

type_of_visit = Callable[..., Page]
Made = tuple[Any, str, str, str]
"""A draft, the address where it is edited, the field that is typed in, and the button that publishes it."""


def of_event() -> Made:
    event = make_event(is_draft=True, place_name="Town hall")
    return event, f"/planning/calendar/{event.slug}/", "Title", "Publish"


def of_plan() -> Made:
    plan = make_plan(is_draft=True)
    return plan, f"/planning/plans/{plan.slug}/", "Title", "Put on the public list"


def of_body() -> Made:
    body = make_body(is_draft=True)
    return body, f"/planning/papers/bodies/{body.slug}/", "Name", "Publish now"


def of_document() -> Made:
    document = make_document(is_draft=True, text="We met.")
    return document, f"/planning/papers/documents/{document.pk}/", "Title", "Publish now"


def of_session() -> Made:
    session = make_session()
    Event.objects.update(is_draft=True, place_name="Town hall")
    return (
        session,
        f"/planning/papers/bodies/{session.body.slug}/sessions/{session.pk}/",
        "Number of the session",
        "Publish now",
    )


def public(thing: Any) -> Any:
    kinds: tuple[Any, ...] = (Event, Plan, Body, Document, Session)
    [model] = [one for one in kinds if isinstance(thing, one)]
    return model.objects.public().get(pk=thing.pk)


@pytest.mark.parametrize("has_javascript", [False, True])
@pytest.mark.parametrize("make", [of_event, of_plan, of_body, of_document, of_session])
def test_what_was_typed_is_published(
    visit: type_of_visit, transactional_db: None, make: Callable[[], Made], has_javascript: bool
) -> None:
    thing, address, field, button = make()
    typed = "17" if thing.__class__ is Session else "Benches in the shade"
    page = visit("desktop", user=make_editor(), java_script_enabled=has_javascript)
    page.goto(address)
    page.get_by_label(field, exact=field in {"Name", "Title"}).first.fill(typed)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text("public").first).to_be_visible()
    expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)
    stored = public(thing)
    assert str(getattr(stored, {"Name": "name", "Title": "title"}.get(field, "number"))) == typed


def test_what_is_refused_stays_a_draft_with_what_was_typed(
    visit: type_of_visit, transactional_db: None
) -> None:
    plan, address, field, button = of_plan()
    page = visit("desktop", user=make_editor(), java_script_enabled=False)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    page.goto(address)
    page.get_by_label(field, exact=True).fill(" ")
    page.get_by_label("Summary").fill("Twelve benches")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_label("Summary")).to_have_value("Twelve benches")
    expect(page.get_by_role("button", name=button, exact=True)).to_be_visible()
    plan.refresh_from_db()
    assert plan.is_draft
