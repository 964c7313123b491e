"""Demo data of dates and papers with invented content, stored through the services; `bin/manage seed_demo` makes it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Final

PARTS: Final = ("calendar", "papers", "plans")
"""The modules of this room with a function `fill(report)`, which does nothing where its part is there already."""


def fill(report: Callable[[str], object]) -> None:
    """Make the missing parts, reporting each. Callers have made the campaigns and users of the demo before."""
    for name in PARTS:
        import_module(f"engagement.demo.{name}").fill(report)
