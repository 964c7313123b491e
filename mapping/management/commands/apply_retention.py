"""Delete what people were promised to be deleted by now: `bin/manage apply_retention [--preview]`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mapping.models import RetentionSpan
from mapping.services.retained.removing import NotRemoved, preview, require_removed
from mapping.services.retention import remove_expired
from mapping.services.wordings import note_wordings


class Command(BaseCommand):
    """What the worker does every night."""

    help = "Deletes what people were promised to be deleted by now; again does nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --preview."""
        parser.add_argument("--preview", action="store_true", help="only count what would be deleted")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Delete, or count, and print the numbers."""
        if not options["preview"]:
            for name, number in remove_expired("night").items():
                self.stdout.write(f"{name}: {number}")
            self.stdout.write(f"new versions of privacy texts: {note_wordings()}")
            try:
                require_removed()
            except NotRemoved as error:
                raise CommandError(str(error)) from error
            return
        due = RetentionSpan.objects.due(timezone.localdate()).select_related("campaign")
        for span in due.defer("campaign__area"):
            for found in preview(span.campaign, span.subject):
                self.stdout.write(f"{span.campaign.slug} {span.subject} {found.part}: {found.number}")
