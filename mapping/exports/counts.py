"""How many: exact numbers at a bounded cost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mapping import rules
from mapping.aggregation.tally import TOTALS
from mapping.exports.selection import Selection
from mapping.models import ContributionStatus, Tally
from mapping.models.footprint import EVERYWHERE, STATUS_CODES

MOST_COUNTED: Final = 100_000
"""Matches of a filter that are counted one by one, some 50 ms; nobody reads a larger number to the last digit."""


def tallied(
    campaign_ids: Iterable[int], status: str = ContributionStatus.PUBLISHED
) -> dict[int, tuple[int, int]]:
    """Contributions and participants of whole campaigns, read from the tally rather than counted.

    Numbers of protected campaigns are among them: the caller has asked the rules who may see which.
    """
    rows = Tally.objects.filter(
        campaign_id__in=list(campaign_ids), status=STATUS_CODES[status], level=TOTALS, cell=EVERYWHERE
    )
    return {
        campaign: (number, people)
        for campaign, number, people in rows.values_list("campaign_id", "contributions", "participants")
    }


def matching(selection: Selection, at_least: int = 0) -> int | None:
    """How many contributions a selection holds; None for more than `MOST_COUNTED` that no tally knows.

    A tally that says less than what the caller has already seen (`at_least`) is being rebuilt, and not believed.
    """
    statuses = selection.statuses or (ContributionStatus.PUBLISHED.value,)
    if selection.statuses is None and not rules.may_see_public_contributions(selection.campaign):
        return 0
    if not selection.is_filtered and len(statuses) == 1:
        number, _people = tallied([selection.campaign.pk], statuses[0]).get(selection.campaign.pk, (0, 0))
        if number >= at_least:
            return number
    number = selection.contributions().values("pk")[: MOST_COUNTED + 1].count()
    return number if number <= MOST_COUNTED else None
