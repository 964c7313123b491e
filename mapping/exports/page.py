"""One page of a selection as finished GeoJSON text."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import IntegerField, TextField, Value
from django.db.models.functions import Cast

from mapping.exports.counts import matching
from mapping.exports.features import FeatureText
from mapping.exports.selection import Selection
from mapping.filters.origins import SOURCE
from mapping.models import Source
from mapping.models.contribution import ContributionQuerySet
from mapping.models.keysets import KeyValue, behind
from mapping.models.ordering import Ordering, behind_ranked, ranked
from mapping.models.ordering import Position as LonLat

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Position:
    """The end of a page: the keyset order is newest first, ties broken by id.

    `position` is set for a place of the city in a list that shows these first, in their own order (`in_order`),
    `rank` in a list in another order (`models.ordering`). `matched` is the total that the first page counted (None:
    too many): it is carried along, so that reading many pages counts once.
    """

    created_at: datetime
    id: uuid.UUID
    matched: int | None
    position: int | None = None
    rank: int | None = None


@dataclass(frozen=True)
class Page:
    """Features as JSON texts with their ids, the total of matches, the position of the next page (None: the last)."""

    features: list[str]
    ids: list[str]
    matched: int | None
    end: Position | None


def read_page(
    selection: Selection,
    limit: int,
    photo_base: str,
    *,
    after: Position | None = None,
    ordering: Ordering | None = None,
    near: LonLat | None = None,
) -> Page:
    """Read up to `limit` contributions behind a position.

    Without an `ordering` the newest come first, and places of the city alone in their own order; `near` is what the
    nearest are near to.
    """
    rows = selection.contributions()
    # Times and ids as text: only those of the last row are needed as Python values.
    columns = (FeatureText(photo_base), Cast("created_at", TextField()), Cast("id", TextField()), "position")
    is_ranked = ordering is not None and ordering != Ordering.NEW

    def read(part: ContributionQuerySet) -> list[tuple[Any, ...]]:
        return list(part.values_list(*columns, "rank" if is_ranked else Value(None, IntegerField())))

    if ordering is None and selection.filter.get(SOURCE) == (Source.CITY,):
        found = in_order(rows, limit + 1, after, read)
    else:
        found = read(ordered(rows, after, ordering or Ordering.NEW, near)[: limit + 1])
    features = [row[0] for row in found[:limit]]
    ids = [row[2] for row in found[:limit]]
    is_last = len(found) <= limit
    matched: int | None = len(found)
    if after is not None:
        matched = after.matched
    elif not is_last:
        matched = matching(selection, at_least=len(found))
    if is_last:
        return Page(features, ids, matched, None)
    _text, created_at, pk, position, rank = found[limit - 1]
    end = Position(datetime.fromisoformat(created_at), uuid.UUID(pk), matched, position, rank)
    return Page(features, ids, matched, end)


def in_order(
    found: ContributionQuerySet,
    size: int,
    after: Position | None,
    read: Callable[[ContributionQuerySet], list[RowT]],
) -> list[RowT]:
    """Up to `size` rows behind a position: the places of the city in their order, then all others, newest first."""
    rows: list[RowT] = []
    if after is None or after.position is not None:
        places = found.in_order()
        if after is not None:
            keys = (
                KeyValue("position", after.position, is_descending=False),
                KeyValue("id", after.id, is_descending=False),
            )
            places = places.filter(behind(keys))
        rows, after = read(places[:size]), None
    if len(rows) == size:
        return rows
    return rows + read(ordered(found.without_order(), after)[: size - len(rows)])


def ordered(
    rows: ContributionQuerySet,
    after: Position | None,
    ordering: Ordering = Ordering.NEW,
    near: LonLat | None = None,
) -> ContributionQuerySet:
    """Contributions in an order, behind a position; those of any order but the newest have their `rank`."""
    if ordering == Ordering.NEW:
        rows = rows.newest_first()
        return rows if after is None else rows.after(after.created_at, after.id)
    rows = ranked(rows, ordering, near)
    if after is None or after.rank is None:
        return rows
    return behind_ranked(rows, after.rank, after.created_at, after.id)


def read_feature(contributions: ContributionQuerySet, photo_base: str) -> str | None:
    """Return the feature of a QuerySet of one contribution, or None where it is empty."""
    return contributions.values_list(FeatureText(photo_base), flat=True).first()


def read_features(contributions: ContributionQuerySet, photo_base: str) -> list[tuple[uuid.UUID, str]]:
    """Return the features of contributions in order, each with its id."""
    return list(contributions.values_list("id", FeatureText(photo_base)))
