"""One page of a selection as finished GeoJSON text."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from mapping.exports.features import FeatureText
from mapping.exports.selection import Selection
from mapping.models.contribution import ContributionQuerySet


@dataclass(frozen=True)
class Position:
    """Where a page ended: the keyset order is newest first, ties broken by id."""

    created_at: datetime
    id: uuid.UUID


@dataclass(frozen=True)
class Page:
    """Features as JSON texts, how many match in all, and where the next page begins (None: this was the last)."""

    features: list[str]
    matched: int
    end: Position | None


def read_page(
    selection: Selection,
    limit: int,
    photo_base: str,
    *,
    after: Position | None = None,
    matched: int | None = None,
) -> Page:
    """Read up to `limit` contributions, newest first, behind a position.

    `matched` is what the first page counted: following pages carry it along, so that a walk through many pages
    counts once. A first page that is not full needs no count at all.
    """
    everything = selection.contributions()
    rows = everything.newest_first()
    if after is not None:
        rows = rows.after(after.created_at, after.id)
    found = list(rows.values_list(FeatureText(photo_base), "created_at", "id")[: limit + 1])
    shown = found[:limit]
    is_last = len(found) <= limit
    if matched is None:
        matched = len(found) if after is None and is_last else everything.count()
    end = None if is_last else Position(shown[-1][1], shown[-1][2])
    return Page([row[0] for row in shown], matched, end)


def read_feature(contributions: ContributionQuerySet, photo_base: str) -> str | None:
    """The only one of the contributions, or None where there is none."""
    return contributions.values_list(FeatureText(photo_base), flat=True).first()


def read_features(contributions: ContributionQuerySet, photo_base: str) -> list[tuple[uuid.UUID, str]]:
    """Contributions in their order, each with its id."""
    return list(contributions.values_list("id", FeatureText(photo_base)))
