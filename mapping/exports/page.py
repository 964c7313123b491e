"""One page of a selection as finished GeoJSON text."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextField
from django.db.models.functions import Cast

from mapping.exports.counts import matching
from mapping.exports.features import FeatureText
from mapping.exports.selection import Selection
from mapping.models.contribution import ContributionQuerySet


@dataclass(frozen=True)
class Position:
    """The end of a page: the keyset order is newest first, ties broken by id.

    `matched` is the total that the first page counted (None: too many): it is carried along, so that reading many pages
    counts once.
    """

    created_at: datetime
    id: uuid.UUID
    matched: int | None


@dataclass(frozen=True)
class Page:
    """Features as JSON texts, the total of matches, and the position of the next page (None: this was the last)."""

    features: list[str]
    matched: int | None
    end: Position | None


def read_page(selection: Selection, limit: int, photo_base: str, *, after: Position | None = None) -> Page:
    """Read up to `limit` contributions, newest first, behind a position."""
    rows = selection.contributions().newest_first()
    if after is not None:
        rows = rows.after(after.created_at, after.id)
    # Times and ids as text: only those of the last row are needed as Python values.
    columns = (FeatureText(photo_base), Cast("created_at", TextField()), Cast("id", TextField()))
    found = list(rows.values_list(*columns)[: limit + 1])
    features = [row[0] for row in found[:limit]]
    is_last = len(found) <= limit
    matched: int | None = len(found)
    if after is not None:
        matched = after.matched
    elif not is_last:
        matched = matching(selection, at_least=len(found))
    if is_last:
        return Page(features, matched, None)
    _text, created_at, pk = found[limit - 1]
    return Page(features, matched, Position(datetime.fromisoformat(created_at), uuid.UUID(pk), matched))


def read_feature(contributions: ContributionQuerySet, photo_base: str) -> str | None:
    """Return the feature of a QuerySet of one contribution, or None where it is empty."""
    return contributions.values_list(FeatureText(photo_base), flat=True).first()


def read_features(contributions: ContributionQuerySet, photo_base: str) -> list[tuple[uuid.UUID, str]]:
    """Return the features of contributions in order, each with its id."""
    return list(contributions.values_list("id", FeatureText(photo_base)))
