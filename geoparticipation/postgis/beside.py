"""Connections beside the pool: for what must not wait for a free one, or holds its own for long."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def connection_beside_the_pool(alias: str = DEFAULT_DB_ALIAS, **options: object) -> BaseDatabaseWrapper:
    """Return a closed connection of the calling thread's own; `options` are those of libpq."""
    connection = connections[alias].copy()
    connection.settings_dict["OPTIONS"].pop("pool", None)
    connection.settings_dict["OPTIONS"] |= options
    return connection
