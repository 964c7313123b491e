"""Syntax tree of a filter, the same for both languages: `op` and `args` as in CQL2 JSON (OGC 21-065r2, annex B)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mapping.ogc.cql2.problems import FaultError, Place

LONGEST: Final = 16_384
"""Most characters of a filter. It bounds everything else: at most some 4,000 positions fit."""
DEEPEST: Final = 30
"""Most levels of nested operators."""
LARGEST: Final = 500
"""Most operators, attributes and values."""
LONGEST_LIST: Final = 200
"""Most values in one list."""


@dataclass(frozen=True, slots=True)
class Property:
    """An attribute by its name."""

    name: str
    at: Place
    depth: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a finite number, or TRUE and FALSE."""

    value: str | int | float | bool
    at: Place
    depth: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry as in GeoJSON: a type and nested lists of numbers, or the members of a collection."""

    type: str
    coordinates: object
    at: Place
    members: tuple[Geometry, ...] = ()
    depth: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class Call:
    """An operator with its operands; `list` is the operator of array literals."""

    op: str
    args: tuple[Node, ...]
    at: Place
    depth: int = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        """Reject oversized trees during construction, before anything traverses them."""
        depth = 1 + max((one.depth for one in self.args), default=0)
        size = 1 + sum(one.size for one in self.args)
        if depth > DEEPEST:
            raise FaultError("cql_too_deep", self.at, max=DEEPEST)
        if self.op == "list" and len(self.args) > LONGEST_LIST:
            raise FaultError("cql_list_too_long", self.at, max=LONGEST_LIST)
        if size > LARGEST:
            raise FaultError("cql_too_large", self.at, max=LARGEST)
        object.__setattr__(self, "depth", depth)
        object.__setattr__(self, "size", size)


Node = Property | Literal | Geometry | Call


def junction(op: str, args: Sequence[Node], at: Place) -> Call:
    """AND or OR of any number of operands."""
    return Call(op, tuple(args), at)
