"""Totals of the two sides of a comparison."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.counts import Totals


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of both sides, None where it is unknown."""

    title: str
    first: float | None
    second: float | None

    @property
    def value(self) -> float | None:
        """The second number minus the first."""
        return None if self.first is None or self.second is None else self.second - self.first

    @property
    def per_cent(self) -> int | None:
        """The difference in per cent of the first number, None if that is zero."""
        return round(100 * self.value / self.first) if self.first and self.value is not None else None


def people_of(totals: Totals) -> int | None:
    """The number of participants; unknown if no contribution has a participant."""
    return None if totals.contributions and not totals.participants else totals.participants


def differences(
    totals: tuple[Totals, Totals], cells: tuple[int, int], days: tuple[int, int] | None = None
) -> list[Difference]:
    """Totals and numbers of cells of both sides, and for periods their days."""
    a, b = totals
    rows = [
        Difference(_("Contributions"), a.contributions, b.contributions),
        Difference(_("Contributors"), people_of(a), people_of(b)),
        Difference(_("Cells"), *cells),
        Difference(_("Without a place"), a.unlocated, b.unlocated),
    ]
    if days is not None and all(days):
        rows.insert(0, Difference(_("Days"), *days))
        per_day = (round(one.contributions / number, 2) for one, number in zip(totals, days, strict=True))
        rows.insert(2, Difference(_("Contributions per day"), *per_day))
    return rows
