"""Explanations of cells, colours, outlines and surfaces, shared by page and report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.aggregation.heatmap.query import Grid
from mapping.aggregation.statistics.change import Period
from mapping.aggregation.statistics.significance import FEWEST_PEOPLE, FEWEST_VOICES
from mapping.reports.view import ClassMethod
from mapping.wording import in_words_day, in_words_number

LEFT_OUT: Final[dict[str, Promise]] = {
    "hotspots_of_one_map": gettext_lazy(
        "Hot spots are outlined where one distribution is shown, not in comparisons: they are left out."
    ),
    "surface_of_one_map": gettext_lazy(
        "The smooth surface is there where one distribution is shown, not in comparisons: cells are shown."
    ),
    "change_of_contributions": gettext_lazy(
        "A change is told of contributions alone, whatever else was chosen to be counted."
    ),
    "hotspots_of_contributions": gettext_lazy(
        "Hot spots are tested by contributions or participants: those outlined here are the ones of contributions."
    ),
    "surface_of_contributions": gettext_lazy(
        "The smooth surface shows contributions, whatever is counted in the cells."
    ),
    "release_without_filter": gettext_lazy(
        "A release can be neither filtered nor shown in another way: it is shown as it is."
    ),
}
"""Sentences about requested options that are not shown, by name."""


def not_understood(name: str, value: str) -> str:
    """The sentence about an invalid parameter of an address."""
    return _("“%(name)s=%(value)s” has no meaning here and is left out.") % {
        "name": name,
        "value": value[:40],
    }


def too_few_for_hotspots() -> str:
    """Why no hot spot is outlined."""
    return _("Fewer than %(number)s contributors: significance cannot be told.") % {"number": FEWEST_VOICES}


def change_in_words(before: Period, after: Period) -> str:
    """Definition of a change and its test."""
    return _(
        "Contributions from %(after_start)s to %(after_end)s less those from %(before_start)s to %(before_end)s. "
        "Outlined are cells whose numbers per day differ more than chance explains: conditional Poisson test of each "
        "cell, corrected for the number of cells by Benjamini and Hochberg at 5 %%, and at least %(people)s people "
        "behind the busier period. Not told below %(few)s people."
    ) % {
        "before_start": in_words_day(before.first),
        "before_end": in_words_day(before.last),
        "after_start": in_words_day(after.first),
        "after_end": in_words_day(after.last),
        "people": FEWEST_PEOPLE,
        "few": FEWEST_VOICES,
    }


def period_in_words(period: Period) -> str:
    """`Mon 6 Sept 2026 to Wed 8 Sept 2026`."""
    return _("%(start)s to %(end)s") % {
        "start": in_words_day(period.first),
        "end": in_words_day(period.last),
    }


def surface_in_words(bandwidth: int) -> str:
    """How a smooth surface is computed."""
    return _(
        "Kernel density with the quartic kernel and a bandwidth of %(bandwidth)s m, computed from cells of 100 m. It "
        "spreads each contribution over its surroundings: read it as a picture, not as a count."
    ) % {"bandwidth": in_words_number(bandwidth)}


def classes_in_words(method: ClassMethod) -> str:
    """How the limits of the classes are determined."""
    words = {
        "growing": _("Five classes, each about the same factor wider than the one before."),
        "quantile": _("Up to five classes with about equally many cells (quantiles)."),
        "equal": _("Up to five classes of equal width."),
        "manual": _("Classes with limits of your own."),
    }
    return words[method]


def hotspots_in_words(grid: Grid) -> str:
    """Definition of outlined hot and cold spots."""
    around = {
        "square": _("a cell and its eight neighbours"),
        "hexagon": _("a cell and its six neighbours"),
        "district": _("a district and those that touch it"),
    }
    return _(
        "Getis-Ord Gi* over %(around)s, all cells of the area included, empty ones as zero; two-sided, corrected for "
        "the number of cells by Benjamini and Hochberg at 5 %%. A line or an area enters once, shared out over its "
        "cells. A hot spot holds something itself, and at least %(people)s people stand behind it and its neighbours, "
        "none of them for more than half. Not told below %(few)s people."
    ) % {"around": around[grid], "people": FEWEST_PEOPLE, "few": FEWEST_VOICES}


def responses_in_words() -> str:
    """What answers to the survey are on a heat map."""
    return _(
        "Contributions are joined to the survey by the people who made them. These are people’s own answers, some of "
        "them for staff only, and small groups are not suppressed here: please pass on nothing that stands for few "
        "people. Whoever did not answer the survey is left out."
    )


def staff_answers_in_words() -> str:
    """What answers of contributions that only staff may read are on a heat map."""
    return _(
        "This map is made with answers that only staff may read, and small groups are not suppressed here: please "
        "pass on nothing that stands for few people."
    )


def sources_in_words(sources: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Title and explanation of the answers for staff that a heat map is made of (`HeatmapQuery.staff_sources`)."""
    if "staff_answers" in sources:
        yield _("Answers for staff"), staff_answers_in_words()
    if "responses" in sources:
        yield _("Answers to the survey"), responses_in_words()


def people_in_words() -> str:
    """How means of answers to the survey are counted."""
    return _("Each person counts once in every cell with a contribution of theirs.")


def too_few_for_change() -> str:
    """Why no change is outlined."""
    return _("Too few contributors to tell change from chance.")
