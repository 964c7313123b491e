"""`bin/manage import_text`: a document becomes a text, or the next version of one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import override

from mapping.management.arguments import campaign_of
from mapping.management.filters import reasons_of
from mapping.models import Campaign
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence
from texts.reading.documents import MOST_BYTES
from texts.services.setup.drafts import replace_draft
from texts.services.setup.importing import candidates_of, entries_of, proposed, read_file
from texts.services.setup.publishing import publish
from texts.services.setup.texts import make_category, make_text


class Command(BaseCommand):
    help = (
        "Read a document (DOCX, Markdown, HTML) into sections and publish them as the next version of a text. Sections "
        "that continue a former one keep their address and comments. A category that is missing is made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", metavar="SLUG")
        parser.add_argument("category", metavar="CATEGORY", help="the category's short name")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--title", help="of a category that is made (default: that of the document)")
        parser.add_argument("--note", default="", help="what changed, for readers of the new version")
        parser.add_argument(
            "--draft", action="store_true", help="do not publish: managers look at it in the builder"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        campaign = campaign_of(options["campaign"])
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        with override("en"):
            try:
                with transaction.atomic():
                    self._import(campaign, data, options)
            except Invalid as error:
                raise CommandError(reasons_of(error)) from error
            except DomainError as error:
                raise CommandError(sentence(error.code, error.params)) from error

    def _import(self, campaign: Campaign, data: bytes, options: dict[str, Any]) -> None:
        category = campaign.categories.filter(slug=options["category"]).first()
        if category is None:
            category = make_category(campaign, options["category"], options["title"] or options["category"])
            self.stdout.write(f"The category {category.slug} was made.")
        category.campaign = campaign
        text = make_text(category, actor=None)
        read = read_file(text, data, options["file"].name)
        for one in read.notices:
            self.stderr.write(sentence(one))
        if read.title and not options["title"] and category.title == category.slug:
            category.title = read.title
            category.save(update_fields=["title"])
        chosen = proposed(read, candidates_of(text))
        draft = replace_draft(text, entries_of(read, chosen), actor=None)
        continued = sum(one is not None for one in chosen)
        self.stdout.write(f"{len(chosen)} sections were read; {continued} of them continue former ones.")
        if options["draft"]:
            self.stdout.write(f"They are the draft of version {draft.number}.")
        else:
            publish(text, actor=None, note_to_readers=options["note"])
            self.stdout.write(f"Version {draft.number} is published.")
