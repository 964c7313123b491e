"""The door for neighbours: lists that apps fill in `AppConfig.ready()`, `mapping` its own things first.

Which registries there are is written down in docs/developers/architecture.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """What can be entered: the name is unique within its registry."""

    @property
    def name(self) -> str:
        """The name in addresses, or in code."""


Entry = TypeVar("Entry", bound=Named)


class Registry(Generic[Entry]):
    """Entries in the order in which they were entered: by app, as in INSTALLED_APPS."""

    def __init__(self, noun: str) -> None:
        self.noun = noun
        self._entries: dict[str, Entry] = {}

    def register(self, entry: Entry) -> Entry:
        """Add an entry; a name stands for one entry only. The same one may come again: apps can be loaded twice."""
        if self._entries.setdefault(entry.name, entry) is not entry:
            raise ValueError(f"The {self.noun} {entry.name} is registered twice.")
        return entry

    def named(self, name: str) -> Entry | None:
        """The entry of a name, if there is one."""
        return self._entries.get(name)

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries.values()))
