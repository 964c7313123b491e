"""Mails from their content. Nothing in here reads the database.

Headers are one line each whatever a title holds (RFC 5322, section 2.2); the body has a plain and an HTML part, and the
HTML loads nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language

LONGEST_SUBJECT: Final = 120
MOST_ITEMS: Final = 30
"""Of one mail; more are counted, and the pages have them."""
_BOUNCE_MARK: Final = "+"


@dataclass(frozen=True)
class Item:
    """One thing that happened: what kind of news, its title, a few lines, where to read more."""

    label: str
    title: str
    address: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ways:
    """How the reader ends or changes what they get; `end` is the address of one-click unsubscribing."""

    mine: str
    end: str = ""


@dataclass(frozen=True)
class Sender:
    """Who writes: the city, and how it is reached."""

    name: str
    contact: str = ""


@dataclass(frozen=True)
class Button:
    """What readers can do: the words on the button, its address, the sentence before it."""

    words: str
    address: str
    sentence: str


@dataclass(frozen=True)
class Content:
    """What a mail says. `action` is one button: its words and its address; `last_action` stands behind the items."""

    subject: str
    name: str = ""
    """Of the reader, if known."""
    intro: tuple[str, ...] = ()
    action: tuple[str, str] | None = None
    items: Sequence[Item] = ()
    more: int = 0
    last_action: Button | None = None
    outro: tuple[str, ...] = ()
    about: str = ""
    """The subscription that it is of, in words."""


def compose(
    letter: uuid.UUID, to: str, content: Content, sender: Sender, ways: Ways | None
) -> EmailMultiAlternatives:
    """The mail of one letter, in the active language; each call gives the same Message-ID.

    Raises ValueError (Django's BadHeaderError is one) for an address that no header may hold.
    """
    host = _host()
    values = {
        "content": content,
        "sender": sender,
        "ways": ways,
        "site": settings.SITE_URL,
        "language": get_language(),
    }
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    headers = {
        "From": formataddr((one_line(sender.name), address)),
        "Message-ID": message_id(letter),
        "Auto-Submitted": "auto-generated",
        "Content-Language": get_language() or settings.LANGUAGE_CODE,
    }
    if ways is not None and ways.end:
        # RFC 8058: both, and covered by the signature that the city's mail server adds.
        headers["List-Unsubscribe"] = f"<{ways.end}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        headers["List-Id"] = f"<subscriptions.{host}>"
    made = EmailMultiAlternatives(
        subject=one_line(content.subject)[:LONGEST_SUBJECT],
        body=render_to_string("engagement/mail/letter.txt", values),
        from_email=envelope_sender(letter),
        to=[to],
        headers=headers,
    )
    made.attach_alternative(render_to_string("engagement/mail/letter.html", values), "text/html")
    return made


def one_line(text: str) -> str:
    """The text without line breaks and other runs of white space."""
    return " ".join(text.split())


def message_id(letter: uuid.UUID) -> str:
    """The Message-ID of a letter: 122 random bits that only its reader knows."""
    return f"<{letter}@{_host()}>"


def envelope_sender(letter: uuid.UUID) -> str:
    """Where mail servers return a letter: names the letter (VERP), if the operator has an address for that."""
    bounces: str = settings.EMAIL_BOUNCES
    if not bounces:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _at, domain = bounces.rpartition("@")
    return f"{local}{_BOUNCE_MARK}{letter.hex}@{domain}"


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
