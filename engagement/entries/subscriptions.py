"""Entries of subscriptions."""

from typing import Final

from engagement.services.subscriptions.retention import RULES
from engagement.services.subscriptions.sentences import SUBSCRIPTIONS
from engagement.web.subscriptions.ways import LINK, TAB
from mapping.models import WordingKind
from mapping.services.messages import enter_sentences
from mapping.services.retention import RETENTION
from mapping.services.wordings import WORDINGS, WordingSource, rendered
from mapping.web.campaign_tabs import CAMPAIGN_TABS
from mapping.web.contribution_links import CONTRIBUTION_LINKS

CONSENT: Final = WordingSource(
    WordingKind.CONSENT.value, lambda: rendered("engagement/subscriptions/consent.html")
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(SUBSCRIPTIONS)
    for rule in RULES:
        RETENTION.register(rule)
    WORDINGS.register(CONSENT)
    CAMPAIGN_TABS.register(TAB)
    CONTRIBUTION_LINKS.register(LINK)
