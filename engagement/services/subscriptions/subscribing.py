"""Subscriptions made, confirmed, changed and ended. Nobody learns from an answer which addresses are known here.

Each subject is confirmed by a link in a mail (double opt-in). Per address a few mails a day are written, whoever
wants them to be; more are dropped without a word.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from doors.levels import Counter, Full, Limit
from doors.networks import Network
from engagement.models import (
    Consent,
    ConsentRecord,
    Letter,
    LetterKind,
    Rhythm,
    SubjectKind,
    Subscriber,
    Subscription,
)
from engagement.models.subscription import SITE_LANGUAGES
from engagement.services.registrations.registering import recipient_of
from engagement.services.subscriptions.enqueuing import enqueue_senders
from engagement.services.subscriptions.subjects import Subject
from mapping.services.errors import TooMany, invalid

WORDING: Final = 1
"""Version of the sentences of consent in `templates/engagement/subscriptions/consent.html`; rises with each change."""
MOST_SUBSCRIPTIONS: Final = 50
"""Of one address."""
PER_ADDRESS: Final = Limit("subscribe-address", 6, 4 * 60 * 60)
PER_NETWORK: Final = Limit("subscribe-network", 20, 60)


def subscribe(
    subject: Subject,
    mail: str,
    *,
    rhythm: Rhythm,
    language: str,
    network: Network,
    at: datetime | None = None,
) -> None:
    """Write the mail with the link that confirms; the same for known and unknown addresses.

    Raises TooMany where the network wants too many. Beyond the limit of an address nothing happens.
    """
    now = at or timezone.now()
    _count_network(network, now)
    address = _stored_form(mail)
    if _may_write_to(address, now):
        _request(subject, address, rhythm, language, now)
    _send_soon()


def _request(subject: Subject, address: str, rhythm: Rhythm, language: str, now: datetime) -> None:
    """Store what was wanted and write the mail about it."""
    with transaction.atomic():
        subscriber = _locked_subscriber(address, language)
        known = _known(subscriber, subject)
        if known is None:
            if subscriber.subscriptions.count() >= MOST_SUBSCRIPTIONS:
                _write(LetterKind.OVERVIEW, subscriber, None, now)
                return
            known = subscriber.subscriptions.create(
                kind=subject.kind, rhythm=rhythm, created_at=now, **subject.columns
            )
        elif known.confirmed_at is None:
            known.rhythm, known.created_at = rhythm, now
            known.save(update_fields=["rhythm", "created_at"])
        elif subscriber.suspended_at is None:
            _write(LetterKind.OVERVIEW, subscriber, None, now)
            return
        _record(Consent.REQUESTED, subscriber, known, now)
        _write(LetterKind.CONFIRMATION, subscriber, known, now)


def send_overview(mail: str, network: Network, at: datetime | None = None) -> None:
    """Write the mail with the link to somebody's own page, if there is anything on it; raises TooMany."""
    now = at or timezone.now()
    _count_network(network, now)
    address = _stored_form(mail)
    subscriber = Subscriber.objects.filter(mail=address).first()
    if _may_write_to(address, now) and subscriber is not None:
        _write(LetterKind.OVERVIEW, subscriber, None, now)
    _send_soon()


def _send_soon() -> None:
    """Have waiting mails sent now, since somebody looks into the mailbox for a link.

    Also where none was written, so that the time of the answer does not depend on the address.
    """
    if settings.SENDS_MAIL:
        transaction.on_commit(enqueue_senders, robust=True)


def confirm(subscription: Subscription, at: datetime | None = None) -> None:
    """Begin to send. Again does nothing, except that a suspended address is tried anew."""
    now = at or timezone.now()
    with transaction.atomic():
        stored = Subscription.objects.select_for_update().filter(pk=subscription.pk).first()
        if stored is None:
            return
        Subscriber.objects.filter(pk=stored.subscriber_id).update(suspended_at=None, bounces=0)
        if stored.confirmed_at is None:
            stored.confirmed_at = now
            stored.save(update_fields=["confirmed_at"])
            _record(Consent.CONFIRMED, stored.subscriber, stored, now)


def change_rhythm(subscriber: Subscriber, subscription: Subscription, rhythm: str) -> None:
    """Change when mails come; raises Invalid for an unknown rhythm."""
    if rhythm not in Rhythm.values:
        raise invalid("rhythm", "unknown_rhythm")
    subscriber.subscriptions.filter(pk=subscription.pk).update(rhythm=rhythm)


def end(subscription: Subscription, at: datetime | None = None) -> None:
    """Delete a subscription, with what waits for it; the last one takes the address with it. Idempotent."""
    now = at or timezone.now()
    with transaction.atomic():
        # Locked before its subscriptions are looked at by the trigger: nobody adds one meanwhile.
        subscriber = Subscriber.objects.select_for_update().filter(pk=subscription.subscriber_id).first()
        stored = Subscription.objects.filter(pk=subscription.pk).first()
        if subscriber is None or stored is None:
            return
        _record(Consent.ENDED, subscriber, stored, now)
        stored.delete()


def end_all(subscriber: Subscriber, at: datetime | None = None) -> None:
    """Delete an address with all its subscriptions and mails. Idempotent."""
    now = at or timezone.now()
    with transaction.atomic():
        stored = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
        if stored is None:
            return
        for subscription in stored.subscriptions.all():
            _record(Consent.ENDED, stored, subscription, now)
        stored.delete()


def consent_key(mail: str) -> bytes:
    """What the log of consents holds of an address."""
    return salted_hmac("geoparticipation.consent", _stored_form(mail), algorithm="sha256").digest()


def _stored_form(mail: str) -> str:
    """One form for each mailbox: invisible characters and the spelling of a domain make no other address."""
    return recipient_of(mail.strip().lower())


def _count_network(network: Network, at: datetime) -> None:
    try:
        Counter(PER_NETWORK, (network.prefix,)).take(at)
    except Full as full:
        raise TooMany(full.retry_after) from full


def _may_write_to(address: str, at: datetime) -> bool:
    try:
        Counter(PER_ADDRESS, (address,)).take(at)
    except Full:
        return False
    return True


def _locked_subscriber(address: str, language: str) -> Subscriber:
    tag = language.partition("-")[0]
    known = tag if tag in SITE_LANGUAGES else settings.LANGUAGE_CODE
    # With the lock in the look-up an address that its last subscription takes away meanwhile is made anew.
    lockable = Subscriber.objects.select_for_update()
    locked, _is_new = lockable.get_or_create(mail=address, defaults={"language": known})
    if locked.language != known and not locked.subscriptions.filter(confirmed_at__isnull=False).exists():
        locked.language = known
        locked.save(update_fields=["language"])
    return locked


def _known(subscriber: Subscriber, subject: Subject) -> Subscription | None:
    values = {"is_author": False, **subject.columns}
    if subject.kind == SubjectKind.CIRCLE:
        values = {"radius_metres": values["radius_metres"], "place__dwithin": (values["place"], 1.0)}
    return subscriber.subscriptions.filter(kind=subject.kind, **values).first()


def _write(kind: LetterKind, subscriber: Subscriber, subscription: Subscription | None, at: datetime) -> None:
    Letter.objects.create(
        kind=kind, subscriber=subscriber, subscription=subscription, created_at=at, due_at=at
    )


def _record(what: Consent, subscriber: Subscriber, subscription: Subscription, at: datetime) -> None:
    ConsentRecord.objects.create(
        key=consent_key(subscriber.mail), what=what, subject=subscription.kind, wording=WORDING, at=at
    )
