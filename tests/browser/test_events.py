"""Events from the planners' form to somebody who registers and cancels; axe on all of these pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, Page, expect
from pytest_django.fixtures import Settings

from engagement.models import Event, EventStatus, RegistrationState
from engagement.services.registrations.registering import Applicant, register, token_of
from mapping.models import Campaign
from tests import personas
from tests.browser.judge import Judge
from tests.engagement.making import add_date, make_editor, make_event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


def test_series_is_made_by_its_form_and_somebody_registers(visit: type_of_visit) -> None:
    page = visit("desktop", user=make_editor())
    page.goto("/planning/calendar/")
    page.get_by_role("link", name="New event").click()
    page.get_by_label("Title").fill("Walk along the river")
    page.get_by_label("First day").fill("2027-03-02")
    page.get_by_label("from (time)").fill("18:00")
    page.get_by_label("until (time)").fill("20:00")
    page.get_by_label("By months, on the same weekday").check()
    page.get_by_label("or number of dates").fill("11")
    page.get_by_label("Place (optional)", exact=True).fill("Town hall")
    page.get_by_label("People register on this site").check()
    page.get_by_role("button", name="Show the dates").first.click()
    expect(page.get_by_role("heading", name="These are the dates")).to_be_visible()
    expect(page.get_by_text("Tue 2 March 2027, 18:00–20:00")).to_be_visible()
    assert not Event.objects.exists()
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The event is public.")).to_be_visible()
    event = Event.objects.get()
    assert event.dates.count() == 11
    somebody = visit("phone")
    somebody.goto(f"/events/{event.slug}/register/")
    somebody.get_by_label("Name").fill("Ada")
    somebody.get_by_role("button", name="Register").click()
    expect(somebody.get_by_role("heading", name="You are registered")).to_be_visible()
    somebody.get_by_role("button", name="Cancel the registration").click()
    expect(somebody.get_by_role("heading", name="Your registration is cancelled")).to_be_visible()
    assert event.dates.earliest("starts_at").registrations.get().state == RegistrationState.CANCELLED


def test_focus_is_never_behind_the_buttons_at_the_bottom(visit: type_of_visit) -> None:
    """WCAG 2.4.11: the buttons of the form stay at the lower edge of the window."""
    page = visit("desktop", user=make_editor())
    page.goto("/planning/calendar/new/")
    page.locator(".leaflet-pm-toolbar").first.wait_for()
    page.get_by_label("Title").focus()
    hidden = """() => {
        const one = document.activeElement.getBoundingClientRect();
        const bar = document.querySelector(".setup__actions").getBoundingClientRect();
        return one.height > 0 && one.height < bar.height && one.top >= bar.top;
    }"""
    fields = page.locator("main form :is(input, select, textarea):visible").count()
    last = page.get_by_label("Contact for questions")
    for _key in range(3 * fields):
        page.keyboard.press("Tab")
        assert not page.evaluate(hidden), page.evaluate("document.activeElement.outerHTML")
        if last.evaluate("one => one === document.activeElement"):
            break
    expect(last).to_be_focused()


def test_publishing_stores_what_was_typed_and_asks_nothing(visit: type_of_visit) -> None:
    """The place without which it could not be published is typed, and not saved before."""
    event = make_event(title="Walk", is_draft=True, place_name="")
    page = visit("desktop", user=make_editor())
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"/planning/calendar/{event.slug}/")
    page.get_by_label("Place (optional)", exact=True).fill("Town hall")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The event is public.")).to_be_visible()
    assert asked == []
    event.refresh_from_db()
    assert (event.place_name, event.is_draft) == ("Town hall", False)


def test_pages_of_events_are_accessible(visit: type_of_visit, device: str, settings: Settings) -> None:
    settings.SENDS_MAIL = True
    campaign = personas.make_campaign(with_categories=False)
    event = _event(campaign)
    day = event.dates.earliest("starts_at")
    coming = event.dates.filter(status=EventStatus.PLANNED, starts_at__gt=timezone.now()).get()
    mine = register(coming, Applicant(name="Ada", mail="ada@example.org", people=2)).registration
    waits = register(coming, Applicant(name="Bruno", mail="bruno@example.org")).registration
    page = visit(device, user=make_editor())
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    own = "/planning/calendar/"
    for path in (
        "",
        "walk/dates/",
        f"walk/dates/{coming.pk}/",
        f"walk/dates/{day.pk}/",
        "walk/registrations/",
    ):
        judge.open(own + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    judge.open(f"{own}walk/", ready=".leaflet-pm-toolbar")
    page.get_by_label("Title").fill("")
    page.get_by_role("button", name="Save").last.click()
    expect(page.locator(".field--wrong").first).to_be_visible()
    judge.judge("with an error")
    judge.open("/events/walk/register/")
    judge.open("/events/walk/registered/")
    for one in (mine, waits):
        judge.open(f"/registrations/{token_of(one)}/")
    assert not judge.found, "\n".join(judge.found)


def _event(campaign: Campaign) -> Event:
    now = timezone.now()
    event = make_event(
        now + timedelta(days=7),
        campaign,
        slug="walk",
        takes_registrations=True,
        registration_places=2,
        place_name="Town hall",
        place="POINT(7.77 49.44)",
    )
    add_date(event, now + timedelta(days=14), status=EventStatus.CANCELLED, reason="Storm")
    add_date(event, now + timedelta(days=21), status=EventStatus.MOVED, previous_starts_at=now)
    add_date(event, now - timedelta(days=9), report="Many came.")
    return event
