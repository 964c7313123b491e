"""Mails that came back: an address that does not exist is suspended, other failures of a mailbox are counted."""

from __future__ import annotations

import logging

from engagement.mail.answers import Cause
from engagement.mail.bounces import read_bounce
from engagement.models import Letter
from engagement.services.subscriptions.sending import count_bounce

logger = logging.getLogger(__name__)


def take_back(raw: bytes) -> bool:
    """Note a returned mail; False where it is no notification about a letter that is known here.

    What came back because of this site or of what it wrote is logged and says nothing about the reader.
    """
    bounce = read_bounce(raw)
    if bounce is None:
        return False
    letter = Letter.objects.filter(pk=bounce.letter).first()
    if letter is None:
        return False
    if bounce.cause in {Cause.SITE, Cause.CONTENT}:
        logger.warning("A mail came back because %s: status %s.", bounce.cause.value, bounce.status)
    else:
        count_bounce(letter, is_permanent=bounce.is_permanent)
    return True
