"""`bin/manage create_api_token`: issue a token with which a script or QGIS acts as a user."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import ApiToken, TokenScope, User


class Command(BaseCommand):
    help = "Print a new token for the header `Authorization: Bearer …`; it cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the user's e-mail address")
        parser.add_argument("--name", default="", help="what it is for, e.g. QGIS")
        parser.add_argument(
            "--scope",
            choices=TokenScope.values,
            default=TokenScope.READ.value,
            help="what it may do of what the user may (default: read)",
        )
        parser.add_argument(
            "--days",
            type=int,
            default=settings.API_TOKEN_DAYS,
            help=f"how long it is valid (default: {settings.API_TOKEN_DAYS}, most: {settings.API_TOKEN_MOST_DAYS})",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError(f"There is no user {options['email']}.")
        if not user.is_active:
            raise CommandError(f"{user.email} is not active; a token would not work.")
        if not 1 <= options["days"] <= settings.API_TOKEN_MOST_DAYS:
            raise CommandError(f"--days must be at least 1 and at most {settings.API_TOKEN_MOST_DAYS}.")
        expires_at = timezone.now() + timedelta(days=options["days"])
        name: str = options["name"][:80]
        self.stdout.write(ApiToken.issue(user, name, scope=options["scope"], expires_at=expires_at))
