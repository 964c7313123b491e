"""Make the index of the search anew, and collect the words that it suggests."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from mapping.search.kinds import SEARCH_KINDS
from mapping.services.search import collect_words, rebuild


class Command(BaseCommand):
    """`bin/manage rebuild_search`: safe at any time, writers of a kind of texts wait meanwhile."""

    help = (
        "Index all texts for the search anew, and collect the words of public ones for suggestions. Needed after an"
        " upgrade that says so; otherwise the index follows the texts by itself."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--words", action="store_true", help="only collect the words for suggestions")
        parser.add_argument("--no-progress", action="store_true", help="no progress bar")

    def handle(self, *_args: Any, **options: Any) -> None:
        kinds = [] if options["words"] else list(SEARCH_KINDS)
        texts = 0
        for kind in tqdm(kinds, unit="kind", disable=options["no_progress"] or None, file=self.stderr):
            texts += rebuild(kind)
        self.stdout.write(f"{texts:,} texts, {collect_words():,} words")
