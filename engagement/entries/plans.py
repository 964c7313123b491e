"""Entries of plans and updates."""


def enter() -> None:
    """Fill the registries."""
