"""One page of a source in any order, by keyset: its cost does not grow with its depth.

The keys of a page's last row mark the start of the next page; it is found by comparison, never by counting from the
start.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Func, TextField

from mapping.exports.flat import FlatFeatureText
from mapping.exports.sources import SortKey, Source
from mapping.models.keysets import KeyValue, behind

Key = str | int | float | bool | None
"""A sort key's value as written in a link; moments and ids are texts."""


@dataclass(frozen=True)
class KeysetPage:
    """Texts of rows, and the sort keys of the last row, ending in its id (None: there is no next page)."""

    texts: list[str]
    end: tuple[Key, ...] | None


class _Keys(Func):
    """Keys as one JSON array, which distinguishes numbers from texts and keeps moments exact to the microsecond."""

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
    """Read up to `limit` rows after the row with the keys `after`, in the source's own order where none is given.

    Raises ValueError where `after` does not belong to this order.
    """
    keys = source.complete(order)
    names = [f"sort_key_{number}" for number in range(len(keys))]
    rows = source.rows.alias(**{name: key.value for name, key in zip(names, keys, strict=True)})
    if after is not None:
        if len(after) != len(keys):
            raise ValueError("These keys are not of this order.")
        at = (
            KeyValue(name, value, key.is_descending, key.is_nullable)
            for name, key, value in zip(names, keys, after, strict=True)
        )
        rows = rows.filter(behind(list(at)))
    rows = rows.order_by(*(key.ordering(name) for name, key in zip(names, keys, strict=True)))
    found = list(rows.values_list(text, _Keys(*(F(name) for name in names)))[: limit + 1])
    end = tuple(json.loads(found[limit - 1][1])) if len(found) > limit else None
    return KeysetPage([row[0] for row in found[:limit]], end)
