"""Kinds of rows from which something is removed at a date; apps above enter theirs in `PARTS`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.functional import Promise

from mapping.models import Campaign
from mapping.registry import Registry

REMOVED: Final = "[…]"
"""What stands in place of a text that must not be empty: of comments, and of answers that are counted."""


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of one kind that hold something of a subject (`RetentionSubject`); `title` names several of them.

    `found` are those of a campaign that still hold it. `remove` takes it from rows by their keys, within a transaction,
    so that `found` does not find them again; it must not change what is counted.
    """

    name: str
    subject: str
    title: str | Promise
    found: Callable[[Campaign], QuerySet[Any]]
    remove: Callable[[Campaign, Sequence[Any]], None]


PARTS: Final[Registry[Part]] = Registry("part of retention")
