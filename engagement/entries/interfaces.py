"""Entries of the interfaces for machines."""

from typing import Final

from engagement.api.urls import app_name
from engagement.entries.collections import EVENTS, PLANS
from engagement.entries.datasets import DATES_AND_PAPERS
from mapping.api.entry_points import ENTRY_POINTS, EntryPoint
from mapping.exports.metadata.dataset import DATASET_SOURCES
from mapping.ogc.collections import register_site_kind

_POINTS: Final = tuple(EntryPoint(name, f"{app_name}:{name}") for name in ("events", "documents", "plans"))


def enter() -> None:
    """Fill the registries."""
    for point in _POINTS:
        ENTRY_POINTS.register(point)
    for kind in (EVENTS, PLANS):
        register_site_kind(kind)
    DATASET_SOURCES.register(DATES_AND_PAPERS)
