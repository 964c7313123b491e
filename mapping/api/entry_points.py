"""What the entry document of the API leads to; apps register theirs in `AppConfig.ready()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mapping.registry import Registry


@dataclass(frozen=True)
class EntryPoint:
    """One address in the entry document: its name there, and the route without parameters that it is made from."""

    name: str
    route: str


ENTRY_POINTS: Final[Registry[EntryPoint]] = Registry("entry point of the API")

OWN: Final = tuple(
    EntryPoint(name, f"api:{name}")
    for name in ("campaigns", "city", "search", "addresses", "openapi", "docs")
)
