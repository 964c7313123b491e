"""Entries of editing the calendar and of registrations."""

from engagement.services.events.sentences import EVENTS
from engagement.services.registrations.retention import delete_persons
from mapping.services.messages import enter_sentences
from mapping.services.retention import RETENTION, Retention

PERSONS = Retention(
    "registrations",
    "names and addresses of people who registered for a date, a day after it",
    "day",
    delete_persons,
)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(EVENTS)
    RETENTION.register(PERSONS)
