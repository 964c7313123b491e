"""Tables of two axes of a survey: what the address says of them, the table, and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.surveys.axes import Axis, Only, axes_of, choices_of
from mapping.aggregation.surveys.crosstab import FEW_PEOPLE, CrossTable, cross_table
from mapping.exports.formats.csv import CSV, table
from mapping.models import Campaign, Question
from mapping.planning.access import log_exact_access, planners_only, proof_for_file
from mapping.planning.surveys.choice import Choice, Group
from mapping.services.record import record_download
from mapping.services.surveys.responses import questions_of

ROWS: Final = "rows"
COLUMNS: Final = "columns"


@dataclass(frozen=True)
class Crossing:
    """What the address says of a table, and the table where both axes are chosen."""

    axes: Sequence[Axis]
    first: Axis | None
    second: Axis | None
    only: Only | None
    share: str
    table: CrossTable | None
    few: int = FEW_PEOPLE

    @property
    def firsts(self) -> list[Choice]:
        """The axes for rows."""
        return _choices(self.axes, self.first)

    @property
    def seconds(self) -> list[Choice]:
        """The axes for columns."""
        return _choices(self.axes, self.second)

    @property
    def onlies(self) -> list[Group]:
        """The conditions."""
        current = "" if self.only is None else self.only.name
        return [
            Group(
                axis.title,
                [
                    Choice(one.name, title, one.name == current)
                    for value, title in axis.values
                    for one in [Only(axis, value)]
                ],
            )
            for axis in self.axes
        ]

    @property
    def shares(self) -> list[Choice]:
        """Of what the shares are."""
        titles = ((ROWS, _("people of a row")), (COLUMNS, _("people of a column")))
        return [Choice(value, title, value == self.share) for value, title in titles]

    @property
    def is_of_columns(self) -> bool:
        """Whether shares are parts of columns."""
        return self.share == COLUMNS

    @property
    def is_several(self) -> bool:
        """Whether people may stand in several rows or columns."""
        return any(axis is not None and axis.is_several for axis in (self.first, self.second))

    @property
    def query(self) -> str:
        """The query of the address that shows the same table."""
        values = {
            "first": self.first.name if self.first else "",
            "second": self.second.name if self.second else "",
            "only": self.only.name if self.only else "",
            "share": self.share if self.is_of_columns else "",
        }
        return urlencode({name: value for name, value in values.items() if value})


def crossing_of(request: HttpRequest, campaign: Campaign, questions: Sequence[Question]) -> Crossing:
    """Read the address; what is unknown in it counts as not chosen."""
    axes = axes_of(campaign, questions)
    first, second = _axis(request, axes, "first"), _axis(request, axes, "second")
    only = next((one for one in choices_of(axes) if one.name == request.GET.get("only")), None)
    share = COLUMNS if request.GET.get("share") == COLUMNS else ROWS
    found = cross_table(campaign, first, second, only) if first and second else None
    return Crossing(axes, first, second, only, share, found)


@require_safe
@planners_only(rules.may_read_responses)
def download(request: HttpRequest, campaign: Campaign) -> HttpResponseBase:
    """The table as CSV; of protected campaigns with a proof, and logged."""
    page = proof_for_file(request, campaign)
    if page is not None:
        return page
    crossing = crossing_of(request, campaign, questions_of(campaign))
    if crossing.table is None:
        raise Http404
    log_exact_access(request, campaign, "survey")
    record_download(request.user, campaign, "survey-table")
    response = HttpResponse(table(_lines(crossing, crossing.table)), content_type=CSV.media_type)
    response["Content-Disposition"] = f'attachment; filename="{campaign.slug}-table.csv"'
    return response


def _lines(crossing: Crossing, found: CrossTable) -> Iterator[list[object]]:
    """People of all cells, then their shares in per cent."""
    heads = [
        *found.columns,
        _("People"),
        *(
            _("%(column)s (%% of the %(whole)s)") % {"column": one, "whole": _whole(crossing)}
            for one in found.columns
        ),
    ]
    yield [
        f"{crossing.first.title} × {crossing.second.title}" if crossing.first and crossing.second else "",
        *heads,
    ]
    for row in (*found.rows, found.whole):
        shares = [pair.share_of_column if crossing.is_of_columns else pair.share for pair in row.pairs]
        yield [
            row.title,
            *(pair.people for pair in row.pairs),
            row.people,
            *("" if share is None else round(100 * share, 2) for share in shares),
        ]


def _whole(crossing: Crossing) -> str:
    return _("column") if crossing.is_of_columns else _("row")


def _axis(request: HttpRequest, axes: Iterable[Axis], name: str) -> Axis | None:
    return next((axis for axis in axes if axis.name == request.GET.get(name)), None)


def _choices(axes: Iterable[Axis], current: Axis | None) -> list[Choice]:
    return [Choice(axis.name, axis.title, axis is current) for axis in axes]
