"""`bin/deploy-check`: what this site still lacks to be public."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from geoparticipation.deployment.checking import findings
from geoparticipation.deployment.findings import Finding

_MARKS: Final = {"error": "ERROR", "warning": "warning", "ok": "ok"}


class Command(BaseCommand):
    help = "Say in words what this site lacks to be public. Exit status 1 on errors, 0 with warnings only."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print an array of objects instead of lines")

    def handle(self, *_args: Any, **options: Any) -> None:
        found: list[Finding] = []
        with translation.override("en"):  # as everything that operators read
            for one in findings():
                found.append(one)
                if not options["json"]:
                    self.stdout.write(f"{_MARKS[one.level]:<8} {one.subject}: {one.sentence}")
                    self.stdout.flush()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
        errors = sum(one.level == "error" for one in found)
        if errors:
            raise CommandError(
                f"{errors} of {len(found)} findings must be mended before this site is public."
            )
