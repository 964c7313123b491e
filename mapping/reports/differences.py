"""What the two parts of a comparison hold in all, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mapping.aggregation.heatmap.counts import Totals


@dataclass(frozen=True, slots=True)
class Difference:
    """A number of both parts, None where it is unknown."""

    title: str
    first: float | None
    second: float | None

    @property
    def value(self) -> float | None:
        """How many more the second one has."""
        return None if self.first is None or self.second is None else self.second - self.first

    @property
    def per_cent(self) -> int | None:
        """The same in per cent of the first one, None where that has nothing."""
        return round(100 * self.value / self.first) if self.first and self.value is not None else None


def people_of(totals: Totals) -> int | None:
    """How many took part with a contribution; unknown where contributions came without any person."""
    return None if totals.contributions and not totals.participants else totals.participants


def differences(
    totals: tuple[Totals, Totals], cells: tuple[int, int], days: tuple[int, int] | None = None
) -> list[Difference]:
    """Totals and numbers of cells of both parts, and of periods their days."""
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
