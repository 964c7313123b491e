"""Which state of the calendar the public reads: another one after every change of dates, events, campaigns or phases.

Triggers note the changes (migration `0008_state_of_the_calendar`), whatever way they take.
"""

from __future__ import annotations

from typing import Final

from mapping.models import Change, Revision

THE_CALENDAR: Final = 0
"""Stands in place of a campaign among the changes."""


def calendar_revision() -> Revision:
    """The state that this transaction sees; one query."""
    return Change.objects.revision_of(THE_CALENDAR)
