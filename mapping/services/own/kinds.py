"""Kinds of things that people have here: what each lists for its owner, and how it is erased.

Apps above register theirs. What hangs on a participant is erased with them (`services.erase`); other things bring their
own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.utils.functional import Promise

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


@dataclass(frozen=True, eq=False)
class OwnKind:
    """Things of one kind; `title` names several of them, `erase` deletes those that hang on no participant.

    Both are called with a person; `erase` within the transaction that erases everything.
    """

    name: str
    title: str | Promise
    things: Callable[[Person], Iterable[OwnThing]]
    erase: Callable[[Person], None] | None = None


OWN_KINDS: Final[Registry[OwnKind]] = Registry("kind of one's own things")
"""In the order in which they are counted; lists are sorted by time."""
