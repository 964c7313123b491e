"""Entries of results: votes that ended are counted and stored."""

from typing import Final

from mapping.services.retention import RETENTION, Retention
from voting.services.results.closing import close_ended

CLOSING: Final = Retention(
    "votes",
    "who cast which ballot, and when: cut off at the end of a vote, when its result is stored",
    "minute",
    close_ended,
)


def enter() -> None:
    """Fill the registries."""
    RETENTION.register(CLOSING)
