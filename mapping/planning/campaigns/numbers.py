"""Numbers of a campaign over time and per category, exact, for those who may analyse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics import totals as statistics
from mapping.filters.contribution_filter import (
    PUBLISHED_ONLY,
    STATUS_TITLES,
    STATUSES,
    ContributionFilter,
)
from mapping.models import Campaign, Category, Contribution
from mapping.planning.access import frame, log_exact_access, planners_only, proof_for_file
from mapping.reports.charts import UNITS, Unit, bins_of, chart_of, unit_for
from mapping.reports.display import statuses_in_words
from mapping.reports.opinions import address_of, filter_of, shown_standing, standing_file
from mapping.services.identity import number_who_took_part
from mapping.services.record import record_download

_MOST_DAYS: Final = 400
_EVERYTHING: Final = "all"
_STATUS_TITLES: Final = {**STATUS_TITLES, _EVERYTHING: _("All")}
"""Titles of statuses; the first is the default, as on the heat map."""

_UNIT_TITLES: Final[dict[Unit, object]] = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
_NOTHING: Final = {
    "contributions": 0,
    "participants": 0,
    "all_comments": 0,
    "all_support": 0,
    "all_opposition": 0,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to another view of the numbers."""

    title: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """The numbers of one category; `share` is a bar's width in per cent.

    `participants` is None where contributions came without any person: the city's own places, imports.
    """

    category: Category
    contributions: int
    participants: int | None
    comments: int
    support: int
    opposition: int
    share: str

    @property
    def balance(self) -> int:
        """Support less opposition."""
        return self.support - self.opposition


@planners_only(rules.may_analyse)
def numbers(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Timeline, running total and categories; access to protected campaigns is logged."""
    log_exact_access(request, campaign, "numbers")
    status = request.GET.get("status", "")
    status = status if status in _STATUS_TITLES else next(iter(_STATUS_TITLES))
    statuses = STATUSES if status == _EVERYTHING else (status,)
    contributions = Contribution.objects.filter(campaign=campaign).with_status(statuses)
    counts = statistics.timeline(HeatmapQuery(campaign.pk, filter=ContributionFilter(statuses)))
    unit = _unit(request.GET.get("by", ""), counts)
    bins = bins_of(counts, unit)
    rows = _category_rows(campaign, contributions)
    standing = shown_standing(campaign, filter_of(campaign, request.GET, PUBLISHED_ONLY))
    return render(
        request,
        "planning/numbers.html",
        {
            **frame(request, campaign, "numbers"),
            "statuses": [
                Choice(str(title), _address(campaign, value, unit), value == status)
                for value, title in _STATUS_TITLES.items()
            ],
            "units": [
                Choice(str(_UNIT_TITLES[one]), _address(campaign, status, one), one == unit) for one in UNITS
            ],
            "counted": statuses_in_words(statuses),
            "totals": _totals(campaign, rows, contributions),
            "bins": bins,
            "newest_first": bins[::-1],
            "unit": unit,
            "most": max(bins, key=lambda one: one.value, default=None),
            "wide": chart_of(bins, unit, width=880, height=300, with_line=True),
            "narrow": chart_of(bins, unit, width=340, height=240, with_line=True),
            "rows": rows,
            "standing": standing if standing.rows or standing.is_filtered else None,
            "csv_url": address_of(reverse("planning:opinions-csv", args=(campaign.slug,)), standing),
        },
    )


@require_safe
@planners_only(rules.may_analyse)
def opinions_csv(request: HttpRequest, campaign: Campaign) -> HttpResponseBase:
    """Support, opposition and balance per line as CSV; of protected campaigns with a proof, and logged."""
    page = proof_for_file(request, campaign)
    if page is not None:
        return page
    log_exact_access(request, campaign, "opinions")
    record_download(request.user, campaign, "opinions csv")
    return standing_file(campaign, filter_of(campaign, request.GET, PUBLISHED_ONLY))


def _unit(wanted: str, counts: Sequence[tuple[date, int]]) -> Unit:
    """The requested step; by default, or if it makes more bars than fit on a screen, a suitable one."""
    if not counts:
        return "day"
    first, last = counts[0][0], counts[-1][0]
    unit = next((one for one in UNITS if one == wanted), unit_for(first, last))
    return "week" if unit == "day" and (last - first).days > _MOST_DAYS else unit


def _address(campaign: Campaign, status: str, unit: Unit) -> str:
    query = urlencode({"status": status, "by": unit})
    return f"{reverse('planning:numbers', args=(campaign.slug,))}?{query}"


def _category_rows(campaign: Campaign, contributions: QuerySet[Contribution]) -> list[CategoryRow]:
    counted = {
        row["category"]: row
        for row in contributions.order_by()
        .values("category")
        .annotate(
            contributions=Count("pk"),
            participants=Count("participant", distinct=True),
            all_comments=Sum("comment_count"),
            all_support=Sum("support_count"),
            all_opposition=Sum("opposition_count"),
        )
    }
    longest = max((row["contributions"] for row in counted.values()), default=0) or 1
    rows = []
    for category in campaign.categories.all():
        row = counted.get(category.pk, _NOTHING)
        rows.append(
            CategoryRow(
                category=category,
                contributions=row["contributions"],
                participants=row["participants"] or (None if row["contributions"] else 0),
                comments=row["all_comments"],
                support=row["all_support"],
                opposition=row["all_opposition"],
                share=f"{100 * row['contributions'] / longest:.1f}",
            )
        )
    return rows


def _totals(
    campaign: Campaign, rows: list[CategoryRow], contributions: QuerySet[Contribution]
) -> dict[str, object]:
    """Sums over categories; people are counted separately, since one person may use several categories.

    Contributions without a participant (the city's own places, imports) are not counted for these people.
    """
    known = contributions.order_by().aggregate(
        people=Count("participant", distinct=True), theirs=Count("participant")
    )
    people, number = known["people"], sum(row.contributions for row in rows)
    support, opposition = sum(row.support for row in rows), sum(row.opposition for row in rows)
    return {
        "contributions": number,
        "participants": None if number and not people else people,
        "took_part": number_who_took_part(campaign, is_public=False),
        "per_person": known["theirs"] / people if people else None,
        "unnamed": number - known["theirs"],
        "comments": sum(row.comments for row in rows),
        "support": support,
        "opposition": opposition,
        "balance": support - opposition,
    }
