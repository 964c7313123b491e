"""The standing of judged contributions as table and map, for the citizens' and the planners' pages alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse, QueryDict
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from mapping.aggregation.opinions import Judged, all_judged, standing
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.dimension import Option
from mapping.filters.places import CATEGORY, DISTRICT
from mapping.geo.formulas import guarded
from mapping.models import Campaign, Category
from mapping.reports.classes import HeatClass, signed_classes_of
from mapping.wording import in_words_signed

MOST_ROWS: Final = 100
"""Most rows of the table and lines of the map: what a phone draws without delay; files hold all."""

_LONGEST_NAME: Final = 80
_HALF: Final = 50.0
"""Half of the width of a bar, in its SVG's units: opposition lies left of it, support right."""


@dataclass(frozen=True, slots=True)
class ShownJudged:
    """A row: `look` is the CSS class of its balance; `left` and `right` are the lengths of the halves of its bar."""

    judged: Judged
    name: str
    category: Category
    look: str
    left: str
    right: str
    start: str


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list to unfold."""

    value: str
    title: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ShownStanding:
    """The standing of a campaign's contributions; `number` and `people` are those of all, not of the shown rows.

    `features` are the rows with a place, for the map's script. `query` is the filter as an address says it.
    """

    rows: Sequence[ShownJudged]
    number: int
    people: int
    classes: Sequence[HeatClass]
    features: Sequence[Mapping[str, object]]
    districts: Sequence[Choice]
    categories: Sequence[Choice]
    allows_opposition: bool
    is_filtered: bool
    query: Sequence[tuple[str, str]]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than the shown rows."""
        return self.number > len(self.rows)


def filter_of(campaign: Campaign, query: QueryDict, statuses: tuple[str, ...] | None) -> ContributionFilter:
    """The filter by district and category of an address; invalid values are dropped."""
    choices = Choices(campaign)
    wanted = ContributionFilter(statuses)
    return wanted.having_all((one, one.find(query, choices, "")) for one in (DISTRICT, CATEGORY))


def shown_standing(campaign: Campaign, wanted: ContributionFilter) -> ShownStanding:
    """Rank what was judged; callers must check permissions first where the filter names statuses."""
    found = standing(campaign, wanted, MOST_ROWS)
    choices = Choices(campaign)
    categories = {category.pk: category for category in choices.categories}
    classes = signed_classes_of([one.balance for one in found.rows])
    most = max((max(one.support, one.opposition) for one in found.rows), default=0) or 1
    rows = [_shown(one, categories[one.category_id], classes, most) for one in found.rows]
    return ShownStanding(
        rows=rows,
        number=found.number,
        people=found.people,
        classes=[one for one in reversed(classes) if one.cells],
        features=[_feature(row) for row in rows if row.judged.geometry is not None],
        districts=_choices(wanted.get(DISTRICT), DISTRICT.options(choices)),
        categories=_choices(wanted.get(CATEGORY), CATEGORY.options(choices)),
        allows_opposition=campaign.allows_opposition or any(one.opposition for one in found.rows),
        is_filtered=wanted.is_narrowed,
        query=wanted.with_statuses(None).pairs(),
    )


def standing_file(campaign: Campaign, wanted: ContributionFilter) -> HttpResponse:
    """All rows as a CSV file with titles in the active language; UTF-8 with a mark, so that spreadsheets read it."""
    written = io.StringIO()
    table = csv.writer(written)
    titles = {category.pk: category.title for category in campaign.categories.all()}
    table.writerow(
        [
            *(_("Rank"), _("Tied"), "id", _("Name"), _("Category"), _("District")),
            *(_("Support"), _("Opposition"), _("Balance"), _("People")),
        ]
    )
    for one in all_judged(campaign, wanted):
        category = titles[one.category_id]
        names = [name_of(one, category), category, one.district]
        tied = _("yes") if one.is_tied else _("no")
        numbers = [one.support, one.opposition, one.balance, one.people]
        table.writerow([one.rank, tied, one.id, *map(guarded, names), *numbers])
    response = HttpResponse(f"\ufeff{written.getvalue()}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{campaign.slug}-opinions.csv"'
    return response


def address_of(path: str, standing: ShownStanding | None) -> str:
    """The address of a file with the standing's filter."""
    return f"{path}?{urlencode(standing.query)}" if standing is not None and standing.query else path


def name_of(judged: Judged, category: str) -> str:
    """Its title, else the beginning of its text, else its category."""
    text = " ".join(judged.text.split())
    return judged.title or Truncator(text).chars(_LONGEST_NAME) or category


def _shown(one: Judged, category: Category, classes: Sequence[HeatClass], most: int) -> ShownJudged:
    left, right = (_HALF * number / most for number in (one.opposition, one.support))
    look = next(found.look for found in classes if found.low <= one.balance <= found.high)
    return ShownJudged(
        one,
        name_of(one, category.title),
        category,
        look,
        f"{left:.1f}",
        f"{right:.1f}",
        f"{_HALF - left:.1f}",
    )


def _feature(row: ShownJudged) -> Mapping[str, object]:
    return {
        "geometry": row.judged.geometry,
        "look": row.look,
        "rank": row.judged.rank,
        "balance": in_words_signed(row.judged.balance),
        "isOpposed": row.judged.balance < 0,
        "name": row.name,
    }


def _choices(chosen: Sequence[str] | None, options: Sequence[Option]) -> list[Choice]:
    return [Choice(one.value, one.title, one.value in (chosen or ())) for one in options]
