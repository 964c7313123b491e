"""Django's database router for replicas; installed only where there are any."""

from __future__ import annotations

from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from geoparticipation.replicas.choice import chosen

READ_APPS: Final = frozenset({"mapping", "engagement", "voting", "texts"})
"""What replicas are read for: accounts, sessions, limits and the queue are always read from the primary."""


class ReplicaRouter:
    """Reads as the request has chosen, everything else from the primary.

    Every method answers: without an answer Django would take the database that an instance was read from, also for
    writing.
    """

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """The replica that the request has chosen, or the primary."""
        if model._meta.app_label in READ_APPS:  # noqa: SLF001 - Django's own way
            return chosen() or DEFAULT_DB_ALIAS
        return DEFAULT_DB_ALIAS

    def db_for_write(self, _model: type[Model], **_hints: Any) -> str:
        """The primary."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        """All aliases are the same database."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """Replicas get the primary's schema from the primary."""
        return db == DEFAULT_DB_ALIAS
