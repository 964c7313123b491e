"""What people and staff can erase, and how it is erased once more in a restored database.

Apps above register theirs. Each table has a trigger that notes its deletions (`models.restoring.erasure`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model

from mapping.registry import Registry


@dataclass(frozen=True, eq=False)
class Erasable:
    """Rows of one table; `name` and `columns` as in its trigger.

    `erase` gets primary keys of rows that were erased after the backup and are there again; it runs in a transaction.
    `is_there` is SQL about such a row (`one`), where erasing only empties it. Kinds that `comes_last` are replayed once
    what refers to them is gone.
    """

    name: str
    table: str
    columns: tuple[str, ...]
    erase: Callable[[Sequence[Any]], None]
    is_there: str = "true"
    comes_last: bool = False


ERASABLES: Final[Registry[Erasable]] = Registry("kind of erasure")
"""In the order in which they are replayed, but for those that come last."""


def deleting(name: str, table: str, columns: tuple[str, ...], model: type[Model]) -> Erasable:
    """Rows with which nothing else goes but what refers to them."""

    def erase(keys: Sequence[Any]) -> None:
        model._default_manager.filter(pk__in=keys).delete()  # noqa: SLF001 - documented

    return Erasable(name, table, columns, erase)
