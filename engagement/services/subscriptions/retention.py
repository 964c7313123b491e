"""What is kept of subscriptions for some time only."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone

from engagement.models import ConsentRecord, Letter, Subscriber, Subscription
from engagement.services.subscriptions.subscribing import consent_key
from mapping.services.retention import Retention

LETTERS_KEPT: Final = timedelta(days=30)
"""The ledger of finished mails: as long as a mail server may return one, and somebody may wonder about one."""
CONSENTS_KEPT: Final = timedelta(days=3 * 366)
"""Until claims are barred (sections 195 and 199 of the German Civil Code)."""


def remove_unconfirmed() -> int:
    """Delete subscriptions that nobody confirmed in time; a trigger deletes addresses without any other."""
    return Subscription.objects.expired(timezone.now()).delete()[0]


def remove_letters() -> int:
    """Delete finished mails, with the notices in them."""
    return Letter.objects.finished(timezone.now() - LETTERS_KEPT).delete()[0]


def remove_consents() -> int:
    """Delete old records of consents, but not of addresses that still hear of something."""
    current = [consent_key(mail) for mail in Subscriber.objects.values_list("mail", flat=True)]
    old = ConsentRecord.objects.filter(at__lt=timezone.now() - CONSENTS_KEPT)
    return old.exclude(key__in=current).delete()[0]


RULES: Final = (
    Retention("subscriptions", "addresses that nobody confirmed within 14 days", "day", remove_unconfirmed),
    Retention("mails", "the ledger of mails that were sent 30 days ago", "day", remove_letters),
    Retention("consents", "records of consents three years after their end", "day", remove_consents),
)
