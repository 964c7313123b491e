"""Demo campaigns with invented data: content from `fixtures/demo`, stored through the services.

Apps above add parts of their own, which `seed_demo` makes after the campaigns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mapping.registry import Registry

SLUGS = (
    "angstraeume",
    "hitze",
    "fahrradstrassen",
    "ampelfiguren",
    "ideen-innenstadt",
    "spielplaetze",
    "schulwege",
)
"""The campaigns; each has its own file of content."""


@dataclass(frozen=True, eq=False)
class DemoPart:
    """More demo data: `fill` reports what it makes, and does nothing where it is there already."""

    name: str
    fill: Callable[[Callable[[str], object]], object]


DEMO_PARTS: Final[Registry[DemoPart]] = Registry("part of the demo")
