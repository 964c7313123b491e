"""What a refusal by a mail server is about: the mailbox, its state, or this site (RFC 3463, section 3).

A relay with a wrong setting refuses every recipient ("Relay access denied", "authentication required"): taken for
wrong addresses, such answers would end all subscriptions.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

STATUS: Final = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
"""An enhanced status code: class, subject, detail."""
_OF_SENDERS: Final = frozenset({"7", "8"})
"""X.1.7 and X.1.8 are about the sender's address."""
_UNCLEAR: Final = frozenset({("1", "0"), ("5", "0")})
"""Said of senders and recipients alike; some say 5.5.0 of mailboxes that do not exist."""
_CODES_OF_MAILBOXES: Final = frozenset({550, 551, 553, 556})
"""Without an enhanced code (RFC 5321, section 4.2.2; RFC 7504 for 556)."""
_FULL: Final = 552
_OF_THIS_SITE: Final = re.compile(
    r"\bsender\b|^(?!.*(?:unknown|no such))"
    r".*(?:5\.7\.\d|relay|authenticat|rcpthosts|not permitted|access denied)",
    re.IGNORECASE | re.DOTALL,
)
"""What servers say about the one who sends where their code does not tell; "user unknown in relay table" is none."""
_ADDRESS: Final = re.compile(r"<[^<>]*>")
_READ: Final = 500
"""Characters of an answer that are read."""
_AUTHENTICATION_REQUIRED: Final = frozenset({503, 530})


class Cause(Enum):
    """What refuses a mail."""

    ADDRESS = "there is no such mailbox"
    MAILBOX = "the mailbox is full, or its server cannot be reached"
    SITE = "the server does not take mails of this site"
    CONTENT = "the server does not take this mail"


def cause_at_recipient(code: int, words: str) -> Cause:
    """What a 5xx answer to RCPT is about."""
    if code in _AUTHENTICATION_REQUIRED:
        return Cause.SITE
    found = STATUS.match(words)
    is_clear = found is not None and found[2] != "0" and (found[2], found[3]) not in _UNCLEAR
    if not is_clear and _OF_THIS_SITE.search(_ADDRESS.sub("", words[:_READ])):
        return Cause.SITE
    if found is not None and found[2] != "0":
        return cause_of_status(words)
    if code == _FULL:
        return Cause.MAILBOX
    return Cause.ADDRESS if code in _CODES_OF_MAILBOXES else Cause.SITE


def cause_at_content(code: int, words: str) -> Cause:
    """What a 5xx answer to DATA is about: the content, unless a status says something else.

    X.7.20 to X.7.29 are failed DKIM, SPF and reverse DNS of the sender (RFC 7372).
    """
    found = STATUS.match(words)
    subject, detail = ("", "") if found is None else (found[2], found[3])
    fails_authentication = subject == "7" and len(detail) == 2 and detail.startswith("2")
    if (subject, detail) == ("3", "4"):  # too large
        return Cause.CONTENT
    if code in _AUTHENTICATION_REQUIRED or subject == "3" or fails_authentication:
        return Cause.SITE
    return cause_of_status(words) if subject in {"1", "2"} else Cause.CONTENT


def cause_of_status(status: str) -> Cause:
    """What an enhanced status code is about; `X.0.0` says no more than that the mailbox did not get it."""
    found = STATUS.match(status)
    if found is None:
        return Cause.MAILBOX
    subject, detail = found[2], found[3]
    if (subject, detail) in _UNCLEAR:
        return Cause.MAILBOX
    if subject == "1":
        return Cause.SITE if detail in _OF_SENDERS else Cause.ADDRESS
    if subject == "2":
        return Cause.ADDRESS if detail == "1" else Cause.MAILBOX
    if subject == "6":
        return Cause.CONTENT
    return Cause.MAILBOX if subject in {"0", "4"} else Cause.SITE
