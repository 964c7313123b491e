"""Which database the running request reads from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_chosen: ContextVar[str | None] = ContextVar("replica", default=None)


def chosen() -> str | None:
    """The alias of the replica that this request reads from; None for the primary."""
    return _chosen.get()


def choose(alias: str | None) -> None:
    """Read from a replica from here on, until the end of the surrounding `reading_from`; None: from the primary."""
    _chosen.set(alias)


@contextmanager
def reading_from(alias: str | None) -> Iterator[None]:
    """Read from a replica meanwhile, or from the primary (None)."""
    token = _chosen.set(alias)
    try:
        yield
    finally:
        _chosen.reset(token)
