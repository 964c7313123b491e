"""Entries of the calendar."""


def enter() -> None:
    """Fill the registries."""
