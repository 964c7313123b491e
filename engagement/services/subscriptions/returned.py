"""Mails that came back: an address that does not exist is suspended, temporary failures are counted."""

from __future__ import annotations

from engagement.mail.bounces import read_bounce
from engagement.models import Letter
from engagement.services.subscriptions.sending import count_bounce


def take_back(raw: bytes) -> bool:
    """Note a returned mail; False where it is no notification about a letter that is known here."""
    bounce = read_bounce(raw)
    if bounce is None:
        return False
    letter = Letter.objects.select_related("subscriber").filter(pk=bounce.letter).first()
    if letter is None:
        return False
    count_bounce(letter.subscriber, is_permanent=bounce.is_permanent)
    return True
