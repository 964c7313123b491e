"""`bin/manage sweep_photos`: finds photos without a row, rows without a photo, and pictures that nothing shows."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mapping.models import Photo
from mapping.services.photos.city_pictures import UNUSED_FOR, delete_unused_pictures, unused_pictures
from mapping.services.photos.sweeping import Strays, delete_stray_files, delete_stray_rows, find_strays


class Command(BaseCommand):
    help = (
        "Compare the files of photos and of the city's pictures with the database and report files that no row names"
        " (somebody may have taken them back), pictures that neither a campaign nor a question shows, and rows whose"
        " file is missing or empty (they are lost). Nothing is deleted unless asked for."
        " Ends with status 1 where rows without a file remain."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--delete", action="store_true", help="delete files that no row names, and unused pictures"
        )
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
        now = timezone.now()
        strays = find_strays(now - timedelta(hours=options["older_than"]))
        self._report(strays)
        for picture in unused_pictures(now - UNUSED_FOR):
            self.stdout.write(f"unused: {picture.file.name} (campaign {picture.campaign.slug})")
        if options["delete"]:
            delete_stray_files(strays)
            unused = delete_unused_pictures(now - UNUSED_FOR)
            self.stdout.write(f"{len(strays.files)} files deleted, {unused} unused pictures deleted")
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
            whose = (
                f"campaign {photo.contribution.campaign.slug}, contribution {photo.contribution_id}"
                if isinstance(photo, Photo)
                else f"campaign {photo.campaign.slug}, picture {photo.pk}"
            )
            self.stdout.write(f"no file: {photo.file.name} ({whose})")
        self.stdout.write(
            f"{strays.whole} photos whole, {len(strays.files)} files without a row ({strays.size} bytes),"
            f" {strays.young} young ones left alone, {len(strays.rows)} rows without a file"
        )
