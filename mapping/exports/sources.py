"""Sources of features with flat attributes: contributions, districts, the area of a campaign.

A source defines its rows (gate and filters are in its QuerySet), and how each attribute, the id and the place of a row
are read. Text (`flat`), pages (`paging`) and filters work on any source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.gis.db.models.functions import GeomOutputGeoFunc, Transform
from django.db.models import Expression, F, OrderBy, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from mapping.exports.fields import Field, paper_fields
from mapping.exports.selection import Selection
from mapping.exports.values import Second, value_of
from mapping.geo.crs import LAEA, WGS84
from mapping.models import Campaign, District

Readable = Expression | F | Subquery
"""An expression from which a value is read."""


class _Counterclockwise(GeomOutputGeoFunc):
    function = "ST_ForcePolygonCCW"


@dataclass(frozen=True)
class SortKey:
    """One key of a sort order; empty values come last in either direction."""

    value: Readable
    is_descending: bool = False
    is_nullable: bool = True

    def ordering(self, name: str | None = None) -> OrderBy:
        """Return the ordering by this key, or by the annotation of the given name."""
        # An ascending index is NULLS LAST anyway; stating it for columns without NULLs would only hide the index.
        nulls_last = True if self.is_nullable else None
        value = self.value if name is None else F(name)
        return OrderBy(value, descending=self.is_descending, nulls_last=nulls_last)


@dataclass(frozen=True, eq=False)
class Source:
    """Rows that are features.

    `order` is the default order of rows, and `identifier` breaks ties; both are columns of an index. `place` is a
    geometry in EPSG:4326, `place_laea` the same in EPSG:3035 where it is stored.
    `is_oriented` says that outer rings are stored counterclockwise, as contributions are. `period` names the columns of
    the moments between which a row holds (the second one excluded, empty is open). `divided_by` names the column
    of moments of its order where all rows of a large table are read, which can be done in parts (`copying`).
    """

    rows: QuerySet[Any, Any]
    fields: tuple[Field, ...]
    values: Mapping[str, Readable]
    identifier: str
    place: str
    order: tuple[SortKey, ...]
    place_laea: str = ""
    is_oriented: bool = True
    period: tuple[str, str] | None = None
    divided_by: str = ""

    def complete(self, order: Sequence[SortKey] = ()) -> tuple[SortKey, ...]:
        """Append the id to an order (the default one if none is given), which makes it total."""
        chosen = order or self.order
        is_descending = bool(chosen) and chosen[0].is_descending
        return (*chosen, SortKey(F(self.identifier), is_descending, is_nullable=False))

    def in_order(self) -> QuerySet[Any, Any]:
        """The rows in the source's default order."""
        return self.rows.order_by(*(key.ordering() for key in self.complete()))

    def place_in(self, crs: int) -> Readable:
        """The place in a CRS given by its EPSG code, x to the east, outer rings counterclockwise (RFC 7946, 3.1.6)."""
        if not self.is_oriented:
            return _Counterclockwise(self.place if crs == WGS84 else Transform(self.place, crs))
        if crs == WGS84:
            return F(self.place)
        if crs == LAEA and self.place_laea:
            return F(self.place_laea)
        return Transform(self.place, crs)


def contributions_source(selection: Selection, photo_base: str, *, is_whole: bool = False) -> Source:
    """The contributions of a selection, newest first; `is_whole` if all are read rather than a page.

    Whole files of staff, whose selection names statuses, have the batches and numbers of map sheets.
    """
    fields = selection.fields()
    if is_whole and selection.statuses is not None:
        fields += paper_fields(selection.campaign)
    return Source(
        rows=selection.contributions(),
        fields=fields,
        values={field.name: value_of(field, photo_base, is_whole=is_whole) for field in fields},
        identifier="id",
        place="geom",
        order=(SortKey(F("created_at"), is_descending=True, is_nullable=False),),
        place_laea="geom_laea",
        # A filter may reach its rows faster than the sort order's index does: it is evaluated once.
        divided_by="created_at" if is_whole and not selection.is_filtered else "",
    )


_DISTRICT: Final = (
    Field("code", _("Code"), "text", is_always_there=True),
    Field("name", _("Name"), "text", is_always_there=True),
)
_AREA: Final = (
    Field("title", _("Title"), "text", is_always_there=True),
    Field("opens", _("Opens"), "datetime"),
    Field("closes", _("Closes"), "datetime"),
)


def districts_source(campaign: Campaign) -> Source:
    """The districts of a campaign's district layer."""
    return Source(
        rows=District.objects.filter(layer=campaign.district_layer_id),
        fields=_DISTRICT,
        values={"code": F("code"), "name": F("name")},
        identifier="code",
        place="geom",
        order=(),
        is_oriented=False,
    )


def area_source(campaign: Campaign) -> Source:
    """The area of a campaign: one row, or none."""
    return Source(
        rows=Campaign.objects.filter(pk=campaign.pk, area__isnull=False),
        fields=_AREA,
        values={"title": F("title"), "opens": Second("opens_at"), "closes": Second("closes_at")},
        identifier="slug",
        place="area",
        order=(),
        period=("opens_at", "closes_at"),
        is_oriented=False,
    )
