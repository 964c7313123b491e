"""Retention: the list of all data that are deleted after some time; apps register theirs here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from mapping.registry import Registry

Every = Literal["minute", "day", "night"]


@dataclass(frozen=True, eq=False)
class Retention:
    """One kind of data and its deletion.

    `remove` deletes expired data and may return their number; it may be called more often.
    """

    name: str
    what: str
    """Description in English, for operators."""
    every: Every
    """By the worker; where none runs, `minute` by `remove_expired_exports`, `day` by `forget_networks`, `night` by
    `apply_retention`."""
    remove: Callable[[], int | None]


RETENTION: Final[Registry[Retention]] = Registry("retention")


def remove_expired(every: Every) -> dict[str, int]:
    """Delete all expired data; return the number of each kind where known."""
    removed = {one.name: one.remove() for one in RETENTION if one.every == every}
    return {name: number for name, number in removed.items() if number is not None}
