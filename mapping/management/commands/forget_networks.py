"""Begin the day of the doors, even where nobody comes: what was counted yesterday is thrown away."""

from typing import Any

from django.core.management.base import BaseCommand

from mapping.services.retention import remove_expired


class Command(BaseCommand):
    """For the night; the first visitor of a day does the same."""

    help = "Throw away what is kept for a day: yesterday's key, what was counted with it, old records of log-ins."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it."""
        remove_expired("day")
