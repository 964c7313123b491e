"""Writes entries of the audit log, in the transaction of what they record.

    record(request.user, Action.MEMBERSHIP_GIVEN, campaign=campaign, target=membership.user, role="manager")

Looks and uses repeat: `record_once` stores the first of an hour of one person, campaign, action, object, view and way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from cachetools import LRUCache
from django.db import connection, models, transaction
from django.utils import timezone

from audit.actions import Action, Result
from audit.models import LONGEST, Entry
from audit.ways import Through, current_way

__all__ = ["Action", "Result", "Through", "Value", "forget_recorded", "record", "record_once"]

Value: TypeAlias = str | int | bool
Somebody: TypeAlias = Any
"""A user, somebody who is not logged in, the id of a user, or None: nobody, the server itself."""

_KEPT: Final = 10_000
_ADD_ONCE: Final = """
INSERT INTO audit_entry (at, hour, user_id, campaign_id, action, kind, key, view, way, through, details)
VALUES (
    %(at)s, %(hour)s, %(user_id)s, %(campaign_id)s, %(action)s, %(kind)s, %(key)s, %(view)s, %(way)s, %(through)s,
    %(details)s
)
ON CONFLICT DO NOTHING
"""


def record(
    actor: Somebody,
    action: Action,
    *,
    campaign: models.Model | int | None = None,
    target: models.Model | tuple[str, object] | None = None,
    view: str = "",
    result: Result = Result.DONE,
    through: Through | None = None,
    more: Mapping[str, Value] | None = None,
    **details: Value,
) -> None:
    """Add an entry. `target` is a row, or its kind ("app.model") and key; details (or `more`) are codes and numbers.

    Callers must not put anything into `details` that citizens wrote, or an address. Values are cut to 80 characters.
    """
    Entry.objects.create(
        **_values(actor, action, campaign, target, view, through),
        result=result,
        details=_cut({**(more or {}), **details}),
    )


def record_once(
    actor: Somebody,
    action: Action,
    *,
    campaign: models.Model | int | None = None,
    target: models.Model | tuple[str, object] | None = None,
    view: str = "",
    through: Through | None = None,
    more: Mapping[str, Value] | None = None,
    **details: Value,
) -> None:
    """As `record`, unless there is an equal entry of this hour; the details are those of the first.

    What this process has recorded already costs no query.
    """
    now = timezone.now()
    values = _values(actor, action, campaign, target, view, through)
    values["hour"] = now.replace(minute=0, second=0, microsecond=0)
    known = tuple(values.values())
    if known in _recorded:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD_ONCE, values | {"at": now, "details": json.dumps(_cut({**(more or {}), **details}))}
        )
    # Not before the transaction has ended: it may yet be rolled back.
    transaction.on_commit(lambda: _recorded.__setitem__(known, now))


def forget_recorded() -> None:
    """Forget what this process has recorded (for tests, whose rows are rolled back)."""
    _recorded.clear()


def _values(  # noqa: PLR0917 - the columns
    actor: Somebody,
    action: Action,
    campaign: models.Model | int | None,
    target: models.Model | tuple[str, object] | None,
    view: str,
    through: Through | None,
) -> dict[str, Any]:
    way = through or current_way()
    kind, key = ("", "") if target is None else _named(target)
    return {
        "user_id": actor if isinstance(actor, int) or actor is None else actor.pk,
        "action": action.value,
        "campaign_id": campaign.pk if isinstance(campaign, models.Model) else campaign,
        "kind": kind[:LONGEST],
        "key": key[:LONGEST],
        "view": view[:LONGEST],
        "way": way.way.value,
        "through": way.name[:LONGEST],
    }


def _named(target: models.Model | tuple[str, object]) -> tuple[str, str]:
    if isinstance(target, models.Model):
        return target._meta.label_lower, str(target.pk)  # noqa: SLF001 - documented
    return target[0], str(target[1])


def _cut(details: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value[:LONGEST] if isinstance(value, str) else value for name, value in details.items()}


_recorded: Final[LRUCache[tuple[Any, ...], datetime]] = LRUCache(_KEPT)
