"""Mails that came back: which letter a delivery status notification is about, and what it says (RFC 3464, RFC 3463).

Only what a stranger cannot know names a letter: its address of return (VERP) or its Message-ID. A notification that
names nothing but an address is nothing: anybody can write one.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Final

from engagement.mail.answers import STATUS, Cause, cause_of_status

_HEX: Final = r"[0-9a-f]{32}"
_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_RETURN: Final = re.compile(rf"\+({_HEX})@", re.IGNORECASE)
_MESSAGE_ID: Final = re.compile(rf"<({_UUID})@", re.IGNORECASE)
_RECIPIENT_HEADERS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
LARGEST: Final = 1_000_000
"""Bytes that are read of a notification; it may bring the whole mail back."""


@dataclass(frozen=True)
class Bounce:
    """A letter that came back, with the enhanced status code that was given for it."""

    letter: uuid.UUID
    status: str

    @property
    def cause(self) -> Cause:
        """What it came back for."""
        return cause_of_status(self.status)

    @property
    def is_permanent(self) -> bool:
        """Whether there is no such mailbox."""
        return self.status.startswith("5") and self.cause is Cause.ADDRESS


def read_bounce(raw: bytes) -> Bounce | None:
    """What a notification says; None where it is none, names no letter, or tells of a delivery."""
    try:
        message = message_from_bytes(raw[:LARGEST], policy=policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - by its policy
        status = _status(message)
        letter = _letter(message)
    except RecursionError:  # parts within parts, a thousand deep: written to break readers of mails
        return None
    if status is None or letter is None or status.startswith("2"):
        return None
    return Bounce(letter, status)


def _status(message: EmailMessage) -> str | None:
    """The first `Status` of a recipient; a delayed mail has not come back yet."""
    for part in _parts(message, "message/delivery-status"):
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else ():
            action = _header(block, "Action").strip().lower()
            found = STATUS.match(_header(block, "Status"))
            if found is not None and action in {"", "failed"}:
                return ".".join(found.groups())
    return None


def _letter(message: EmailMessage) -> uuid.UUID | None:
    for name in _RECIPIENT_HEADERS:
        found = _RETURN.search(_header(message, name))
        if found is not None:
            return uuid.UUID(found[1])
    for kind in ("message/rfc822", "text/rfc822-headers"):
        for part in _parts(message, kind):
            found = _MESSAGE_ID.search(_original(part))
            if found is not None:
                return uuid.UUID(found[1])
    return None


def _original(part: Message) -> str:
    """The Message-ID of a returned mail, of which the whole or the headers alone came back."""
    inside = part.get_payload()
    if isinstance(inside, list):
        return " ".join(_header(one, "Message-ID") for one in inside)
    for line in str(inside).splitlines():
        name, _colon, value = line.partition(":")
        if name.strip().lower() == "message-id":
            return value
    return ""


def _header(part: object, name: str) -> str:
    """A header as text; a damaged one is empty."""
    if not isinstance(part, Message):
        return ""
    try:
        return str(part.get(name, ""))
    except (ValueError, LookupError, AttributeError, IndexError):
        return ""


def _parts(message: EmailMessage, kind: str) -> Iterator[Message]:
    return (part for part in message.walk() if part.get_content_type() == kind)
