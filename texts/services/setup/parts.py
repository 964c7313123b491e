"""What texts do when others change their campaigns: sections are kept, copies begin with the newest wording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from accounts.models import User
from mapping.models import Campaign, Category, Contribution
from mapping.services.checking.content import Checked
from mapping.services.errors import NotAllowed
from mapping.services.moderation.keepers import Keeper
from mapping.services.setup.copying import CopiedPart
from texts.models import Section, Text
from texts.services.setup.drafts import Entry, replace_draft, shown_version, wordings_of
from texts.services.setup.texts import STEP


def _refuse_change(contribution: Contribution, _checked: Checked, _actor: User) -> None:
    """Raise NotAllowed "section_of_text": another way in would change a published version."""
    _refuse_removal(contribution, _actor)


def _refuse_removal(contribution: Contribution, _actor: User) -> None:
    if Section.objects.filter(contribution=contribution).exists():
        raise NotAllowed("section_of_text")


def _copy(source: Campaign, _campaign: Campaign, categories: Mapping[int, Category]) -> None:
    """Texts with their newest wording as a first draft; versions and comments stay with the former campaign."""
    for text in Text.objects.of(source):
        copied = Text.objects.create(category=categories[text.category_id])
        wordings = wordings_of(shown_version(text))
        if wordings:
            replace_draft(copied, [Entry(one.heading, one.body, one.level) for one in wordings], actor=None)


SECTIONS: Final = Keeper("sections", _refuse_change, _refuse_removal)
COPYING: Final = CopiedPart(STEP, _copy)
