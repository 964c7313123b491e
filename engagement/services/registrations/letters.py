"""What mails to people who registered say: the registration as it is when the mail is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.calendar.wording import in_words_span
from engagement.mail.composing import Button, Content, Item
from engagement.models import EventStatus, Letter, LetterAbout, Registration, RegistrationState
from engagement.services.registrations import waiting
from engagement.services.registrations.registering import token_of

_SUBJECTS: Final[dict[str, Promise]] = {
    RegistrationState.REGISTERED: _("Your registration: %(title)s"),
    RegistrationState.WAITING: _("You are on the waiting list: %(title)s"),
    LetterAbout.MOVED_UP: _("You have a place: %(title)s"),
    LetterAbout.CHANGED: _("New date: %(title)s"),
    LetterAbout.CANCELLED: _("Cancelled: %(title)s"),
    LetterAbout.REMINDER: _("Soon: %(title)s"),
}
_INTROS: Final[dict[str, Promise]] = {
    LetterAbout.STATE: _("you are registered for:"),
    LetterAbout.MOVED_UP: _("a place has become free for you. You are registered for:"),
    LetterAbout.CHANGED: _("this date was changed. It now takes place at this time:"),
    LetterAbout.CANCELLED: _("this date does not take place:"),
    LetterAbout.REMINDER: _("this date is soon. You are registered for:"),
}


def content_of(letter: Letter) -> Content | None:
    """The mail in the active language.

    None where the registration was cancelled, its address was deleted, or the mail is true no more.
    """
    found = letter.registration
    if found is None or not found.mail or found.state == RegistrationState.CANCELLED:
        return None
    date = found.date
    is_cancelled = date.status == EventStatus.CANCELLED
    if date.ends_at <= timezone.now() or is_cancelled != (letter.about == LetterAbout.CANCELLED):
        return None
    is_waiting = found.state == RegistrationState.WAITING
    if letter.about == LetterAbout.REMINDER and (is_waiting or date.starts_at <= timezone.now()):
        return None
    subject = _SUBJECTS[found.state if letter.about == LetterAbout.STATE else letter.about]
    return Content(
        subject=str(subject) % {"title": date.event.title},
        name=found.name,
        intro=(_intro(found, letter.about, is_waiting=is_waiting),),
        items=(_item(found, is_cancelled=is_cancelled, is_waiting=is_waiting),),
        last_action=None if is_cancelled else _way_to_cancel(found),
        outro=(gettext("Your name and address are used for this date only and deleted after it."),),
    )


def language_of(registration: Registration) -> str:
    """The language of the site in which somebody reads mails."""
    return registration.language if registration.language in dict(settings.LANGUAGES) else "en"


def _intro(registration: Registration, about: str, *, is_waiting: bool) -> str:
    if is_waiting and about in {LetterAbout.STATE, LetterAbout.MOVED_UP}:
        words = gettext(
            "all places of this date are taken. You are number %(position)s on the waiting list. As soon as a place "
            "becomes free for you, you get a letter:"
        )
        return words % {"position": waiting.position_of(registration)}
    return str(_INTROS[about])


def _item(registration: Registration, *, is_cancelled: bool, is_waiting: bool) -> Item:
    event = registration.date.event
    lines = [in_words_span(registration.date), ", ".join(filter(None, (event.place_name, event.address)))]
    if registration.date.reason:
        lines.append(gettext("The reason: %(reason)s") % {"reason": registration.date.reason})
    if not is_cancelled:
        lines += _more_of_place(registration, online_link="" if is_waiting else event.online_link)
    # Not by the request's Host, which whoever asks may choose.
    address = settings.SITE_URL + event.get_absolute_url()
    return Item(event.get_kind_display(), event.title, address, tuple(filter(None, lines)))


def _more_of_place(registration: Registration, online_link: str) -> Iterator[str]:
    yield gettext("Number of people: %(people)s") % {"people": registration.people}
    if online_link:
        yield gettext("Take part online with this link:")
        yield online_link


def _way_to_cancel(registration: Registration) -> Button:
    return Button(
        gettext("Cancel the registration"),
        settings.SITE_URL + reverse("registration", args=(token_of(registration),)),
        gettext("You cannot come, or it was not you? Please cancel here, so that others get the place:"),
    )
