"""Titles of the cells of a report: squares, hexagons, districts, or the areas of a release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mapping.aggregation.heatmap.surface import Surface
from mapping.reports.classes import HeatClass, step_of
from mapping.reports.content import Content
from mapping.wording import in_words_number, in_words_signed


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A colour or an outline with its meaning; `look` is the CSS class of `tokens.css`, also used by the picture."""

    look: str
    words: str
    cells: str


def title_of(content: Content) -> str:
    """Title above the number of cells."""
    if content.query is None:
        return _("Areas")
    return {"square": _("Squares"), "hexagon": _("Hexagons"), "district": _("Districts")}[content.query.grid]


def column_of(content: Content) -> str:
    """Column title above the ids of cells."""
    if content.query is None:
        return _("Area")
    return _("District") if content.query.grid == "district" else _("Cell")


def in_words_cells(content: Content, number: int) -> str:
    """The number of cells in words: "3 hexagons"."""
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


def legend_title_of(content: Content) -> str:
    """Title of the legend."""
    if content.surface is None:
        return content.counted
    return _("%(what)s, smoothed over %(bandwidth)s m") % {
        "what": _("Contributions per km²"),
        "bandwidth": in_words_number(content.surface.bandwidth),
    }


def legend_of(content: Content) -> list[LegendLine]:
    """The lines of the large map: its classes or those of its surface, then its outlines."""
    lines = (
        class_lines_of(content, content.classes)
        if content.surface is None
        else _surface_lines(content.surface)
    )
    outlines = [
        LegendLine(f"legend__swatch--{one.look}", one.title, in_words_cells(content, one.cells))
        for one in content.outlines
    ]
    return [*lines, *outlines]


def class_lines_of(content: Content, classes: Sequence[HeatClass]) -> list[LegendLine]:
    """The non-empty classes, or all if chosen by the user; for differences the greatest gain first."""
    shown = [one for one in classes if one.cells or content.view.classes == "manual"]
    if content.ramp == "change":
        shown = [one for one in reversed(classes) if one.cells]
    return [
        LegendLine(one.look, _limits(one, is_change=content.view.mode == "change"), _cells(content, one))
        for one in shown
    ]


def note_of(content: Content) -> str:
    """The meaning of cells without colour."""
    if content.release is not None:
        return _("Without colour: where too few people contributed, nothing is shown.")
    if content.surface is not None:
        return _("A surface guesses between places; the cells do not.")
    if content.sides:
        return _("Both maps share their colours. Without colour: nothing was placed there.")
    return _("Without colour: nothing was placed there.")


def _cells(content: Content, one: HeatClass) -> str:
    if not content.sides:
        return in_words_cells(content, one.cells)
    steps = [[step_of(cell.value, content.classes) for cell in side.cells] for side in content.sides]
    numbers = zip("AB", steps, strict=True)
    return " · ".join(f"{letter} {in_words_number(found.count(one.step))}" for letter, found in numbers)


def _surface_lines(surface: Surface) -> list[LegendLine]:
    limits = surface.limits
    digits = 0 if surface.maximum >= 10 else 1 if surface.maximum >= 1 else 2
    return [
        LegendLine(f"heat-{step}", f"{_rounded(low, digits)}–{_rounded(high, digits)}", "")
        for step, (low, high) in enumerate(pairwise(limits), 1)
    ]


def _rounded(value: float, digits: int) -> str:
    # Django's number_format truncates digits.
    return str(number_format(round(value, digits), digits))


def _limits(one: HeatClass, *, is_change: bool) -> str:
    if one.ramp == "heat":
        low, high = in_words_number(one.low), in_words_number(one.high)
        return low if one.low == one.high else f"{low}–{high}"
    near, far = sorted((one.low, one.high), key=abs)
    if near == 0:
        return _("as many") if is_change else in_words_number(0)
    if near == far:
        return in_words_signed(near)
    return _("%(near)s to %(far)s") % {"near": in_words_signed(near), "far": in_words_signed(far)}
