"""Registrations: places, the waiting list, letters, deletion."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from engagement.models import EventDate, Registration, RegistrationState
from engagement.services.events import single
from engagement.services.events.changes import change_event, values_of
from engagement.services.events.timing import timing_of_date
from engagement.services.registrations import letters, registering
from engagement.services.registrations.registering import Applicant, register
from engagement.services.registrations.retention import delete_persons
from engagement.services.registrations.waiting import position_of
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.identity import edit_token
from tests.background import run_waiting_tasks
from tests.engagement.making import make_editor, make_event

REGISTERED, WAITING, CANCELLED = RegistrationState.values


@pytest.fixture(autouse=True)
def sends_mail(settings: Settings) -> None:
    settings.SENDS_MAIL = True


def make_date(places: int | None = 2, **fields: Any) -> EventDate:
    event = make_event(takes_registrations=True, registration_places=places, place_name="Hall", **fields)
    return event.dates.get()


def come(date: EventDate, name: str, people: int = 1) -> Registration:
    applicant = Applicant(name=name, mail=f"{name}@example.org", people=people, language="en")
    return register(date, applicant).registration


def states(date: EventDate) -> dict[str, str]:
    return dict(date.registrations.order_by("created_at").values_list("name", "state"))


def test_places_go_to_who_comes_first(db: None) -> None:
    date = make_date()
    for name in ("ada", "bob", "cem"):
        come(date, name)
    assert states(date) == {"ada": REGISTERED, "bob": REGISTERED, "cem": WAITING}


def test_waiting_list_moves_up_in_order(db: None) -> None:
    date = make_date()
    ada, _bob = come(date, "ada"), come(date, "bob")
    cem, dan = come(date, "cem"), come(date, "dan")
    assert [position_of(cem), position_of(dan)] == [1, 2]
    registering.cancel(ada)
    assert states(date) == {"": CANCELLED, "bob": REGISTERED, "cem": REGISTERED, "dan": WAITING}


def test_nobody_passes_a_group_that_waits(db: None) -> None:
    date = make_date()
    ada = come(date, "ada")
    come(date, "group", people=2)
    come(date, "cem")
    assert states(date) == {"ada": REGISTERED, "group": WAITING, "cem": WAITING}
    registering.cancel(ada)
    assert states(date) == {"": CANCELLED, "group": REGISTERED, "cem": WAITING}


def test_more_places_move_the_waiting_list_up(db: None) -> None:
    date = make_date(places=1)
    come(date, "ada")
    come(date, "bob")
    values = values_of(date.event)
    object.__setattr__(values, "registration_places", 2)
    change_event(date.event, make_editor(), values, None)
    assert states(date) == {"ada": REGISTERED, "bob": REGISTERED}


def test_date_that_is_over_hands_out_no_places(db: None) -> None:
    """How many people came stays true, whatever is changed of the series later."""
    date = make_date(places=1)
    ada, _bob = come(date, "ada"), come(date, "bob")
    EventDate.objects.filter(pk=date.pk).update(
        starts_at=timezone.now() - timedelta(hours=3), ends_at=timezone.now() - timedelta(hours=1)
    )
    values = values_of(date.event)
    object.__setattr__(values, "registration_places", 2)
    change_event(date.event, make_editor(), values, None)
    assert states(date) == {"ada": REGISTERED, "bob": WAITING}
    registering.cancel(ada)
    assert states(date) == {"": CANCELLED, "bob": WAITING}


def test_cancelled_date_that_is_moved_instead_hands_free_places_out(db: None) -> None:
    date, editor = make_date(places=1), make_editor()
    ada, _bob = come(date, "ada"), come(date, "bob")
    single.cancel_date(date, editor, "Storm")
    registering.cancel(ada)
    assert states(date)["bob"] == WAITING
    later = replace(timing_of_date(date.event, date), starts_on=timezone.localdate() + timedelta(days=20))
    single.move_date(date, editor, later, "A better day")
    assert states(date)["bob"] == REGISTERED


def test_address_registers_once_per_date_whatever_its_case(db: None) -> None:
    date = make_date()
    first = register(date, Applicant(name="Ada", mail="ada@example.org"))
    again = register(date, Applicant(name="Eve", mail=" ADA@Example.org ", people=2))
    assert (first.is_new, again.is_new) == (True, False)
    assert again.registration == first.registration
    assert date.registrations.get().name == "Ada"


def test_who_cancelled_may_register_again(db: None) -> None:
    date = make_date()
    registering.cancel(come(date, "ada"))
    assert come(date, "ada").state == REGISTERED


def test_cancelling_deletes_name_and_address_at_once(db: None) -> None:
    ada = come(make_date(), "ada")
    registering.cancel(ada)
    registering.cancel(ada)
    ada.refresh_from_db()
    assert (ada.name, ada.mail, ada.needs, ada.state) == ("", "", "", CANCELLED)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"name": " "}, {"name": "required"}),
        ({"mail": ""}, {"mail": "required"}),
        ({"mail": "ada"}, {"mail": "mail_invalid"}),
        ({"mail": "ada@example.org\nBcc: eve@example.org"}, {"mail": "mail_invalid"}),
        ({"name": "x" * 121}, {"name": "too_long"}),
        ({"needs": "x" * 301}, {"needs": "too_long"}),
        ({"people": 0}, {"people": "people_number"}),
        ({"people": 21}, {"people": "people_number"}),
        ({"people": 3}, {"people": "more_than_places"}),
    ],
)
def test_registrations_that_cannot_be(db: None, changed: dict[str, Any], expected: dict[str, str]) -> None:
    values: dict[str, Any] = {"name": "Ada", "mail": "ada@example.org"}
    with pytest.raises(Invalid) as caught:
        register(make_date(), Applicant(**(values | changed)))
    assert {name: problems[0].code for name, problems in caught.value.fields.items()} == expected


def test_registration_ends(db: None) -> None:
    date = make_date(registration_closes_hours=24)
    with pytest.raises(NotAllowed, match="registration_closed"):
        register(date, Applicant(name="Ada", mail="a@example.org"), date.starts_at - timedelta(hours=24))


def test_site_without_mail_stores_no_address(db: None, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    date = make_date()
    stored = register(date, Applicant(name="Ada", mail="ada@example.org")).registration
    assert stored.mail == ""
    run_waiting_tasks()
    assert mail.outbox == []


# --- letters --------------------------------------------------------------------------------------------------------


def test_letter_confirms_with_link_to_cancel(db: None) -> None:
    ada = come(make_date(), "ada")
    run_waiting_tasks()
    (letter,) = mail.outbox
    assert letter.to == ["ada@example.org"]
    assert f"/registrations/{registering.token_of(ada)}/" in letter.body
    assert letter.subject.startswith("Your registration: ")


def test_online_link_comes_with_a_place_only(db: None) -> None:
    date = make_date(places=1, online_link="https://meet.example/x", hides_online_link=True, kind="hybrid")
    come(date, "ada")
    come(date, "bob")
    run_waiting_tasks()
    first, second = mail.outbox
    assert "https://meet.example/x" in first.body
    assert "https://meet.example/x" not in second.body
    assert "number 1 on the waiting list" in second.body


def test_letters_follow_the_date(db: None) -> None:
    date, editor = make_date(), make_editor()
    come(date, "ada")
    run_waiting_tasks()
    single.cancel_date(date, editor, "Storm")
    run_waiting_tasks()
    single.restore_date(date, editor)
    run_waiting_tasks()
    subjects = [one.subject.partition(":")[0] for one in mail.outbox]
    assert subjects == ["Your registration", "Cancelled", "New date"]
    assert "Storm" in mail.outbox[1].body


def test_letter_that_is_true_no_more_is_not_sent(db: None) -> None:
    ada = come(make_date(), "ada")
    registering.cancel(ada)
    run_waiting_tasks()
    letters.send(uuid.uuid4(), "state")
    assert mail.outbox == []


def test_letters_are_german_for_who_reads_german(db: None) -> None:
    register(make_date(), Applicant(name="Ada", mail="ada@example.org", language="de"))
    run_waiting_tasks()
    assert mail.outbox[0].subject.startswith("Ihre Anmeldung: ")
    assert "Bitte sagen Sie hier ab" in mail.outbox[0].body


# --- deletion ---------------------------------------------------------------------------------------------------------


def test_names_are_deleted_a_day_after_the_date(db: None) -> None:
    old, new = make_date(), make_date()
    for date in (old, new):
        come(date, "ada")
    EventDate.objects.filter(pk=old.pk).update(
        starts_at=timezone.now() - timedelta(days=3), ends_at=timezone.now() - timedelta(days=2)
    )
    assert delete_persons() == 1
    assert delete_persons() == 0
    assert (old.registrations.get().mail, old.registrations.get().name) == ("", "")
    assert new.registrations.get().name == "ada"


def test_forged_link_opens_nothing(db: None) -> None:
    ada = come(make_date(), "ada")
    token = registering.token_of(ada)
    assert registering.registration_of_token(token) == ada
    assert registering.registration_of_token(token[:-2] + "AA") is None
    assert registering.registration_of_token("") is None
    assert registering.registration_of_token(edit_token(ada.pk)) is None
