"""Letters of the log-in: what a worker writes and sends."""

from __future__ import annotations

import logging
from typing import Final

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import User

_HOURS: Final = 60 * 60

logger = logging.getLogger(__name__)


class LetterNotSentError(Exception):
    """The mail server did not take a letter; names the kind of error alone."""


def may_get_letter(user: User | None) -> bool:
    """Whether somebody is there who may choose a new password: not who has none and logs in at a provider."""
    return user is not None and user.is_active and user.has_usable_password()


def send_reset_letter(user_id: int, language: str) -> None:
    """Send the link for a new password to who may still get it; raises LetterNotSentError."""
    user = User.objects.filter(pk=user_id).first()
    if user is None or not may_get_letter(user):
        return
    with translation.override(language):
        _send(_reset_letter(user))


def send_factor_letter(user_id: int, language: str, what: str, kind: str, name: str) -> None:
    """Tell somebody that a second factor was `added` or `removed`; raises LetterNotSentError."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return
    with translation.override(language):
        _send(_factor_letter(user, what, kind, name))


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does; its words may name the address
        logger.error("A letter could not be sent: %s", type(error).__name__)  # noqa: TRY400 - as above
        raise LetterNotSentError(type(error).__name__) from None


def hours_of_a_link() -> int:
    """How long the link in a letter opens."""
    return settings.PASSWORD_RESET_TIMEOUT // _HOURS


def _factor_letter(user: User, what: str, kind: str, name: str) -> EmailMessage:
    city = import_string(settings.CITY_PROFILE)()
    words = {
        "is_added": what == "added",
        "kind": kind,
        "name": name,
        "link": settings.SITE_URL + reverse("factors"),
        "city_name": city.name,
        "city_contact": city.contact,
    }
    subject = _("Second factor added: %(city)s") if what == "added" else _("Second factor removed: %(city)s")
    return EmailMessage(
        subject=subject % {"city": city.name},
        body=render_to_string("registration/factor_letter.txt", words),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _reset_letter(user: User) -> EmailMessage:
    secret = default_token_generator.make_token(user)
    path = reverse("reset-choose", args=(urlsafe_base64_encode(force_bytes(user.pk)), secret))
    # Not by the request's Host, which whoever asks may choose.
    city = import_string(settings.CITY_PROFILE)()
    words = {
        "link": settings.SITE_URL + path,
        "city_name": city.name,
        "city_contact": city.contact,
        "hours": hours_of_a_link(),
    }
    return EmailMessage(
        subject=_("New password for %(city)s") % {"city": city.name},
        body=render_to_string("registration/reset_letter.txt", words),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
