"""All checks, in the order in which a new site is put up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db import DatabaseError, connection
from psycopg_pool import PoolTimeout

from geoparticipation.deployment import configured, served, surroundings
from geoparticipation.deployment.findings import Finding, error, ok

Check = Callable[[], Iterator[Finding]]

OF_SETTINGS: Final[tuple[Check, ...]] = (
    configured.debug,
    configured.secret_key,
    configured.hosts,
    configured.encryption,
    configured.time_zone,
    configured.second_factor,
    configured.system_checks,
)
OF_DATABASE: Final[tuple[Check, ...]] = (
    surroundings.migrations,
    surroundings.durability,
    surroundings.clocks,
    surroundings.worker,
)
OF_SURROUNDINGS: Final[tuple[Check, ...]] = (
    surroundings.disk,
    surroundings.backup,
    configured.mail,
    served.proxy,
)


def findings() -> Iterator[Finding]:
    """Everything that was found; without a database, what needs one is left out."""
    for check in OF_SETTINGS:
        yield from check()
    try:
        connection.ensure_connection()
    except (DatabaseError, PoolTimeout):
        yield error("database", "The database of DATABASE_URL cannot be reached.")
    else:
        yield ok("database", "The database answers.")
        for check in OF_DATABASE:
            yield from check()
    for check in OF_SURROUNDINGS:
        yield from check()
