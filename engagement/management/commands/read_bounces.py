"""`bin/manage read_bounces [FILE ...]`: notes mails that came back, from files or from the standard input."""

import mailbox
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from engagement.mail.bounces import LARGEST
from engagement.services.subscriptions.returned import take_back


class Command(BaseCommand):
    """Meant for the pipe of a mail server, or for a mailbox that is emptied afterwards."""

    help = (
        "Read delivery status notifications (RFC 3464): a permanent failure suspends the address, temporary ones are "
        "counted. FILE is a mail, a mailbox (mbox) or a Maildir folder; without any the standard input is one mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument("files", nargs="*", metavar="FILE", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Note each one; say how many there were, never whose."""
        files: list[Path] = options["files"]
        if missing := [str(one) for one in files if not one.exists()]:
            raise CommandError(f"There is no {', '.join(missing)}.")
        mails = (mail for file in files for mail in _mails_in(file)) if files else [_from_input()]
        outcomes = [take_back(mail) for mail in mails]
        self.stdout.write(f"{len(outcomes)} mails, {sum(outcomes)} about letters of this site.")


def _from_input() -> bytes:
    return sys.stdin.buffer.read(LARGEST)


def _mails_in(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        folder = mailbox.Maildir(path, create=False)
        yield from (folder.get_bytes(key) for key in folder.iterkeys())
        return
    with path.open("rb") as file:
        is_mailbox = file.read(5) == b"From "
    if is_mailbox:
        found = mailbox.mbox(path, create=False)
        yield from (found.get_bytes(key) for key in found.iterkeys())
    else:
        yield path.read_bytes()[:LARGEST]
