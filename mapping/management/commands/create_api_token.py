"""`bin/manage create_api_token`: let a script or QGIS act as a user."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import ApiToken, User


class Command(BaseCommand):
    help = "Print a new token for the header `Authorization: Bearer …`; it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the user's e-mail address")
        parser.add_argument("--name", default="", help="what it is for, e.g. QGIS")
        parser.add_argument("--days", type=int, help="how long it is valid; without it, until it is deleted")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError(f"There is no user {options['email']}.")
        if not user.is_active:
            raise CommandError(f"{user.email} is not active; a token would not work.")
        if options["days"] is not None and options["days"] < 1:
            raise CommandError("--days must be at least 1.")
        expires_at = None if options["days"] is None else timezone.now() + timedelta(days=options["days"])
        self.stdout.write(ApiToken.issue(user, options["name"][:80], expires_at))
