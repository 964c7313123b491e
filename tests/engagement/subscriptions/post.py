"""A mail server on this machine that can be down, slow, or of another opinion."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = Callable[[str], str]


def takes_all(_address: str) -> str:
    """The answer of a server that takes everything."""
    return "250 OK"


class PostOffice:
    """What came in, and how it answers: `rcpt` by the recipient, `data` by the recipient, after `delay` seconds.

    With `drops` the connection breaks instead of the answer to a mail that was taken; with `pause` the answer comes so
    many seconds after the mail was taken.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.senders: list[str] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.rcpt: Answer = takes_all
        self.data: Answer = takes_all
        self.delay = 0.0
        self.pause = 0.0
        self.drops = 0

    async def handle_EHLO(  # noqa: N802 - named by aiosmtpd
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, answers: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_RCPT(  # noqa: N802 - as above
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - as above
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.delay)
        answer = self.data(envelope.rcpt_tos[0])
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.mails.append(message)
            self.senders.append(envelope.mail_from or "")
            self.recipients.append(envelope.rcpt_tos[0])
        await asyncio.sleep(self.pause)
        if self.drops:
            self.drops -= 1
            assert server.transport is not None
            server.transport.close()
        return answer

    def words(self, index: int = -1) -> str:
        """The plain part of a mail."""
        part = self.mails[index].get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def html(self, index: int = -1) -> str:
        """The HTML part of a mail."""
        part = self.mails[index].get_body(("html",))
        assert part is not None
        return str(part.get_content())


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def open_office(port: int) -> Iterator[PostOffice]:
    """A server on a port of this machine."""
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
