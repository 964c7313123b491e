"""Time limit of public queries: one response must not occupy a connection and a processor for minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import OperationalError, connections, router, transaction
from psycopg.errors import QueryCanceled

from mapping.models import Contribution
from mapping.services.errors import invalid

MOST_SECONDS: Final = 15
"""Limit of one statement. Filters with an index take a hundredth of a second, a scan of a million rows takes a few
seconds; longer queries compare long texts with many patterns, or places with many outlines."""


@contextmanager
def answered_in_time(parameter: str) -> Iterator[None]:
    """Cancel each statement after `MOST_SECONDS`; raises Invalid for the parameter then."""
    alias = router.db_for_read(Contribution)
    try:
        with transaction.atomic(using=alias):
            with connections[alias].cursor() as cursor:
                # Until the end of the transaction; SET itself takes no parameters.
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{MOST_SECONDS}s"])
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise invalid(parameter, "takes_too_long") from error
        raise
