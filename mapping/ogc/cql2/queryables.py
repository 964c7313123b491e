"""The attributes that a filter may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.db.models import F, TextField
from django.db.models.functions import Cast

from mapping.exports.fields import Kind, campaign_fields
from mapping.exports.sources import Readable, Source
from mapping.exports.values import value_of
from mapping.models import Campaign

QueryableKind = Kind | Literal["geometry"]


@dataclass(frozen=True, eq=False)
class Queryable:
    """An attribute of a collection: its type and how its value is read. A geometry is in EPSG:4326."""

    name: str
    kind: QueryableKind
    expression: Readable


def source_queryables(source: Source) -> Mapping[str, Queryable]:
    """All attributes of a source, with `id` (compared as a text) and `geometry`."""
    return _queryables(
        {field.name: field.kind for field in source.fields}, source.values, source.identifier, source.place
    )


def contribution_queryables(campaign: Campaign, photo_base: str = "") -> Mapping[str, Queryable]:
    """The attributes of a campaign's contributions."""
    fields = campaign_fields(campaign)
    values = {field.name: value_of(field, photo_base) for field in fields}
    return _queryables({field.name: field.kind for field in fields}, values, "id", "geom")


def _queryables(
    kinds: Mapping[str, Kind], values: Mapping[str, Readable], identifier: str, place: str
) -> dict[str, Queryable]:
    return {
        "id": Queryable("id", "text", Cast(F(identifier), TextField())),
        "geometry": Queryable("geometry", "geometry", F(place)),
        **{name: Queryable(name, kind, values[name]) for name, kind in kinds.items()},
    }
