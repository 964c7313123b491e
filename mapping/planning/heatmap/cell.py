"""The contents of a chosen cell: contributions per category, and their texts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mapping import rules
from mapping.aggregation.heatmap.contents import contributions_in
from mapping.aggregation.statistics.words import frequent_words
from mapping.filters.choices import Choices
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign, Category, Contribution
from mapping.planning.access import log_exact_access, log_staff_sources, planners_only
from mapping.reports.state import HeatmapFilter

MOST_READ: Final = 2_000
"""Most contributions of a cell that are read, newest first."""

MOST_SHOWN: Final = 20
"""Most texts that are shown; the queue has them all."""

_FEWEST_FOR_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class CategoryShare:
    """A category with its contributions in the cell; `share` is a bar's width in per cent of the longest."""

    category: Category
    number: int
    share: str


@dataclass(frozen=True, slots=True)
class Said:
    """A contribution with its text and the address of its review ("" without permission)."""

    contribution: Contribution
    address: str


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell's contents. `is_cut` is true if the cell holds more than were read."""

    id: str
    name: str
    number: int
    is_cut: bool
    participants: int
    support: int
    opposition: int
    categories: Sequence[CategoryShare]
    words: Sequence[tuple[str, int]]
    said: Sequence[Said]
    texts: int

    @property
    def balance(self) -> int:
        """Support less opposition."""
        return self.support - self.opposition


@planners_only(rules.may_analyse)
def cell(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Render the part of the heat map's page about one cell, by the same query."""
    log_exact_access(request, campaign, "heatmap-cell")
    choices = Choices(campaign, rules.may_read_responses(request.user, campaign))
    chosen = HeatmapFilter.of(request.GET, choices)
    log_staff_sources(request, campaign, chosen, "heatmap-cell")
    shown = cell_of(campaign, chosen, choices, may_review=rules.may_moderate(request.user, campaign))
    return render(request, "planning/partials/heatmap_cell.html", {"campaign": campaign, "cell": shown})


def cell_of(
    campaign: Campaign, chosen: HeatmapFilter, choices: Choices, *, may_review: bool
) -> ShownCell | None:
    """The contents of the chosen cell; None without a chosen cell or for an id that is no cell of this grid."""
    if not chosen.cell:
        return None
    try:
        ids = contributions_in(chosen.query(campaign, chosen.edited), chosen.cell, limit=MOST_READ + 1)
    except QueryProblem:
        return None
    held = list(
        Contribution.objects.filter(pk__in=ids[:MOST_READ])
        .select_related("category")
        .defer("geom", "geom_laea", "answers")
        .newest_first()
    )
    people = {one.participant_id for one in held if one.participant_id is not None}
    with_text = [one for one in held if one.text]
    return ShownCell(
        id=chosen.cell,
        name=_name(chosen, choices),
        number=len(held),
        is_cut=len(ids) > MOST_READ,
        participants=len(people),
        support=sum(one.support_count for one in held),
        opposition=sum(one.opposition_count for one in held),
        categories=_shares(held),
        words=frequent_words([one.text for one in with_text]) if len(with_text) >= _FEWEST_FOR_WORDS else [],
        said=[
            Said(one, _review_address(campaign, one) if may_review else "") for one in with_text[:MOST_SHOWN]
        ],
        texts=len(with_text),
    )


def _shares(held: Sequence[Contribution]) -> list[CategoryShare]:
    counted = Counter(one.category for one in held).most_common()
    return [
        CategoryShare(category, number, f"{100 * number / counted[0][1]:.1f}") for category, number in counted
    ]


def _name(chosen: HeatmapFilter, choices: Choices) -> str:
    names = {one.code: one.name for one in choices.districts}
    return names.get(chosen.cell, chosen.cell) if chosen.grid == "district" else chosen.cell


def _review_address(campaign: Campaign, contribution: Contribution) -> str:
    path = reverse("planning:queue", args=(campaign.slug,))
    return f"{path}?status={contribution.status}&item={contribution.pk}"
