"""Entries of demo data."""

from collections.abc import Callable
from typing import Final

from mapping.demo import DEMO_PARTS, DemoPart


def fill(report: Callable[[str], object]) -> None:
    """Make what is missing; imported late, because no site needs it but a demo."""
    from voting import demo

    demo.fill(report)


PART: Final = DemoPart("votes", fill)


def enter() -> None:
    """Fill the registries."""
    DEMO_PARTS.register(PART)
