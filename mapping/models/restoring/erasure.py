"""The ledger of what was erased, which keeps a restored backup from bringing it back."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from django.db import connections, models
from django.utils.translation import gettext_lazy as _

_DIGEST: Final = "sha256(convert_to(concat_ws(':', '{kind}', {columns}), 'UTF8'))"
_FUNCTION: Final = """
CREATE FUNCTION {table}_erased() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO mapping_erasure (digest, kind, day)
    SELECT {digest}, '{kind}', (now() AT TIME ZONE 'UTC')::date FROM gone AS one{condition}
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$function$
"""
_NOTED: Final = (
    "SELECT relation.relname FROM pg_class AS relation JOIN pg_trigger AS trigger ON trigger.tgrelid = relation.oid"
    " WHERE trigger.tgname = relation.relname || '_erased' AND trigger.tgenabled <> 'D'"
    " AND relation.relname = ANY (%s)"
)


class Erasure(models.Model):
    """One erased row: a hash of what named it for ever, never of a person; written by triggers with the deletion.

    The hash is of the table's kind and the row's random id, or its number together with the microsecond at which it
    was made: sequences give numbers a second time after a restore. Of the moment only the day (UTC) is kept, and no
    order: rows that one person erased at the same time must not be recognised as belonging together, least of all
    across campaigns. A row of the kind "gap" has a random digest: it stands for erasures that are missing since a
    backup was restored without a list of them.
    """

    digest = models.BinaryField(max_length=32, primary_key=True, editable=False)
    kind = models.CharField(max_length=30)
    day = models.DateField(_("date"), db_index=True)

    objects: ClassVar[models.Manager["Erasure"]] = models.Manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {bytes(self.digest).hex()}"


def erasure_digest(kind: str, columns: Sequence[str]) -> str:
    """The SQL expression of a row's hash; the row is called `one`. Moments count as seconds since 1970."""
    named = (
        f"extract(epoch from one.{column})" if column.endswith("_at") else f"one.{column}::text"
        for column in columns
    )
    return _DIGEST.format(kind=kind, columns=", ".join(named))


def erasure_trigger(
    table: str, kind: str, columns: Sequence[str], *, emptied: str = ""
) -> tuple[list[str], list[str]]:
    """Statements that let each deletion from a table be noted, and those that end it: for `RunSQL` in a migration.

    `emptied` names a column: rows of which it is emptied count as erased, too.
    """
    digest = erasure_digest(kind, columns)
    create = [_FUNCTION.format(table=table, kind=kind, digest=digest, condition="")]
    create.append(
        f"CREATE TRIGGER {table}_erased AFTER DELETE ON {table} REFERENCING OLD TABLE AS gone"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_erased()"
    )
    drop = [f"DROP TRIGGER {table}_erased ON {table}", f"DROP FUNCTION {table}_erased()"]
    if emptied:
        condition = f" JOIN come ON come.id = one.id WHERE come.{emptied} = '' AND one.{emptied} <> ''"
        create.append(
            _FUNCTION.format(table=f"{table}_{emptied}", kind=kind, digest=digest, condition=condition)
        )
        create.append(
            f"CREATE TRIGGER {table}_{emptied}_erased AFTER UPDATE ON {table}"
            " REFERENCING OLD TABLE AS gone NEW TABLE AS come"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_{emptied}_erased()"
        )
        drop = [
            f"DROP TRIGGER {table}_{emptied}_erased ON {table}",
            f"DROP FUNCTION {table}_{emptied}_erased()",
            *drop,
        ]
    return create, drop


def tables_without_ledger(tables: Iterable[str], database: str) -> list[str]:
    """Those of some tables whose deletions no trigger notes."""
    wanted = sorted(set(tables))
    with connections[database].cursor() as cursor:
        cursor.execute(_NOTED, [wanted])
        noted = {name for (name,) in cursor.fetchall()}
    return [table for table in wanted if table not in noted]
