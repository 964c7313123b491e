"""Paging by keyset: the next page begins behind the last row's keys, found by comparing and never by counting.

So a page neither skips nor repeats anything where a neighbour is published or withdrawn meanwhile, and page 2,000 is as
fast as page 2. Pages of the OGC API (`exports.paging`), of lists (`ContributionQuerySet.after`) and of the queue
(`planning.moderation.keyset`) are found this way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class KeyValue:
    """A sort key by its name in the query, and the value that the last row has of it."""

    name: str
    value: object
    is_descending: bool
    is_nullable: bool = False
    """Rows without a value come last, whatever the direction."""


def behind(keys: Sequence[KeyValue]) -> Q:
    """Rows after the given one: behind it by the first key, or equal in that and behind it by the others."""
    key, *others = keys
    if key.value is None:
        # Nothing comes after the empty ones but other empty ones.
        return Q(**{f"{key.name}__isnull": True}) & behind(others)
    comparison = "lt" if key.is_descending else "gt"
    found = Q(**{f"{key.name}__{comparison}": key.value})
    if key.is_nullable:
        found |= Q(**{f"{key.name}__isnull": True})
    if not others:
        return found
    if key.is_nullable:
        return found | Q(**{key.name: key.value}) & behind(others)
    # The first condition alone finds the place in an index.
    return Q(**{f"{key.name}__{comparison}e": key.value}) & (found | behind(others))
