"""People register for a date and cancel by their private link; without account, with as little data as possible."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.encoding import punycode

from engagement import rules
from engagement.models import EventDate, Registration, RegistrationState
from engagement.models.common import ONE_SUMMARY
from engagement.services.registrations import notices, waiting
from mapping.geo.errors import TextProblem
from mapping.geo.text import clean_text
from mapping.languages import ORIGINAL
from mapping.services.errors import Invalid, NotAllowed, Problem, invalid
from mapping.services.identity import edit_token, id_of_token

LONGEST: Final = {"name": 120, "mail": 254, "needs": ONE_SUMMARY}
MOST_PEOPLE: Final = 20
_KIND: Final = "registration"


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who wants to come; `language` is that of their letters."""

    name: str
    mail: str = ""
    people: int = 1
    needs: str = ""
    language: str = ORIGINAL


@dataclass(frozen=True, slots=True)
class Outcome:
    """A registration; `is_new` is False where the address had one for this date, which then is unchanged."""

    registration: Registration
    is_new: bool


def register(date: EventDate, applicant: Applicant, at: datetime | None = None) -> Outcome:
    """Register somebody, or put them on the waiting list; they get a letter where the site sends mail.

    Pages must not show `Outcome.is_new` to whoever sent an address that may be another's: its owner gets the letter.
    Raises NotAllowed "registration_closed", Invalid on "name", "mail", "needs" and "people" (required, too_long,
    mail_invalid, people_number, more_than_places).
    """
    values = _cleaned(applicant)
    with transaction.atomic():
        stored = waiting.lock_date(date)
        if not rules.may_register(stored, at or timezone.now()):
            raise NotAllowed("registration_closed")
        places = stored.event.registration_places
        if places is not None and applicant.people > places:
            raise invalid("people", "more_than_places", max=places)
        known = _known(stored, values["mail"])
        if known is None:
            registration = Registration.objects.create(
                date=stored,
                people=applicant.people,
                language=applicant.language,
                state=waiting.next_state(stored, applicant.people),
                **values,
            )
        else:
            registration = known
        notices.confirm(registration)
    return Outcome(registration, is_new=known is None)


def cancel(registration: Registration) -> Registration:
    """Cancel a registration, delete name and address at once, and hand its place to those who wait. Idempotent."""
    with transaction.atomic():
        date = waiting.lock_date(registration.date)
        stored = Registration.objects.get(pk=registration.pk)
        if stored.state != RegistrationState.CANCELLED:
            stored.state = RegistrationState.CANCELLED
            stored.name = stored.mail = stored.needs = ""
            stored.save(update_fields=["state", "name", "mail", "needs"])
            waiting.move_up(date)
    return stored


def recipient_of(mail: str) -> str:
    """Whose mailbox letters to an address as it was typed come to, so that they are counted together.

    Without invisible characters, as it is stored; the domain as mail servers look it up (RFC 3490).
    """
    try:
        name, _at, domain = (
            clean_text(mail, max_length=LONGEST["mail"], multiline=False).lower().rpartition("@")
        )
        return f"{name}@{punycode(domain)}"
    except (TextProblem, UnicodeError):
        return mail


def token_of(registration: Registration) -> str:
    """The private part of the link to see and cancel a registration; computed, stored nowhere."""
    return edit_token(registration.pk, _KIND)


def registration_of_token(token: str) -> Registration | None:
    """The registration that a private link opens, or None where it is forged or the date was deleted."""
    pk = id_of_token(token, _KIND)
    return None if pk is None else Registration.objects.select_related("date__event").filter(pk=pk).first()


def _known(date: EventDate, mail: str) -> Registration | None:
    if not mail:
        return None
    return date.registrations.exclude(state=RegistrationState.CANCELLED).filter(mail=mail).first()


def _cleaned(applicant: Applicant) -> dict[str, str]:
    """Texts as they are stored; an address is asked for only where letters are sent."""
    values, problems = {}, {}
    given = {"name": applicant.name, "mail": applicant.mail.lower(), "needs": applicant.needs}
    for name, text in given.items():
        try:
            values[name] = clean_text(text, max_length=LONGEST[name], multiline=False)
        except TextProblem as problem:
            problems[name] = [Problem(problem.code, problem.params)]
    if not settings.SENDS_MAIL:
        values["mail"] = ""
    elif not given["mail"].strip():
        problems["mail"] = [Problem("required")]
    elif "mail" in values and not _is_address(values["mail"]):
        problems["mail"] = [Problem("mail_invalid")]
    if "name" in values and not values["name"]:
        problems["name"] = [Problem("required")]
    if not 1 <= applicant.people <= MOST_PEOPLE:
        problems["people"] = [Problem("people_number", {"max": MOST_PEOPLE})]
    if problems:
        raise Invalid(problems)
    return values


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
