"""Entries of subscriptions."""

from engagement.services.subscriptions.retention import RULES
from engagement.services.subscriptions.sentences import SUBSCRIPTIONS
from mapping.services.messages import enter_sentences
from mapping.services.retention import RETENTION


def enter() -> None:
    """Fill the registries."""
    enter_sentences(SUBSCRIPTIONS)
    for rule in RULES:
        RETENTION.register(rule)
