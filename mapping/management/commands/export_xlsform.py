"""`bin/manage export_xlsform`: a survey as a workbook in the dialect XLSForm."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mapping.imports.xlsform.writing import write_xlsform
from mapping.management.arguments import campaign_of


class Command(BaseCommand):
    help = "Write the survey of a campaign as an XLSForm, from which import_xlsform makes the same questions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument(
            "--output", metavar="FILE", type=Path, help="default: the campaign's short name .xlsx"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["campaign"])
        path = options["output"] or Path(f"{campaign.slug}.xlsx")
        if not campaign.survey_questions.exists():
            raise CommandError("This campaign has no survey.")
        try:
            path.write_bytes(write_xlsform(campaign))
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        self.stdout.write(f"Written: {path}")
