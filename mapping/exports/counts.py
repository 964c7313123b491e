"""Exact counts of contributions at a bounded cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, Final

from cachetools import LRUCache
from django.db import connections
from django.db.models import OuterRef, QuerySet, Subquery

from mapping import rules
from mapping.aggregation.tally import TOTALS
from mapping.exports.selection import Selection
from mapping.models import Campaign, Change, Contribution, ContributionStatus, Tally
from mapping.models.footprint import EVERYWHERE

MOST_COUNTED: Final = 100_000
"""Matches of a filter that are counted one by one, some 50 ms; nobody reads a larger number to the last digit."""


def tallied(
    campaign_ids: Iterable[int], status: str = ContributionStatus.PUBLISHED
) -> dict[int, tuple[int, int]]:
    """Contributions and participants of whole campaigns, read from the tally table rather than counted.

    Includes protected campaigns: callers must check permissions first.
    """
    rows = Tally.objects.with_status([status])
    rows = rows.filter(campaign_id__in=list(campaign_ids), level=TOTALS, cell=EVERYWHERE)
    return {
        campaign: (number, people)
        for campaign, number, people in rows.values_list("campaign_id", "contributions", "participants")
    }


def sent_between(
    campaign_ids: Iterable[int], statuses: Sequence[str] | None
) -> dict[int, tuple[datetime, datetime]]:
    """Times of the first and last contribution per campaign that has any, read from an index.

    `statuses` None means public contributions only (`published()`); other values are for staff.
    """
    everything = Contribution.objects.filter(campaign=OuterRef("pk"))
    # One lookup per status: the index is ordered by time within a status only.
    looks = (
        [everything.published()] if statuses is None else [everything.with_status([one]) for one in statuses]
    )
    ends = [
        Subquery(look.order_by(order).values("created_at")[:1])
        for look in looks
        for order in ("created_at", "-created_at")
    ]
    found = {}
    for pk, *moments in Campaign.objects.filter(pk__in=list(campaign_ids)).values_list("pk", *ends):
        if known := [one for one in moments if one is not None]:
            found[pk] = (min(known), max(known))
    return found


def matching(selection: Selection, at_least: int = 0) -> int | None:
    """Count the contributions of a selection; None above `MOST_COUNTED` where the tally table has no number.

    A tally below what the caller has already read (`at_least`) is being rebuilt, and is not used.
    """
    statuses = selection.filter.counted
    if selection.statuses is None and not rules.may_see_public_contributions(selection.campaign):
        return 0
    if not selection.is_filtered and len(statuses) == 1:
        number, _people = tallied([selection.campaign.pk], statuses[0]).get(selection.campaign.pk, (0, 0))
        if number >= at_least:
            return number
    number = selection.contributions().values("pk")[: MOST_COUNTED + 1].count()
    return number if number <= MOST_COUNTED else None


def matching_exactly(selection: Selection, at_least: int = 0) -> int:
    """Count the contributions of a selection, however many; large public counts are cached.

    Takes a quarter of a second for a million; then the count is cached until the campaign changes.
    """
    number = matching(selection, at_least)
    if number is not None:
        return number
    rows = selection.contributions().order_by().values("pk")
    # The data that staff see change without a new public revision.
    return rows.count() if selection.statuses is not None else _counted_once(selection, rows)


_known: Final[LRUCache[tuple[object, ...], int]] = LRUCache(1000)
_lock: Final = Lock()


def _counted_once(selection: Selection, rows: QuerySet[Any, Any]) -> int:
    campaign_id = selection.campaign.pk
    state = Change.objects.revision_of(campaign_id)
    operations: Any = connections[rows.db].ops
    key = (campaign_id, state, operations.compose_sql(*rows.query.sql_with_params()))
    with _lock:
        known = _known.get(key)
    if known is None:
        known = rows.count()
        with _lock:
            _known[key] = known
    return known
