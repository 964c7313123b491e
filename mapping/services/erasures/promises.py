"""Dates of retention that people were promised, shipped with the list of erasures: a backup may know only later ones.

Only campaigns in which somebody took part are in the list: their dates never become later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection, transaction
from django.db.models import Q

from mapping.models import RetentionSpan
from mapping.models.restoring.erasure import erasure_digest

_LINE: Final = re.compile(r"until (\d{4}-\d\d-\d\d|-) (\w{1,16}) (\d{1,3}) ([0-9a-f]{64})")
_DIGEST: Final = erasure_digest("promise", ("id", "created_at"))
_CURRENT: Final = f"""
    SELECT {_DIGEST}, span.subject, span.months, span.until
    FROM mapping_retentionspan AS span JOIN mapping_campaign AS one ON one.id = span.campaign_id
    WHERE span.months IS NOT NULL AND (
        EXISTS (SELECT FROM mapping_participant WHERE campaign_id = one.id)
        OR EXISTS (SELECT FROM mapping_response WHERE campaign_id = one.id)
        OR EXISTS (SELECT FROM mapping_contribution WHERE campaign_id = one.id AND source <> 'city')
    )
"""  # noqa: S608 - constants
_CAMPAIGNS: Final = f"SELECT {_DIGEST}, id FROM mapping_campaign AS one WHERE {_DIGEST} = ANY (%s)"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Promised:
    """What people of a campaign were promised of one subject: months after the end, and the date once it is known.

    `digest` is the hash of the campaign's number and the microsecond at which it was made.
    """

    digest: bytes
    subject: str
    months: int
    until: date | None

    @property
    def line(self) -> str:
        """The line of a file, without its end."""
        return f"until {self.until or '-'} {self.subject} {self.months} {self.digest.hex()}"


def promise_of(line: str) -> Promised | None:
    """The promise in a line; None where the line is of another kind. Raises ValueError where there is no such day."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    until = None if found[1] == "-" else date.fromisoformat(found[1])
    return Promised(bytes.fromhex(found[4]), found[2], int(found[3]), until)


def current_promises() -> frozenset[Promised]:
    """The promises as the database has them now."""
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT)
        return frozenset(Promised(bytes(digest), *values) for digest, *values in cursor.fetchall())


def merged_promises(promises: Iterable[Promised]) -> frozenset[Promised]:
    """One promise of each campaign and subject: the fewest months and the first date."""
    first: dict[tuple[bytes, str], Promised] = {}
    for one in promises:
        known = first.setdefault((one.digest, one.subject), one)
        dates = [day for day in (known.until, one.until) if day is not None]
        until = min(dates, default=None)
        first[one.digest, one.subject] = Promised(
            one.digest, one.subject, min(known.months, one.months), until
        )
    return frozenset(first.values())


def keep_promises(promises: Iterable[Promised]) -> int:
    """Make the dates of a restored database as early as they were promised; returns how many were later."""
    wanted = merged_promises(promises)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CAMPAIGNS, [[one.digest for one in wanted]])
            campaigns = {bytes(digest): key for digest, key in cursor.fetchall()}
        return sum(_keep(campaigns[one.digest], one) for one in wanted if one.digest in campaigns)


def _keep(campaign: int, promised: Promised) -> bool:
    _span, is_new = RetentionSpan.objects.get_or_create(
        campaign_id=campaign, subject=promised.subject, defaults={"months": promised.months}
    )
    span = RetentionSpan.objects.filter(campaign=campaign, subject=promised.subject)
    changed = span.filter(Q(months=None) | Q(months__gt=promised.months)).update(months=promised.months)
    if promised.until is not None:
        # The trigger computes a date of the months, and takes an earlier one where only that is given.
        changed += span.filter(Q(until=None) | Q(until__gt=promised.until)).update(until=promised.until)
    return is_new or changed > 0
