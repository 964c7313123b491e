"""What was erased after a backup is erased once more, before anybody sees the restored site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from mapping.models import Erasure
from mapping.models.restoring.erasure import erasure_digest
from mapping.services.erasures.kinds import ERASABLES, Erasable
from mapping.services.erasures.ledger import Ledger


class NotErased(Exception):
    """Rows that were erased are still there."""


def replay(ledger: Ledger) -> Counter[str]:
    """Erase what a ledger names and the database holds, and keep the ledger; returns how many rows of each kind.

    Idempotent. Raises NotErased where rows remain. Files of photos are deleted with their rows; others have no row
    then, and are swept.
    """
    done: Counter[str] = Counter()
    digests = [entry.digest for entry in ledger.entries]
    Erasure.objects.bulk_create(
        (Erasure(digest=one.digest, kind=one.kind, day=one.day) for one in sorted(ledger.entries)),
        batch_size=5000,
        ignore_conflicts=True,
    )
    for kind in sorted(ERASABLES, key=lambda one: one.comes_last):
        with transaction.atomic():
            keys = erased_rows(kind, digests)
            if keys:
                kind.erase(keys)
                done[kind.name] = len(keys)
    remaining = [kind.name for kind in ERASABLES if erased_rows(kind, digests)]
    if remaining:
        raise NotErased(f"Erased rows are still there: {', '.join(remaining)}.")
    return done


def erased_rows(kind: Erasable, digests: Sequence[bytes]) -> list[Any]:
    """The primary keys of rows of a kind whose hashes are among some."""
    table = connection.ops.quote_name(kind.table)
    digest = erasure_digest(kind.name, kind.columns)
    with connection.cursor() as cursor:
        # The parts are those of the registry.
        cursor.execute(
            f"SELECT id FROM {table} AS one WHERE {kind.is_there} AND {digest} = ANY (%s)",  # noqa: S608
            [list(digests)],
        )
        return [key for (key,) in cursor.fetchall()]
