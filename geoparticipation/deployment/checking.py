"""All checks, in the order in which a new site is put up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db import connection

from geoparticipation.deployment import configured, served, surroundings
from geoparticipation.deployment.findings import Finding, error, ok
from geoparticipation.watching.cleaning import cleaned

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
    surroundings.backup_encryption,
    configured.mail,
    served.proxy,
    served.service,
)


def findings() -> Iterator[Finding]:
    """Everything that was found; without a database, what needs one is left out."""
    for check in OF_SETTINGS:
        yield from _outcome(check)
    try:
        connection.ensure_connection()
    except Exception as problem:  # noqa: BLE001 - refused, no free connection, an address that is none
        yield error("database", f"The database of DATABASE_URL cannot be reached ({type(problem).__name__}).")
    else:
        yield ok("database", "The database answers.")
        for check in OF_DATABASE:
            yield from _outcome(check)
    for check in OF_SURROUNDINGS:
        yield from _outcome(check)


def _outcome(check: Check) -> Iterator[Finding]:
    """What a check finds; an exception of its own is a finding, and the other checks run."""
    try:
        yield from check()
    except Exception as problem:  # noqa: BLE001 - whatever it is, the report goes on
        sentence = f"This check failed, so nothing is known of it: {_in_words(problem)}"
        yield error(check.__name__.replace("_", " "), sentence)


def _in_words(problem: Exception) -> str:
    """The kind of an exception and the first line of its text, without secrets."""
    lines = cleaned(str(problem)).strip().splitlines()
    return ": ".join([type(problem).__name__, *lines[:1]])
