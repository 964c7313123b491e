"""The letter about a barrier, from the site to the city."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from doors.letters import LetterNotSentError
from mapping.models.setup.profile import current_city

logger = logging.getLogger(__name__)


def receives_reports() -> bool:
    """Whether a report would reach somebody: the site sends mail, and the city has an address."""
    return settings.SENDS_MAIL and bool(current_city().mail)


def send_report(page: str, text: str, email: str) -> None:
    """Send a report to the city in the language of the site; raises LetterNotSentError."""
    city = current_city()
    if not receives_reports():
        return
    with translation.override(settings.LANGUAGE_CODE):
        letter = EmailMessage(
            subject=_("Barrier reported on the site of %(city)s") % {"city": city.name},
            body=render_to_string(
                "pages/barrier_letter.txt",
                {
                    "page": f"{settings.SITE_URL}{page}" if page.startswith("/") else page,
                    "text": text,
                    "email": email,
                },
            ),
            to=[city.mail],
            reply_to=[email] if email else None,
            headers={"Auto-Submitted": "auto-generated"},
        )
    try:
        letter.send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does; its words may name an address
        logger.error("A report of a barrier could not be sent: %s", type(error).__name__)  # noqa: TRY400 - as above
        raise LetterNotSentError(type(error).__name__) from None
