"""One page of a source in any order, by keyset: its cost does not grow with its depth.

The keys of a page's last row say where the next one begins; the row behind them is found by comparing, never by
counting from the start.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Func, Q, TextField

from mapping.exports.flat import FlatFeatureText
from mapping.exports.sources import SortKey, Source

Key = str | int | float | bool | None
"""A sort key's value as it stands in a link; moments and ids are texts."""


@dataclass(frozen=True)
class KeysetPage:
    """Texts of rows, and the keys of the last one, its id being the last key (None: there is no next page)."""

    texts: list[str]
    end: tuple[Key, ...] | None


class _Keys(Func):
    """Keys as one JSON array, which tells numbers from texts and keeps moments exact to the microsecond."""

    function = "json_build_array"
    template = "%(function)s(%(expressions)s)::text"
    output_field = TextField()


def read_keyset_page(
    source: Source,
    text: FlatFeatureText,
    limit: int,
    *,
    order: Sequence[SortKey] = (),
    after: Sequence[Key] | None = None,
) -> KeysetPage:
    """Read up to `limit` rows behind the row with the keys `after`, in the source's own order where none is given.

    Raises ValueError where `after` is not of this order.
    """
    keys = source.complete(order)
    names = [f"sort_key_{number}" for number in range(len(keys))]
    rows = source.rows.alias(**{name: key.value for name, key in zip(names, keys, strict=True)})
    if after is not None:
        if len(after) != len(keys):
            raise ValueError("These keys are not of this order.")
        rows = rows.filter(_behind(list(zip(names, keys, after, strict=True))))
    rows = rows.order_by(*(key.ordering(name) for name, key in zip(names, keys, strict=True)))
    found = list(rows.values_list(text, _Keys(*(F(name) for name in names)))[: limit + 1])
    end = tuple(json.loads(found[limit - 1][1])) if len(found) > limit else None
    return KeysetPage([row[0] for row in found[:limit]], end)


def _behind(keys: list[tuple[str, SortKey, Key]]) -> Q:
    """Rows after the given one: behind it by the first key, or equal in that and behind it by the others."""
    (name, key, value), *others = keys
    if value is None:
        # Nothing comes after the empty ones but other empty ones.
        return Q(**{f"{name}__isnull": True}) & _behind(others)
    comparison = "lt" if key.is_descending else "gt"
    behind = Q(**{f"{name}__{comparison}": value})
    if key.is_nullable:
        behind |= Q(**{f"{name}__isnull": True})
    if not others:
        return behind
    equal = Q(**{name: value}) & _behind(others)
    if key.is_nullable:
        return behind | equal
    # The first condition alone finds the place in an index.
    return Q(**{f"{name}__{comparison}e": value}) & (behind | _behind(others))
