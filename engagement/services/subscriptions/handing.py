"""One connection to the mail server, used for many mails, and what its answers mean.

Written with smtplib's single commands, because the moment of a failure decides: before DATA the server has nothing,
after its answer it has everything, and between them nobody knows.
"""

from __future__ import annotations

import smtplib
from types import TracebackType
from typing import Final, Self

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address

from engagement.mail.answers import Cause, cause_at_content, cause_at_recipient

_OK: Final = range(200, 300)
_FOR_EVER: Final = range(500, 600)
_CLOSING: Final = 421
"""RFC 5321, section 3.8: the server closes the connection."""


class Unreachable(Exception):
    """The mail server cannot be reached, or refuses everything: nothing was handed over."""


class Interrupted(Exception):
    """The connection broke while a mail was handed over: nobody knows whether the server has it."""


class PutOff(Exception):
    """The server wants it later (4xx)."""


class Declined(Exception):
    """The server does not take mails of this site (5xx): a setting there or here is wrong, not the address.

    The text is the code of its answer, without its words.
    """


class Refused(Exception):
    """The server does not want it (5xx): `cause` is ADDRESS, MAILBOX or CONTENT."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause


class Line:
    """The connection; opened for the first mail and again where the server has closed it between two mails."""

    def __init__(self) -> None:
        backend = get_connection()
        self._smtp = backend if isinstance(backend, smtp.EmailBackend) else None
        self._other = backend

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def hand_over(self, mail: EmailMultiAlternatives) -> None:
        """Give one mail to the server.

        Raises Unreachable, Interrupted, PutOff, Declined or Refused; after the last three the connection can be used
        on.
        """
        if self._smtp is None:
            self._other.send_messages([mail])  # of developers: no server, no answers
            return
        encoding = mail.encoding or "utf-8"
        try:
            sender = sanitize_address(mail.from_email, encoding)
            recipient = sanitize_address(mail.to[0], encoding)
        except ValueError:
            raise Refused(Cause.ADDRESS) from None
        content = mail.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg] # of Django's SafeMIME
        connection = self._begin(self._smtp, sender)
        self._name_recipient(connection, recipient)
        self._send_content(connection, content)

    def _begin(self, backend: smtp.EmailBackend, sender: str) -> smtplib.SMTP:
        """MAIL FROM, on a new connection where the old one is gone."""
        for is_new in (backend.connection is None, True):
            connection = self._open(backend, is_new=is_new)
            try:
                code, _words = connection.mail(sender)
            except (smtplib.SMTPException, OSError):
                self._close()
                if is_new:
                    raise Unreachable("MAIL") from None
                continue
            if code in _OK:
                return connection
            self._close()
            if is_new or code != _CLOSING:
                raise Unreachable(f"MAIL {code}")
        raise Unreachable("MAIL")

    def _open(self, backend: smtp.EmailBackend, *, is_new: bool) -> smtplib.SMTP:
        if is_new:
            self._close()
        try:
            backend.open()
            connection: smtplib.SMTP | None = backend.connection
            if connection is None:
                raise Unreachable("connection")
            connection.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise Unreachable(type(error).__name__) from None
        return connection

    def _name_recipient(self, connection: smtplib.SMTP, recipient: str) -> None:
        try:
            code, words = connection.rcpt(recipient)
        except (smtplib.SMTPException, OSError):
            # Not "unreachable": an address that breaks every connection must not keep all others waiting.
            self._close()
            raise PutOff from None
        if code in _OK:
            return
        self._reset(connection, code)
        if code not in _FOR_EVER:
            raise PutOff
        raise _refusal(code, cause_at_recipient(code, _text(words)))

    def _send_content(self, connection: smtplib.SMTP, content: bytes) -> None:
        try:
            code, answer = connection.data(content)
            words = _text(answer)
        except smtplib.SMTPDataError as error:  # the server did not want to begin: nothing was sent
            code, words = error.smtp_code, _text(error.smtp_error)
        except (smtplib.SMTPException, OSError):
            self._close()
            raise Interrupted from None
        if code in _OK:
            return
        self._reset(connection, code)
        if code not in _FOR_EVER:
            raise PutOff
        raise _refusal(code, cause_at_content(code, words))

    def _reset(self, connection: smtplib.SMTP, code: int) -> None:
        """Make the connection ready for the next mail; a closed one is opened by it."""
        try:
            if code != _CLOSING:
                connection.rset()
                return
        except (smtplib.SMTPException, OSError):
            pass
        self._close()

    def _close(self) -> None:
        """End the connection, politely where that works."""
        if self._smtp is None or self._smtp.connection is None:
            return
        connection: smtplib.SMTP = self._smtp.connection
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()
        self._smtp.connection = None


def _refusal(code: int, cause: Cause) -> Exception:
    return Declined(str(code)) if cause is Cause.SITE else Refused(cause)


def _text(words: bytes | str) -> str:
    return words.decode("ascii", "replace") if isinstance(words, bytes) else words
