"""`bin/manage remove_expired_exports`: the worker's clean-up of every minute, for sites without a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from mapping.services.retention import remove_expired


class Command(BaseCommand):
    help = (
        "Delete exports whose links have expired, what workers that were killed left behind, and files that planners"
        " uploaded for an import and did not finish."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        removed = remove_expired("minute")
        self.stdout.write(f"{sum(removed.values())} removed")
