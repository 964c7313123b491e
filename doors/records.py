"""The record of log-ins: written by one statement, read by superusers, deleted after `LOG_IN_RECORD_DAYS`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection

from doors.keys import subject_of
from doors.models import MARK_BYTES, LogInDoor, Outcome
from doors.networks import Network

_ADD: Final = """
INSERT INTO doors_loginrecord AS record (hour, door, outcome, user_id, network, times, first_at, last_at)
VALUES (date_trunc('hour', %(at)s), %(door)s, %(outcome)s, %(user)s, %(network)s, 1, %(at)s, %(at)s)
ON CONFLICT (hour, door, outcome, user_id, network)
DO UPDATE SET times = record.times + 1, last_at = greatest(record.last_at, excluded.last_at)
"""


def record(door: LogInDoor, outcome: Outcome, network: Network, user: int | None, at: datetime) -> None:
    """Count an attempt; `user` is the id of the account, if it exists."""
    values = {
        "door": door.value,
        "outcome": outcome.value,
        "user": user,
        "network": subject_of(at, "record", network.prefix)[:MARK_BYTES],
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, values)
