"""What texts lack before people can read them, for the checklist of a campaign."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from mapping.models import Campaign
from mapping.services.setup.checklist import Check, Finding
from texts.models import Text
from texts.services.setup.texts import STEP, texts_of


def _findings(campaign: Campaign) -> Iterator[Finding]:
    """Findings of all texts, in two queries."""
    texts = texts_of(campaign)
    if not texts:
        return
    if not campaign.publishes_points:
        yield Finding("setup_text_protected", STEP, blocks=True)
    if not campaign.allows_comments:
        yield Finding("setup_text_no_comments", "publication")
    for one in texts:
        title = {"title": one.text.category.title}
        if one.published is None:
            # A public campaign gets its text step by step: each of them would be refused otherwise.
            yield Finding("setup_text_unpublished", STEP, blocks=campaign.is_draft, params=title)
        elif one.draft is not None:
            yield Finding("setup_text_draft", STEP, params=title)


def _categories(campaign: Campaign) -> Collection[int]:
    return list(Text.objects.filter(category__campaign=campaign).values_list("category", flat=True))


TEXTS = Check(STEP, _findings, _categories)
