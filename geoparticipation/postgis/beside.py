"""Connections outside the pool: for tasks that must not wait for a free one, or that occupy one for long."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def connection_beside_the_pool(alias: str = DEFAULT_DB_ALIAS, **options: object) -> BaseDatabaseWrapper:
    """Return a closed connection for the calling thread only; `options` are those of libpq."""
    connection = connections[alias].copy()
    connection.settings_dict["OPTIONS"].pop("pool", None)
    connection.settings_dict["OPTIONS"] |= options
    return connection
