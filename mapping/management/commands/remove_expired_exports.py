"""`bin/manage remove_expired_exports`: deletes files whose links have expired, also where no worker runs."""

from typing import Any

from django.core.management.base import BaseCommand

from mapping.services.export_jobs import remove_expired


class Command(BaseCommand):
    help = "Delete exports whose links have expired, and what workers that were killed left behind."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{remove_expired()} removed")
