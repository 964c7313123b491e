"""Entries of bodies and documents."""


def enter() -> None:
    """Fill the registries."""
