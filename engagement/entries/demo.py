"""Entries of demo data."""

from collections.abc import Callable

from mapping.demo import DEMO_PARTS, DemoPart


def fill(report: Callable[[str], object]) -> None:
    """Make what is missing; imported late, because no site needs it but a demo."""
    from engagement import demo

    demo.fill(report)


PART = DemoPart("dates and papers", fill)


def enter() -> None:
    """Fill the registries."""
    DEMO_PARTS.register(PART)
