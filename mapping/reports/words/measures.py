"""The measure of a report in words, and its classes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.problems import QueryProblem
from mapping.filters.questions import measured_question
from mapping.reports.cells import ShownCell
from mapping.reports.classes import (
    HeatClass,
    classes_of,
    equal_classes_of,
    manual_classes_of,
    mean_classes_of,
    quantile_classes_of,
    signed_classes_of,
)
from mapping.reports.view import View
from mapping.wording import in_words_number


def counted_of(query: HeatmapQuery, what: str = "") -> str:
    """The title "measure per cell"; `what` replaces the measure's own name."""
    what = what or _measured(query)
    if query.grid == "district":
        return _("%(what)s per district") % {"what": what}
    cell = (
        _("%(what)s per hexagon of %(size)s m")
        if query.grid == "hexagon"
        else _("%(what)s per cell of %(size)s m")
    )
    return cell % {"what": what, "size": in_words_number(query.size)}


def _measured(query: HeatmapQuery) -> str:
    return {
        "contributions": _("Contributions"),
        "participants": _("Contributors"),
        "support": _("Support"),
        "opposition": _("Opposition"),
        "balance": _("Balance of support and opposition"),
        "mean": _("Mean of “%(question)s”"),
    }[query.measure] % {"question": _question(query)}


def value_title_of(query: HeatmapQuery) -> str:
    """The title of the third number of each cell, if any."""
    titles = {
        "support": _("Support"),
        "opposition": _("Opposition"),
        "balance": _("Balance"),
        "mean": _("Mean"),
    }
    return titles.get(query.measure, "")


def _question(query: HeatmapQuery) -> str:
    if not query.question:
        return ""
    try:
        found = measured_question(query.campaign_id, query.question, for_staff=query.for_staff)
    except QueryProblem:
        return query.question
    return found.title


def classes_for(query: HeatmapQuery, view: View, cells: Sequence[ShownCell]) -> list[HeatClass]:
    """Sort cells into the classes of a view."""
    values = [cell.value for cell in cells if cell.value is not None]
    is_whole = query.measure != "mean"
    if query.measure == "balance":
        return signed_classes_of([round(value) for value in values])
    if is_whole:
        values = [round(value) for value in values if value > 0]
    if not values:
        return []
    if view.classes == "manual" and view.limits:
        return manual_classes_of(values, view.limits, whole=is_whole)
    if view.classes == "quantile":
        return quantile_classes_of(values, whole=is_whole)
    if not is_whole:
        return mean_classes_of(values)
    whole = [round(value) for value in values]
    return equal_classes_of(whole) if view.classes == "equal" else classes_of(whole)
