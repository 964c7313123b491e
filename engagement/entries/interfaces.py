"""Entries of the interfaces for machines."""

from engagement.api.urls import app_name
from mapping.api.entry_points import ENTRY_POINTS, EntryPoint


def enter() -> None:
    """Fill the registries."""
    for name in ("events", "documents", "plans"):
        ENTRY_POINTS.register(EntryPoint(name, f"{app_name}:{name}"))
