"""Entries of plans and updates."""

from engagement.services.plans.sentences import PLANS
from mapping.services.messages import enter_sentences


def enter() -> None:
    """Fill the registries."""
    enter_sentences(PLANS)
