"""`bin/manage sweep_photos`: finds photos without a row and rows without a photo."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mapping.services.photos.sweeping import Strays, delete_stray_files, delete_stray_rows, find_strays


class Command(BaseCommand):
    help = (
        "Compare the files of photos with the database and report files that no row names (somebody may have taken"
        " them back) and rows whose file is missing or empty (they are lost). Nothing is deleted unless asked for."
        " Ends with status 1 where rows without a file remain."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--delete", action="store_true", help="delete files that no row names")
        parser.add_argument(
            "--delete-rows", action="store_true", help="delete rows whose file is missing or empty"
        )
        parser.add_argument(
            "--older-than",
            type=float,
            default=24,
            metavar="HOURS",
            help="leave younger files alone, they may be arriving just now (default: %(default)s)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["older_than"] < 0:
            raise CommandError("--older-than takes a number of hours from 0 on.")
        strays = find_strays(timezone.now() - timedelta(hours=options["older_than"]))
        self._report(strays)
        if options["delete"]:
            delete_stray_files(strays)
            self.stdout.write(f"{len(strays.files)} files deleted")
        if not strays.rows:
            return
        if not options["delete_rows"]:
            raise CommandError(f"{len(strays.rows)} photos are lost.")
        if not strays.whole:
            # More likely than the loss of all photos: the storage is not mounted.
            raise CommandError(
                "No photo has its file: is VAR_DIR/media where it should be? No row was deleted."
            )
        delete_stray_rows(strays)
        self.stdout.write(f"{len(strays.rows)} rows deleted")

    def _report(self, strays: Strays) -> None:
        for name in strays.files:
            self.stdout.write(f"no row: {name}")
        for photo in strays.rows:
            campaign = photo.contribution.campaign.slug
            self.stdout.write(
                f"no file: {photo.file.name} (campaign {campaign}, contribution {photo.contribution_id})"
            )
        self.stdout.write(
            f"{strays.whole} photos whole, {len(strays.files)} files without a row ({strays.size} bytes),"
            f" {strays.young} young ones left alone, {len(strays.rows)} rows without a file"
        )
