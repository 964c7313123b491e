"""What the cells of a report are called: squares, hexagons, districts, or the areas of a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mapping.reports.classes import HeatClass
from mapping.reports.content import Content
from mapping.wording import in_words_number


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A class that holds something, and how many cells in words."""

    look: str
    low: float
    high: float
    cells: str


def title_of(content: Content) -> str:
    """Above their number."""
    if content.query is None:
        return _("Areas")
    return {"square": _("Squares"), "hexagon": _("Hexagons"), "district": _("Districts")}[content.query.grid]


def column_of(content: Content) -> str:
    """Above their ids."""
    if content.query is None:
        return _("Area")
    return _("District") if content.query.grid == "district" else _("Cell")


def in_words_cells(content: Content, number: int) -> str:
    """How many: "3 hexagons"."""
    grid = "" if content.query is None else content.query.grid
    if grid == "square":
        words = ngettext("%(number)s square", "%(number)s squares", number)
    elif grid == "hexagon":
        words = ngettext("%(number)s hexagon", "%(number)s hexagons", number)
    elif grid == "district":
        words = ngettext("%(number)s district", "%(number)s districts", number)
    else:
        words = ngettext("%(number)s area", "%(number)s areas", number)
    return words % {"number": in_words_number(number)}


def legend_of(content: Content, classes: Sequence[HeatClass]) -> list[LegendLine]:
    """The classes that hold something."""
    return [
        LegendLine(one.look, one.low, one.high, in_words_cells(content, one.cells))
        for one in classes
        if one.cells
    ]
