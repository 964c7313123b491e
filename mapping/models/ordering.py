"""The orders in which people read lists of contributions: by one number, the largest first, then the newest.

By distance the number is below zero, so that the nearest is the largest.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib.gis.db.models import GeometryField
from django.db import models
from django.db.models import BigIntegerField, Case, Exists, F, Func, IntegerField, OuterRef, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mapping.models.contribution import ContributionQuerySet
from mapping.models.feedback import Reply
from mapping.models.keysets import KeyValue, behind


class Ordering(models.TextChoices):
    """The orders that lists offer."""

    NEW = "new", _("Newest first")
    SUPPORTED = "supported", _("Most supported first")
    DISCUSSED = "discussed", _("Most discussed first")
    UNANSWERED = "unanswered", _("Without an answer first")
    NEAREST = "nearest", _("Nearest first")


Position = tuple[float, float]
"""Longitude and latitude in degrees (EPSG:4326)."""

_NOWHERE: Final = -(10**11)
"""The rank by distance of what has no place: behind everything on Earth, in millimetres."""


class _PositionInMetres(Func):
    """A position (longitude, latitude in degrees) in EPSG:3035."""

    template = "ST_Transform(ST_SetSRID(ST_MakePoint(%(expressions)s), 4326), 3035)"
    output_field = GeometryField(srid=3035)


class _Nearness(Func):
    """The distance of two geometries in EPSG:3035, below zero, in whole millimetres: numbers that compare exactly."""

    template = "-(round(ST_Distance(%(expressions)s) * 1000)::bigint)"
    output_field = BigIntegerField()


_RANKS: Final[Mapping[Ordering, Any]] = {
    Ordering.SUPPORTED: F("support_count"),
    Ordering.DISCUSSED: F("comment_count"),
    Ordering.UNANSWERED: Case(
        When(Exists(Reply.objects.filter(contribution=OuterRef("pk"))), then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    ),
}
"""What is compared before the time. The newest need nothing, so that their index serves them."""


def ranked(
    rows: ContributionQuerySet, ordering: Ordering, near: Position | None = None
) -> ContributionQuerySet:
    """Contributions with `rank`, the number by which an ordering other than `NEW` compares them, in this order.

    `NEAREST` needs a position; what has no place comes last.
    """
    return rows.annotate(rank=_rank(ordering, near)).order_by("-rank", "-created_at", "-id")


def _rank(ordering: Ordering, near: Position | None) -> Any:
    if ordering != Ordering.NEAREST:
        return _RANKS[ordering]
    if near is None:
        raise ValueError("The nearest to what?")
    here = _PositionInMetres(Value(near[0]), Value(near[1]))
    return Coalesce(_Nearness(F("geom_laea"), here), Value(_NOWHERE), output_field=BigIntegerField())


def behind_ranked(
    rows: ContributionQuerySet, rank: int, created_at: datetime, pk: uuid.UUID
) -> ContributionQuerySet:
    """The rest of `ranked()` behind one contribution (keyset paging).

    Numbers change while somebody turns pages: what gained support may be missed, what lost it may come again.
    """
    keys = (
        KeyValue("rank", rank, is_descending=True),
        KeyValue("created_at", created_at, is_descending=True),
        KeyValue("id", pk, is_descending=True),
    )
    return rows.filter(behind(keys))
