"""What goes when: one list of everything that is kept for a time only; apps register theirs here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from mapping.registry import Registry

Every = Literal["minute", "day"]


@dataclass(frozen=True, eq=False)
class Retention:
    """One kind of things and how they go.

    `remove` throws away what is past its time and may say how many; it does no harm when it is called more often.
    """

    name: str
    what: str
    """In English, for operators."""
    every: Every
    """`minute`: by `export_worker` and `remove_expired_exports`; `day`: by `forget_networks`, in the night."""
    remove: Callable[[], int | None]


RETENTION: Final[Registry[Retention]] = Registry("retention")


def remove_expired(every: Every) -> dict[str, int]:
    """Throw away all that is past its time, and how many of each where that is known."""
    removed = {one.name: one.remove() for one in RETENTION if one.every == every}
    return {name: number for name, number in removed.items() if number is not None}
