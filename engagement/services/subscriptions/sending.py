"""Letters handed to the mail server: each taken up and committed before its first byte, on one connection for many.

Two senders may work on the same list: a letter is taken up by one of them. Where a sender is lost between handing over
and the commit behind it, nobody can know whether the server has the letter (SMTP has no such question): it is repeated
once, with the same Message-ID, and never again.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Prefetch, QuerySet, When
from django.utils import timezone

from engagement.mail.answers import Cause
from engagement.models import Letter, LetterKind, LetterState, Notice, Subscriber
from engagement.services.subscriptions.handing import (
    Declined,
    Interrupted,
    Line,
    PutOff,
    Refused,
    Unreachable,
)
from engagement.services.subscriptions.writing import Writer

MOST_AT_A_TIME: Final = 200
"""Letters of one job; the queue has room for others between two jobs."""
TAKEN_FOR: Final = timedelta(minutes=5)
"""After so long a sender is taken for lost; each answer of a mail server is waited for EMAIL_TIMEOUT seconds."""
PAUSES: Final = tuple(timedelta(minutes=one) for one in (1, 5, 30, 120, *[240] * 28))
"""Before another attempt where a mail server put a letter off; five days in all (RFC 5321, section 4.5.4.1)."""
MOST_BOUNCES: Final = 5
"""After so many letters in a row that came back, or were put off until they were given up, an address is suspended."""
_REST: Final = 0.5
"""Of the processor time that a letter took; a burst that leaves the processor no pause slows pages by a quarter."""
_MOST_DECLINED: Final = 3
"""After so many letters in a row that the server does not take because of this site, the others wait as they were."""
_TAKES_OTHERS: Final = timedelta(days=1)
_LATELY: Final = timedelta(hours=1)
"""A server that took a letter since has no wrong setting: what it declines now concerns one recipient."""

logger = logging.getLogger(__name__)

_RELATED: Final = (
    "subscriber",
    "user",
    "registration__date__event",
    *(
        f"subscription__{one}"
        for one in (
            "campaign",
            "category__campaign",
            "district",
            "plan",
            "body",
            "contribution__campaign",
        )
    ),
)


def is_waiting(at: datetime | None = None) -> bool:
    """Whether letters are due, or were interrupted."""
    now = at or timezone.now()
    return Letter.objects.due(now).exists() or Letter.objects.interrupted(now - TAKEN_FOR).exists()


def number_waiting() -> int:
    """How many letters wait, also those that a mail server put off."""
    return Letter.objects.filter(state=LetterState.WAITING).count()


def send_letters(should_stop: Callable[[], bool] = lambda: False, at: datetime | None = None) -> bool:
    """Send the letters that are due, `MOST_AT_A_TIME` at most; return whether more may be waiting.

    Ends early where the mail server cannot be reached; everything then waits as it was.
    """
    if not settings.SENDS_MAIL:
        return False
    now = at or timezone.now()
    _recover(now)
    letters = _from_anywhere(list(_due(now)[:MOST_AT_A_TIME]))
    if not letters:
        return False
    writer, sent = Writer(), _Sent()
    try:
        with Line() as line:
            for letter in letters:
                if should_stop():
                    return False
                began = time.thread_time()
                if not sent.noted_with_next(letter, now):
                    return True  # another sender is there already: go on with what it has not
                _send(letter, writer, line, sent)
                time.sleep(_REST * (time.thread_time() - began))
    except Unreachable as error:
        logger.error("The mail server does not take mails now: %s", error)  # noqa: TRY400 - its words may name people
        return False
    finally:
        sent.note()
    return len(letters) == MOST_AT_A_TIME


class _Sent:
    """The letter that was handed over last: noted with the next one that is taken up, one commit for both.

    `declined` counts the letters in a row that the server did not take because of this site.
    """

    letter: Letter | None = None
    declined: int = 0

    def take(self, letter: Letter) -> None:
        """The server has it."""
        self.letter, self.declined = letter, 0

    def decline(self, code: str) -> None:
        """The server takes no mails of this site, it seems; raises Unreachable where it says so again and again."""
        self.declined += 1
        if self.declined == 1:
            logger.error("The mail server declines a mail because of this site: %s", code)
        if self.declined < _MOST_DECLINED:
            return
        if not _takes_letters(_LATELY):
            raise Unreachable(f"declined, {code}")
        self.declined = 0  # of some recipients only

    def noted_with_next(self, following: Letter, at: datetime) -> bool:
        """Note it and take up the following letter; False if another sender has that one."""
        with transaction.atomic():
            is_ours = _take_up(following, at)
            if self.letter is not None:
                _note(self.letter, LetterState.SENT)
        self.letter = None
        return is_ours

    def note(self) -> None:
        """Note it alone: nothing follows."""
        if self.letter is not None:
            _note(self.letter, LetterState.SENT)


def _due(at: datetime) -> QuerySet[Letter]:
    """Those that somebody waits for come first, then news by their age."""
    notices = Prefetch("notices", Notice.objects.select_related("happening").order_by("pk"))
    due = Letter.objects.due(at).select_related(*_RELATED).prefetch_related(notices)
    return due.order_by(Case(When(kind=LetterKind.NEWS, then=1), default=0), "due_at", "pk")


def _from_anywhere(letters: list[Letter]) -> list[Letter]:
    """News begin anywhere in their list, so that two senders do not go through the same one side by side."""
    news = [one for one in letters if one.kind == LetterKind.NEWS]
    start = random.randrange(len(news)) if news else 0  # noqa: S311 - no secret
    return [one for one in letters if one.kind != LetterKind.NEWS] + news[start:] + news[:start]


def _recover(at: datetime) -> None:
    """Letters of lost senders: repeated once."""
    lost = Letter.objects.interrupted(at - TAKEN_FOR)
    lost.filter(interruptions=0).update(state=LetterState.WAITING, interruptions=1, due_at=at, taken_at=None)
    given_up = lost.filter(interruptions__gt=0).update(state=LetterState.UNCLEAR)
    if given_up:
        logger.error("%s mails were interrupted twice; they are not sent again.", given_up)


def _take_up(letter: Letter, at: datetime) -> bool:
    """Commit that this letter is being sent; False if another sender has it."""
    waiting = Letter.objects.filter(pk=letter.pk, state=LetterState.WAITING)
    return waiting.update(state=LetterState.SENDING, taken_at=max(at, timezone.now())) == 1


def _send(letter: Letter, writer: Writer, line: Line, sent: _Sent) -> None:
    """Send one letter that was taken up, and note what became of it; `sent` notes what the server has."""
    try:
        mail = writer.write(letter)
    except ValueError as error:
        logger.error("A mail could not be written: %s", type(error).__name__)  # noqa: TRY400 - may name the address
        _note(letter, LetterState.REFUSED)
        return
    if mail is None:
        letter.delete()
        return
    try:
        line.hand_over(mail)
    except Refused as refused:
        _refuse(letter, refused.cause)
    except PutOff:
        _put_off(letter)
    except Declined as declined:
        _put_off(letter, is_declined=True)
        sent.decline(str(declined))
    except Interrupted:
        _interrupt(letter)
        raise Unreachable("interrupted") from None
    except Unreachable:
        _note(letter, LetterState.WAITING)
        raise
    else:
        sent.take(letter)


def _note(letter: Letter, state: LetterState, **more: object) -> None:
    # Whoever unsubscribes while their letter is sent takes its row away: nothing is left to note.
    Letter.objects.filter(pk=letter.pk).update(state=state, **more)


def _put_off(letter: Letter, *, is_declined: bool = False) -> None:
    """Try again later; after days it counts as a mail that came back.

    One that is declined because of this site is kept until the setting is mended, unless the server takes others.
    """
    tried = min(letter.attempts, len(PAUSES) - 1)
    if letter.attempts >= len(PAUSES) and not (is_declined and not _takes_letters(_TAKES_OTHERS)):
        _note(letter, LetterState.REFUSED)
        count_bounce(letter, is_permanent=False)
        return
    due_at = timezone.now() + PAUSES[tried]
    _note(letter, LetterState.WAITING, due_at=due_at, attempts=tried + 1)


def _takes_letters(within: timedelta) -> bool:
    """Whether the mail server took a letter in the time before now."""
    since = timezone.now() - within
    return Letter.objects.filter(state=LetterState.SENT, taken_at__gt=since).exists()


def _refuse(letter: Letter, cause: Cause) -> None:
    _note(letter, LetterState.REFUSED)
    if cause is not Cause.CONTENT:
        count_bounce(letter, is_permanent=cause is Cause.ADDRESS)


def _interrupt(letter: Letter) -> None:
    """Nobody knows whether the server has it: repeated once."""
    if letter.interruptions:
        _note(letter, LetterState.UNCLEAR)
    else:
        _note(letter, LetterState.WAITING, due_at=timezone.now() + TAKEN_FOR, interruptions=1)


def count_bounce(letter: Letter, *, is_permanent: bool) -> None:
    """Suspend an address that does not exist, or from which too many mails came back one after another.

    Each letter counts once, however often a notification about it is read; the count begins anew where a letter between
    this one and the last that came back did not.
    """
    now = timezone.now()
    with transaction.atomic():
        is_new = Letter.objects.filter(pk=letter.pk, returned_at=None).update(returned_at=now)
        if letter.subscriber_id is None or not is_new:
            return
        stored = Subscriber.objects.filter(pk=letter.subscriber_id, suspended_at=None)
        stored.update(bounces=1 if _is_first_in_row(letter) else F("bounces") + 1)
        gone = stored if is_permanent else stored.filter(bounces__gte=MOST_BOUNCES)
        if gone.update(suspended_at=now):
            # Nothing is sent to it, and a server that is offered more for unknown addresses mistrusts the sender.
            Letter.objects.news_waiting(letter.subscriber_id).delete()


def _is_first_in_row(letter: Letter) -> bool:
    """Whether a letter that was sent to the same address before this one arrived, and none since came back."""
    before = Letter.objects.filter(subscriber=letter.subscriber_id, created_at__lte=letter.created_at)
    before = before.exclude(pk=letter.pk)
    returned = before.exclude(returned_at=None).order_by("-created_at").first()
    arrived = before.filter(state=LetterState.SENT, returned_at=None)
    if returned is not None:
        arrived = arrived.filter(created_at__gt=returned.created_at)
    # Where none is known any more that came back, the former ones are older than letters are kept.
    return returned is None or arrived.exists()
