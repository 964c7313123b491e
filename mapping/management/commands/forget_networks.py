"""Begin the day of the doors, even where nobody comes: what was counted yesterday is thrown away."""

from typing import Any

from django.core.management.base import BaseCommand

from doors.keys import forget_past_days


class Command(BaseCommand):
    """For the night; the first visitor of a day does the same."""

    help = "Throw away yesterday's key, what was counted with it, and old records of log-ins."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it."""
        forget_past_days()
