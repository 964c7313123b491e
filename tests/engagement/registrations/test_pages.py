"""The pages on which people register, see their registration and cancel it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from engagement.models import EventDate, EventStatus, Registration, RegistrationState
from engagement.services.registrations.registering import Applicant, register, token_of
from engagement.services.subscriptions import sending
from tests.engagement.making import add_date, make_event

ADA = {"name": "Ada", "mail": "ada@example.org", "people": "1", "needs": ""}


@pytest.fixture
def date(db: None, settings: Settings) -> EventDate:
    settings.SENDS_MAIL = True
    fields: dict[str, Any] = {"takes_registrations": True, "registration_places": 1, "place_name": "Hall"}
    return make_event(slug="walk", title="Walk", **fields).dates.get()


def test_person_registers(client: Client, date: EventDate) -> None:
    assert client.get("/events/walk/register/").status_code == 200
    answer = client.post("/events/walk/register/", {"date": str(date.pk), **ADA}, follow=True)
    assert answer.redirect_chain == [("/events/walk/registered/", 302)]
    assert date.registrations.get().language == "de"


@pytest.mark.parametrize("query", ["", "?date=", "?date=x"])
def test_form_of_the_only_date_registers_as_it_was_sent(client: Client, date: EventDate, query: str) -> None:
    """As a browser sends it: with the hidden fields of the page."""
    page = client.get(f"/events/walk/register/{query}").content.decode()
    hidden = re.findall(r'<input type="hidden" name="(date)" value="([^"]*)"', page)
    answer = client.post("/events/walk/register/", {**ADA, **dict(hidden)})
    assert answer.status_code == 302
    assert date.registrations.get().name == "Ada"


def test_date_that_closed_meanwhile_is_named(client: Client, date: EventDate) -> None:
    """The other date is left: what was chosen is no hidden field then, whose error nobody would see."""
    closed = add_date(date.event, date.starts_at + timedelta(days=7))
    EventDate.objects.filter(pk=closed.pk).update(status=EventStatus.CANCELLED)
    page = client.post("/events/walk/register/", {**ADA, "date": str(closed.pk)}).content.decode()
    assert '<select name="date"' in page
    assert 'id="id_date_error"' in page


def test_same_page_follows_whether_an_address_is_known(client: Client, date: EventDate) -> None:
    answers = [
        client.post("/events/walk/register/", {"date": str(date.pk), **ADA}, follow=True) for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert answers[0].redirect_chain == answers[1].redirect_chain
    sending.send_letters()
    assert [one.to for one in mail.outbox] == [["ada@example.org"]] * 2


def test_wrong_input_is_named_at_its_field(client: Client, date: EventDate) -> None:
    answer = client.post("/events/walk/register/", {"date": str(date.pk), **ADA, "mail": "ada@", "name": ""})
    assert answer.status_code == 422
    assert {"mail"} <= set(answer.context["form"].errors) or {"name"} <= set(answer.context["form"].errors)
    assert not Registration.objects.exists()


@pytest.mark.parametrize("chosen", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_date_of_another_event_is_refused(client: Client, date: EventDate, chosen: str) -> None:
    assert client.post("/events/walk/register/", {**ADA, "date": chosen}).status_code == 422


def test_date_is_chosen_by_the_address(client: Client, date: EventDate) -> None:
    other = add_date(date.event, date.starts_at + timedelta(days=7))
    page = client.get(f"/events/walk/register/?date={other.pk}").content.decode()
    assert f'<option value="{other.pk}" selected>' in page


def test_event_without_registration_has_no_form(client: Client, db: None) -> None:
    make_event(slug="open")
    make_event(slug="draft", is_draft=True, takes_registrations=True)
    for slug in ("open", "draft", "none"):
        assert client.get(f"/events/{slug}/register/").status_code == 404
        assert client.post(f"/events/{slug}/register/", ADA).status_code == 404


def test_closed_registration_explains_itself(client: Client, date: EventDate) -> None:
    EventDate.objects.update(status=EventStatus.CANCELLED)
    page = client.get("/events/walk/register/")
    assert page.status_code == 200
    assert "Die Anmeldung ist geschlossen" in page.content.decode()
    assert client.post("/events/walk/register/", {"date": str(date.pk), **ADA}).status_code == 422


def test_reading_the_link_cancels_nothing(client: Client, date: EventDate) -> None:
    client.post("/events/walk/register/", {"date": str(date.pk), **ADA})
    address = f"/registrations/{token_of(date.registrations.get())}/"
    page = client.get(address)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Sie sind angemeldet" in page.content.decode()
    assert date.registrations.get().state == RegistrationState.REGISTERED
    client.post(address)
    assert date.registrations.get().state == RegistrationState.CANCELLED
    assert "Ihre Anmeldung ist abgesagt" in client.get(address).content.decode()


def test_forged_link_leads_nowhere(client: Client, db: None) -> None:
    assert client.get("/registrations/forged/").status_code == 404
    assert client.post("/registrations/forged/").status_code == 404


def test_online_link_is_for_who_has_a_place(client: Client, date: EventDate) -> None:
    link = "https://meet.example/x"
    event = date.event
    event.online_link, event.hides_online_link = link, True
    event.save()
    for name in ("ada", "bob"):
        client.post("/events/walk/register/", {"date": str(date.pk), **ADA, "mail": f"{name}@example.org"})
    first, second = date.registrations.order_by("created_at")
    assert link in client.get(f"/registrations/{token_of(first)}/").content.decode()
    page = client.get(f"/registrations/{token_of(second)}/").content.decode()
    assert link not in page
    assert "Warteliste" in page
    assert link not in client.get("/events/walk/register/").content.decode()


def test_site_without_mail_shows_the_link(client: Client, date: EventDate, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    assert 'name="mail"' not in client.get("/events/walk/register/").content.decode()
    answer = client.post("/events/walk/register/", {"date": str(date.pk), **ADA})
    assert answer.headers["Location"] == f"/registrations/{token_of(date.registrations.get())}/"


def test_registrations_of_one_network_are_limited(
    client: Client, date: EventDate, settings: Settings
) -> None:
    settings.NETWORK_LIMITS = 1
    answers = [
        client.post("/events/walk/register/", {"date": str(date.pk), **ADA, "mail": f"{n}@example.org"})
        for n in range(61)
    ]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_letters_to_one_address_are_limited(client: Client, date: EventDate, settings: Settings) -> None:
    settings.NETWORK_LIMITS = 1
    answers = [client.post("/events/walk/register/", {"date": str(date.pk), **ADA}) for _ in range(11)]
    assert answers[-1].status_code == 429


def test_invisible_signs_make_no_other_address(client: Client, date: EventDate, settings: Settings) -> None:
    settings.NETWORK_LIMITS = 1
    for number in range(1, 12):
        address = f"ada@example{chr(0x200B) * number}.org"
        answer = client.post("/events/walk/register/", {"date": str(date.pk), **ADA, "mail": address})
    assert answer.status_code == 429


def test_page_reads_the_same_number_of_times_for_many_dates(
    client: Client, date: EventDate, django_assert_max_num_queries: object
) -> None:
    for week in range(1, 40):
        add_date(date.event, timezone.now() + timedelta(days=7 * week, hours=3))
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get("/events/walk/register/")


@pytest.mark.parametrize(
    "address",
    [
        *("/events/walk/", "/events/walk.ics", "/events/walk/register/", "/events/walk/registered/"),
        *("/calendar/", "/calendar.ics", "/feed.atom", "/api/v1/events/", "/", "/search/?q=Adalbert"),
    ],
)
def test_names_are_met_nowhere_in_public(client: Client, date: EventDate, address: str) -> None:
    applicant = Applicant(name="Adalbert", mail="adalbert@example.org", needs="Adalbert needs")
    register(date, applicant)
    answer = client.get(address)
    assert answer.status_code == 200
    body = answer.getvalue()
    assert b"adalbert@" not in body
    if "Adalbert" not in address:
        assert b"Adalbert" not in body
