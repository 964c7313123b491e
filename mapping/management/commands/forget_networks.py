"""`bin/manage forget_networks`: start a new day of the rate limits, deleting yesterday's counts and key."""

from typing import Any

from django.core.management.base import BaseCommand

from mapping.services.retention import remove_expired


class Command(BaseCommand):
    """Run nightly; the first request of a day has the same effect."""

    help = "Throw away what is kept for a day: yesterday's key, what was counted with it, old records of log-ins."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Delete keys and counts of past days."""
        remove_expired("day")
