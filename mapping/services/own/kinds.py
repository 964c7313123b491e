"""Kinds of things that people have here: what each lists for its owner, and how it is erased.

Apps above register theirs. What hangs on a participant is erased with them (`services.erase`); other things bring their
own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from django.utils.functional import Promise

from mapping.models import Photo
from mapping.registry import Registry
from mapping.services.own.person import Person

Look = Literal["", "good", "warning", "bad", "accent"]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where something belongs: a campaign, or another part of the site."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class State:
    """How something stands, in words and as the look of a chip."""

    words: str | Promise
    look: Look = ""


@dataclass(frozen=True, slots=True)
class OwnThing:
    """One row of somebody's own list.

    `words` is the beginning of a text, `place` a place in words; both are empty in protected campaigns: whoever uses
    the browser next could read them.
    `address` is empty where there is no page. `number` is how many things the row stands for.
    """

    under: Heading
    title: str | Promise
    at: datetime | None = None
    states: tuple[State, ...] = ()
    words: str = ""
    address: str = ""
    number: int = 1
    place: str = ""


Values = list[tuple[str | Promise, str]]
"""What a reader needs: names with texts."""


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """One thing as its owner takes it home: `values` in words, `data` as JSON has it.

    `geometry` is GeoJSON (longitude and latitude, EPSG:4326). `photos` are rows whose files come along.
    """

    under: Heading
    title: str | Promise
    at: datetime | None
    values: Values
    data: Mapping[str, Any]
    geometry: Mapping[str, Any] | None = None
    photos: list[Photo] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class OwnKind:
    """Things of one kind; `title` names several of them, `erase` deletes those that hang on no participant.

    All are called with a person; `erase` within the transaction that erases everything. `records` are the same things
    in full, for the copy that people take home; without it that has what the list shows.
    """

    name: str
    title: str | Promise
    things: Callable[[Person], Iterable[OwnThing]]
    erase: Callable[[Person], None] | None = None
    records: Callable[[Person], Iterable[OwnRecord]] | None = None


OWN_KINDS: Final[Registry[OwnKind]] = Registry("kind of one's own things")
"""In the order in which they are counted; lists are sorted by time."""
