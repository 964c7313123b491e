"""`bin/manage import_xlsform`: a survey from a workbook in the dialect XLSForm."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from audit.recording import Action, record
from mapping.imports.problems import TableProblem
from mapping.imports.xlsform.form import Finding, Form
from mapping.imports.xlsform.messages import sentence
from mapping.imports.xlsform.reading import read_xlsform
from mapping.imports.xlsform.storing import FormRefused, import_xlsform, problems_of
from mapping.management.arguments import campaign_of
from mapping.models import Campaign
from mapping.services.errors import Conflict


class Command(BaseCommand):
    help = "Add the questions of an XLSForm (.xlsx) to the survey of a campaign. One fault stops all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="remove the survey's questions, which nobody may have answered",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["campaign"])
        with override("en"):
            form = _read(options["file"], campaign.language)
            problems = self._problems(campaign, form, options)
            if problems:
                self._list(problems)
                raise CommandError(f"Nothing was stored. Faults: {len(problems)}.")
            self._list(form.notes)
            for number, question in enumerate(form.questions, start=1):
                page = "  (new page)" if question.starts_page else ""
                self.stdout.write(f"{number:3}. {question.slug}: {question.title} [{question.kind}]{page}")
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(f"{len(form.questions)} questions {would}stored")

    def _problems(self, campaign: Campaign, form: Form, options: dict[str, Any]) -> tuple[Finding, ...]:
        """Store the form, unless it is a dry run; return why it was not."""
        if options["dry_run"]:
            return problems_of(campaign, form)
        try:
            import_xlsform(campaign, form, replace=options["replace"])
            record(None, Action.IMPORTED, campaign=campaign, view="xlsform", stored=len(form.questions))
        except FormRefused as refused:
            return refused.problems
        except Conflict as conflict:
            raise CommandError(sentence(conflict.code, conflict.params)) from conflict
        return ()

    def _list(self, findings: Iterable[Finding]) -> None:
        for one in findings:
            place = f"{one.sheet}, row {one.row}" if one.row else one.sheet
            self.stdout.write(f"{place}: {one.sentence}")


def _read(path: Path, language: str) -> Form:
    try:
        return read_xlsform(path.read_bytes(), language)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
    except TableProblem as problem:
        raise CommandError(str(problem)) from problem
