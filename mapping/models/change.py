"""Which state of a campaign the public reads: a number that is another one after every change of it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from django.db import connections, models

_REVISION: Final = (
    "SELECT coalesce(sum(number), 0), max(at), pg_current_xact_id_if_assigned()::text"
    " FROM mapping_change WHERE campaign_id = %s"
)

_REVISIONS: Final = (
    "SELECT campaign_id, sum(number), max(at), pg_current_xact_id_if_assigned()::text"
    " FROM mapping_change WHERE campaign_id = ANY (%s) GROUP BY campaign_id"
)

_EPOCH: Final = (
    "INSERT INTO mapping_change (campaign_id, number, at)"
    " SELECT campaign_id, %s, clock_timestamp() FROM (SELECT campaign_id FROM mapping_change"
    " UNION SELECT id FROM mapping_campaign) AS known"
)
_FIRST_EPOCH: Final = 2**32
_EPOCHS: Final = 2**44
"""Far above what changes add up to; a hundred thousand epochs fit into a bigint."""

_SNAPSHOT: Final = (
    "SELECT pg_current_snapshot()::text, pg_postmaster_start_time()::text, current_database(),"
    " pg_current_xact_id_if_assigned()::text"
)


@dataclass(frozen=True)
class Revision:
    """A state of what the public may read of a campaign.

    `number` grows with every committed change; `changed_at` is when the newest of them was made (None: never).
    `transaction` is the asking one where it has changed anything itself: others may never see its states.

    Only all three together name a state. After a backup was restored, `begin_epoch` keeps numbers from coming twice.
    """

    number: int
    changed_at: datetime | None
    transaction: str = ""


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes, which are only ever added up."""

    def revision_of(self, campaign_id: int) -> Revision:
        """The state of a campaign that this transaction sees."""
        # Every public page asks this: composing the same words anew would take longer than the answer.
        with connections[self.db].cursor() as cursor:
            cursor.execute(_REVISION, [campaign_id])
            number, at, transaction = cursor.fetchone()
        return Revision(int(number), at, transaction or "")

    def revisions_of(self, campaign_ids: Iterable[int]) -> dict[int, Revision]:
        """The states of several campaigns, of those that ever changed, in one statement."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(_REVISIONS, [list(campaign_ids)])
            return {key: Revision(int(number), at, own or "") for key, number, at, own in cursor.fetchall()}

    def snapshot(self) -> tuple[str, ...] | None:
        """What names all rows of all tables that are read now, until the server starts anew; None within a write."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(_SNAPSHOT)
            *rows, own = cursor.fetchone()
        return tuple(rows) if own is None else None

    def note(self, campaign_id: int) -> None:
        """Note a change that no trigger sees, or say again at the end of a long transaction when it was made."""
        with connections[self.db].cursor() as cursor:
            cursor.execute("SELECT mapping_note_changes(ARRAY[%s]::bigint[])", [campaign_id])

    def begin_epoch(self) -> None:
        """Give every campaign a revision that it never had, after a backup was restored: numbers ran backwards.

        Clients and caches hold answers under newer numbers, which would come a second time.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(_EPOCH, [secrets.randbelow(_EPOCHS) + _FIRST_EPOCH])


ChangeManager = models.Manager.from_queryset(ChangeQuerySet)


class Change(models.Model):
    """Changes of what the public may read of a campaign; written by triggers (migration `0012_change`).

    Rows are added and never changed, so that nobody waits for anybody: the revision is their sum, and what has not been
    committed is not in it. Now and then some rows of a campaign are replaced by one with their sum.

    There is no foreign key: deleting a campaign deletes contributions, which adds rows here.
    """

    campaign_id = models.IntegerField(db_index=True)
    number = models.BigIntegerField()
    at = models.DateTimeField()

    objects: ClassVar = ChangeManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.campaign_id} · {self.number}"


_CAMPAIGN: Final = "mapping_campaign"
_EVENTS: Final = {
    "insert": (4, "NEW TABLE AS come"),
    "delete": (8, "OLD TABLE AS gone"),
    "update": (16, "OLD TABLE AS gone NEW TABLE AS come"),
}
_TRUNCATE: Final = 32
"""Bits of `pg_trigger.tgtype` (PostgreSQL, catalog/pg_trigger.h)."""
_ALL: Final = _TRUNCATE | 4 | 8 | 16
_NOTICED: Final = (
    "SELECT relation.relname, coalesce(bit_or(trigger.tgtype), 0) FROM pg_class AS relation"
    " LEFT JOIN (pg_trigger AS trigger JOIN pg_proc AS function ON function.oid = trigger.tgfoid"
    " AND function.prosrc LIKE '%%mapping_note_changes%%') ON trigger.tgrelid = relation.oid"
    " AND trigger.tgenabled <> 'D'"
    " WHERE relation.oid = ANY (SELECT to_regclass(quote_ident(name)) FROM unnest(%s::text[]) AS name)"
    " GROUP BY relation.relname"
)
_FUNCTION: Final = """
CREATE FUNCTION {table}_changed() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    campaigns bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        campaigns := ARRAY({come});
    ELSIF TG_OP = 'DELETE' THEN
        campaigns := ARRAY({gone});
    ELSE
        campaigns := ARRAY({come} UNION {gone});
    END IF;
    IF campaigns <> '{}' THEN
        PERFORM mapping_note_changes(campaigns);
    END IF;
    RETURN NULL;
END
$function$
"""


def revision_triggers(table: str, campaigns: str) -> tuple[list[str], list[str]]:
    """Statements that let every change of a table be noted, and those that end it: for `RunSQL` in a migration.

    `campaigns` selects the campaigns of changed rows, e.g. `SELECT campaign_id FROM {rows}`.
    """
    come, gone = (campaigns.replace("{rows}", f"{name} AS rows") for name in ("come", "gone"))
    function = _FUNCTION.replace("{table}", table).replace("{come}", come).replace("{gone}", gone)
    create = [
        f"CREATE TRIGGER {table}_changed_by_{event} AFTER {event.upper()} ON {table} REFERENCING {tables}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_changed()"
        for event, (_bit, tables) in _EVENTS.items()
    ]
    create.append(
        f"CREATE TRIGGER {table}_truncated AFTER TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION mapping_truncated()"
    )
    drop = [f"DROP TRIGGER {table}_changed_by_{event} ON {table}" for event in _EVENTS]
    return [function, *create], [
        *drop,
        f"DROP TRIGGER {table}_truncated ON {table}",
        f"DROP FUNCTION {table}_changed()",
    ]


def unnoticed_tables(tables: Iterable[str], database: str) -> list[str]:
    """Tables with a kind of change that no trigger notes; those that do not exist (yet) are left out.

    Campaigns need none for rows that go: their changes go with them.
    """
    with connections[database].cursor() as cursor:
        cursor.execute(_NOTICED, [sorted(set(tables))])
        noticed: dict[str, int] = dict(cursor.fetchall())
    needed = {
        name: _EVENTS["insert"][0] | _EVENTS["update"][0] if name == _CAMPAIGN else _ALL for name in noticed
    }
    return sorted(name for name, events in noticed.items() if needed[name] & ~events)
