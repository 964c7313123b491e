"""Entries of voting codes, ballots on paper, and what does not count."""

from typing import Final

from mapping.services.messages import enter_sentences
from mapping.services.retention import RETENTION, Retention
from voting.services.code_sentences import CODES
from voting.services.codes import forget_codes

SERIES: Final = Retention(
    "voting_codes",
    "voting codes, thirty days after the end of their campaign",
    "day",
    forget_codes,
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(CODES)
    RETENTION.register(SERIES)
