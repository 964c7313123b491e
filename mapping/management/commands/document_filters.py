"""`bin/manage document_filters`: the page on filters, written from the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from mapping.management.filters import FILTERS_PAGE, filters_in_markdown


class Command(BaseCommand):
    help = "Write docs/developers/filters.md from the dimensions of the filter."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with translation.override("en"):
            (settings.BASE_DIR / FILTERS_PAGE).write_text(filters_in_markdown(), encoding="utf-8")
        self.stdout.write(FILTERS_PAGE)
