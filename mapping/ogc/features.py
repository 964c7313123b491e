"""Items of collections stored in tables: contributions, districts, areas."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import Q

from mapping.exports.counts import matching_exactly
from mapping.exports.fields import Field
from mapping.exports.flat import FlatFeatureText
from mapping.exports.paging import Key, read_keyset_page
from mapping.exports.selection import Selection
from mapping.exports.sources import SortKey, Source, contributions_source
from mapping.filters.interval import Interval
from mapping.ogc.collections import AnyCollection
from mapping.ogc.crs import CRS84, Crs


@dataclass(frozen=True)
class ItemsQuery:
    """The requested items and their form. `fields` None means all attributes; `after` ends the previous page."""

    limit: int
    crs: Crs = CRS84
    condition: Q | None = None
    fields: tuple[Field, ...] | None = None
    with_place: bool = True
    order: tuple[SortKey, ...] = ()
    after: tuple[Key, ...] | None = None


@dataclass(frozen=True)
class Items:
    """Features as texts, the number of matches (None: not counted), and the start of the next page (None: no more)."""

    features: Sequence[str]
    matched: int | None
    end: tuple[Key, ...] | None


def source_of(collection: AnyCollection, selection: Selection | None, photo_base: str) -> Source:
    """The source of a collection; collections of contributions require a `selection`."""
    return collection.rows() if selection is None else contributions_source(selection, photo_base)


def read_items(source: Source, query: ItemsQuery) -> tuple[list[str], tuple[Key, ...] | None]:
    """Read one page and its end position; the source's rows must already be filtered."""
    text = FlatFeatureText(
        source,
        query.fields,
        crs=query.crs.epsg,
        northing_first=query.crs.northing_first,
        with_place=query.with_place,
    )
    page = read_keyset_page(source, text, query.limit, order=query.order, after=query.after)
    return page.texts, page.end


def count_items(source: Source, selection: Selection | None, at_least: int) -> int:
    """The total number of matching items."""
    return source.rows.count() if selection is None else matching_exactly(selection, at_least)


def holding_during(source: Source, interval: Interval) -> Q | None:
    """Rows whose period intersects an interval; those without a time always match (/req/core/fc-time-response C)."""
    if source.period is None:
        return None
    begins, ends = source.period
    condition = Q()
    if interval.end is not None:
        condition &= Q(**{begins: None}) | Q(**{f"{begins}__lt": interval.end})
    if interval.start is not None:
        condition &= Q(**{ends: None}) | Q(**{f"{ends}__gt": interval.start})
    return condition or None


def narrowed(source: Source, condition: Q | None) -> Source:
    """The source narrowed to the rows that fulfil a condition."""
    return source if condition is None else replace(source, rows=source.rows.filter(condition))


def read_item(source: Source, identifier: str, crs: Crs) -> str | None:
    """The text of one item, or None for an unknown id."""
    text = FlatFeatureText(source, crs=crs.epsg, northing_first=crs.northing_first)
    if "\0" in identifier:  # PostgreSQL cannot even compare it
        return None
    try:
        rows = source.rows.filter(**{source.identifier: identifier})
    except ValidationError:  # not an id of this kind
        return None
    return rows.values_list(text, flat=True).first()


def read_version(source: Source, identifier: str, fields: Sequence[Field]) -> str | None:
    """A version that changes with these attributes or the place of an item; None for an unknown id."""
    text = read_item(replace(source, fields=tuple(fields)), identifier, CRS84)
    return None if text is None else hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
