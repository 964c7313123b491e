"""Numbers of a campaign over time and per category, exact, for those who may analyse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from mapping import rules
from mapping.aggregation import statistics
from mapping.aggregation.query import HeatmapQuery
from mapping.models import Campaign, Category, Contribution, ContributionStatus
from mapping.planning.access import frame, log_exact_access, planners_only
from mapping.reports.charts import UNITS, Unit, bins_of, chart_of, unit_for

_MOST_DAYS: Final = 400
_STATUSES: Final = (ContributionStatus.PUBLISHED, ContributionStatus.PENDING, ContributionStatus.REJECTED)
_STATUS_TITLES: Final = {
    "": _("All"),
    ContributionStatus.PUBLISHED.value: _("Published"),
    ContributionStatus.PENDING.value: _("Waiting"),
    ContributionStatus.REJECTED.value: _("Rejected"),
}
_UNIT_TITLES: Final[dict[Unit, object]] = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
_NOTHING: Final = {"contributions": 0, "participants": 0, "all_comments": 0, "all_support": 0}


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to another view of the numbers."""

    title: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """The numbers of one category; `share` is a bar's width in per cent."""

    category: Category
    contributions: int
    participants: int
    comments: int
    support: int
    share: str


@planners_only(rules.may_analyse)
def numbers(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Timeline, running total and categories; whoever looks at a protected campaign is recorded."""
    log_exact_access(request, campaign, "numbers")
    status = request.GET.get("status", "")
    status = status if status in _STATUS_TITLES else ""
    statuses = (status,) if status else tuple(one.value for one in _STATUSES)
    contributions = Contribution.objects.filter(campaign=campaign).with_status(statuses)
    counts = statistics.timeline(HeatmapQuery(campaign_id=campaign.pk, statuses=statuses))
    unit = _unit(request.GET.get("by", ""), counts)
    bins = bins_of(counts, unit)
    rows = _category_rows(campaign, contributions)
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
            "totals": _totals(rows, contributions),
            "bins": bins,
            "newest_first": bins[::-1],
            "unit": unit,
            "most": max(bins, key=lambda one: one.value, default=None),
            "wide": chart_of(bins, unit, width=880, height=300, with_line=True),
            "narrow": chart_of(bins, unit, width=340, height=240, with_line=True),
            "rows": rows,
        },
    )


def _unit(wanted: str, counts: Sequence[tuple[date, int]]) -> Unit:
    """The wanted step; without one, or where it would make more bars than a screen has room for, the fitting one."""
    if not counts:
        return "day"
    first, last = counts[0][0], counts[-1][0]
    unit = next((one for one in UNITS if one == wanted), unit_for(first, last))
    return "week" if unit == "day" and (last - first).days > _MOST_DAYS else unit


def _address(campaign: Campaign, status: str, unit: Unit) -> str:
    query = urlencode({name: value for name, value in (("status", status), ("by", unit)) if value})
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
                participants=row["participants"],
                comments=row["all_comments"],
                support=row["all_support"],
                share=f"{100 * row['contributions'] / longest:.1f}",
            )
        )
    return rows


def _totals(rows: list[CategoryRow], contributions: QuerySet[Contribution]) -> dict[str, object]:
    """Sums over categories; people are counted anew, since one person may use several categories."""
    number = sum(row.contributions for row in rows)
    people = contributions.order_by().aggregate(people=Count("participant", distinct=True))["people"]
    return {
        "contributions": number,
        "participants": people,
        "per_person": number / people if people else None,
        "comments": sum(row.comments for row in rows),
        "support": sum(row.support for row in rows),
    }
