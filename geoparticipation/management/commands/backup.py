"""`bin/backup DIR`: one verified set of database, media and settings."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from geoparticipation.backup.errors import BackupFailed, RestoreFailed, RestoreRefused
from geoparticipation.backup.making import make_set, oldest_moment
from geoparticipation.backup.restoring import verify


class Command(BaseCommand):
    """Makes a set, or verifies one."""

    help = (
        "Make one verified set of the database, media and settings below a directory; encrypted for"
        " BACKUP_AGE_RECIPIENT or BACKUP_GPG_RECIPIENT. The newest BACKUP_KEEP sets stay. BACKUP_HOOK is called with"
        " the finished set. The site may be running."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the options."""
        parser.add_argument("directory", type=Path, help="where sets lie; with --verify, one set")
        parser.add_argument("--verify", action="store_true", help="make nothing, check a set")
        parser.add_argument(
            "--identity", type=Path, help="the private key of age, to check what is encrypted"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make the set, or check one."""
        directory: Path = options["directory"]
        if options["verify"]:
            try:
                verify(directory, options["identity"], self.stdout.write)
            except (RestoreRefused, RestoreFailed) as error:
                raise CommandError(str(error)) from error
            return
        try:
            made = make_set(directory)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        manifest = made.manifest
        self.stdout.write(
            f"{made.path}: {made.bytes / 1e6:,.1f} MB, {sum(manifest.tables.values()):,} rows,"
            f" {manifest.media_files:,} media files, verified"
        )
        if not manifest.encryption:
            self.stderr.write(
                "Not encrypted (BACKUP_AGE_RECIPIENT), so SECRET_KEY and passwords are left out."
            )
        if manifest.missing_media:
            self.stderr.write(
                f"{len(manifest.missing_media)} files that rows name are missing: bin/manage sweep_photos"
            )
        for path in made.deleted:
            self.stdout.write(f"{path}: deleted, {settings.BACKUP_KEEP} newer sets are kept")
        try:
            oldest = oldest_moment(directory)
        except RestoreRefused as error:
            self.stderr.write(f"The oldest set is broken: {error}")
            oldest = None
        if oldest is not None and (timezone.now() - oldest).days >= settings.ERASURE_LEDGER_DAYS:
            self.stderr.write(
                f"The oldest set is of {oldest:%Y-%m-%d}, and erasures are remembered for"
                f" {settings.ERASURE_LEDGER_DAYS} days: delete it, or raise ERASURE_LEDGER_DAYS."
            )
