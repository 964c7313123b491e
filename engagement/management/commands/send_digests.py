"""`bin/manage send_digests [--staff]`: note what happened, write the mails that are due, and send them."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from engagement.services.registrations import reminders
from engagement.services.subscriptions import noting, sending, staff


class Command(BaseCommand):
    """Sends what is due; safe at any time, intended for sites without a worker, every few minutes."""

    help = (
        "Note what became public, write the mails of subscriptions that are due (at once, daily at seven, weekly on "
        "Monday at seven), reminders of dates and the weekly digests that staff ordered, and send everything that "
        "waits. Again does nothing, but with --staff. `worker` does the same by itself, without --staff."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument(
            "--staff",
            action="store_true",
            help="also write to all managers and moderators what waits for them and who had no answer for two weeks",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do it, and say how much it was."""
        if not settings.SENDS_MAIL:
            raise CommandError("This site has no mail server: set EMAIL_HOST.")
        happenings = noting.note_happenings()
        letters = noting.write_letters() + reminders.write_reminders()
        letters += staff.write_weekly_digests() + staff.warn_of_deletion()
        if options["staff"]:
            letters += staff.write_digests()
        while sending.send_letters():
            pass
        self.stdout.write(f"{happenings} happenings, {letters} new mails; {sending.number_waiting()} wait.")
