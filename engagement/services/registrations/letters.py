"""The letters to people who registered, written and sent by a worker."""

from __future__ import annotations

import logging
import uuid
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doors.letters import LetterNotSentError
from engagement.calendar.wording import in_words_span
from engagement.models import EventStatus, Registration, RegistrationState
from engagement.services.registrations import notices, waiting
from engagement.services.registrations.registering import token_of
from mapping.models.setup.profile import current_city

logger = logging.getLogger(__name__)

_SUBJECTS: Final[dict[str, Promise]] = {
    RegistrationState.REGISTERED: _("Your registration: %(title)s"),
    RegistrationState.WAITING: _("You are on the waiting list: %(title)s"),
    notices.MOVED_UP: _("You have a place: %(title)s"),
    notices.CHANGED: _("New date: %(title)s"),
    notices.CANCELLED: _("Cancelled: %(title)s"),
}


def send(registration_id: uuid.UUID, about: str) -> None:
    """Send a letter about a registration as it is now; raises LetterNotSentError.

    Nothing is sent where it was cancelled, its address was deleted, or the letter is true no more.
    """
    found = Registration.objects.select_related("date__event").filter(pk=registration_id).first()
    if found is None or not found.mail or found.state == RegistrationState.CANCELLED:
        return
    is_cancelled = found.date.status == EventStatus.CANCELLED
    if found.date.ends_at <= timezone.now() or is_cancelled != (about == notices.CANCELLED):
        return
    with translation.override(found.language if found.language in dict(settings.LANGUAGES) else "en"):
        letter = _letter(found, about)
    try:
        letter.send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does; its words may name the address
        logger.error("A letter could not be sent: %s", type(error).__name__)  # noqa: TRY400 - as above
        raise LetterNotSentError(type(error).__name__) from None


def _letter(registration: Registration, about: str) -> EmailMessage:
    event = registration.date.event
    is_waiting = registration.state == RegistrationState.WAITING
    city = current_city()
    subject = _SUBJECTS[registration.state if about == notices.STATE else about]
    words = {
        "about": about,
        "registration": registration,
        "reason": registration.date.reason,
        "event": event,
        "when": in_words_span(registration.date),
        "is_waiting": is_waiting,
        "position": waiting.position_of(registration) if is_waiting else None,
        "online_link": "" if is_waiting else event.online_link,
        # Not by the request's Host, which whoever asks may choose.
        "link": settings.SITE_URL + reverse("registration", args=(token_of(registration),)),
        "event_link": settings.SITE_URL + event.get_absolute_url(),
        "city_name": city.name,
        "city_contact": city.contact,
    }
    return EmailMessage(
        subject=str(subject) % {"title": event.title},
        body=render_to_string("engagement/registration/letter.txt", words),
        to=[registration.mail],
        headers={"Auto-Submitted": "auto-generated"},
    )
