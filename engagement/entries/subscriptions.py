"""Entries of subscriptions."""


def enter() -> None:
    """Fill the registries."""
