"""The registry of readings: apps enter what they want to have watched."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from prometheus_client.core import GaugeMetricFamily

from mapping.registry import Registry

Cursor = Any
"""A cursor of the database, in a transaction that only reads."""


@dataclass(frozen=True, eq=False)
class Reading:
    """Numbers about one subject.

    `read` gets a cursor whose statements end after half a second; it must not read tables that grow without bound, and
    its labels must have few values: never a slug, an id or what people wrote. Without `needs_database` it gets None.
    """

    name: str
    read: Callable[[Cursor], Iterable[GaugeMetricFamily]]
    needs_database: bool = True


READINGS: Final[Registry[Reading]] = Registry("reading")


def gauge(name: str, words: str, value: float | None) -> GaugeMetricFamily:
    """A number without labels, `geoparticipation_<name>`; None, which is unknown, is left out."""
    return GaugeMetricFamily(f"geoparticipation_{name}", words, value=value)


def gauges(name: str, words: str, label: str, values: dict[str, float]) -> GaugeMetricFamily:
    """A number for each value of a label."""
    family = GaugeMetricFamily(f"geoparticipation_{name}", words, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
