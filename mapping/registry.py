"""Registries: extension points that apps fill in `AppConfig.ready()`, `mapping` its own entries first.

All registries are listed in docs/developers/architecture.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """Protocol of entries: the name is unique within its registry."""

    @property
    def name(self) -> str:
        """The name used in addresses or in code."""


Entry = TypeVar("Entry", bound=Named)


class Registry(Generic[Entry]):
    """Entries in order of registration: by app, as in INSTALLED_APPS."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, Entry] = {}

    def register(self, entry: Entry) -> Entry:
        """Register an entry; names are unique. Repeating the same entry is allowed: apps can be loaded twice."""
        if self._entries.setdefault(entry.name, entry) is not entry:
            raise ValueError(f"The {self.noun} {entry.name} is registered twice.")
        return entry

    def named(self, name: str) -> Entry | None:
        """The entry with a name, or None."""
        return self._entries.get(name)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries.values()))
