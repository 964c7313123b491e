"""Which migrations may run while the version before them is still serving: judged operation by operation.

An upgrade migrates first and restarts then, so that for a moment (or, after a rollback, for long) the old code works on
the new tables. It names neither new columns when it writes nor does it miss old ones when it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import connection
from django.db.migrations import operations as django_operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import ManyToManyField
from django.db.models.fields import NOT_PROVIDED, Field

_GONE: Final = (
    django_operations.RemoveField,
    django_operations.DeleteModel,
    django_operations.RenameField,
    django_operations.RenameModel,
    django_operations.AlterModelTable,
)
_TIGHTER: Final = (
    django_operations.AddConstraint,
    django_operations.AlterUniqueTogether,
    django_operations.AlterIndexTogether,
    django_operations.AlterOrderWithRespectTo,
)
_HARMLESS: Final = (AddIndexConcurrently, RemoveIndexConcurrently, AddConstraintNotValid, ValidateConstraint)
_BY_KIND: Final[dict[tuple[type[Operation], ...], str]] = {
    _HARMLESS: "",
    _GONE: "the old version still reads and writes what is gone",
    (django_operations.AddIndex,): "nobody can write while the index is built: use AddIndexConcurrently",
    _TIGHTER: "rows of the old version may be refused, and the table is read under a lock",
    (
        django_operations.RunPython,
    ): "nobody can tell what the code does to rows of the old version, and how long it takes",
}
"""The first kind that fits decides."""
_SQL: Final = re.compile(
    r"\b(?:DROP\s+(?:TABLE|COLUMN|VIEW|TYPE|SCHEMA)|RENAME\s+(?:TO|COLUMN)|SET\s+NOT\s+NULL"
    r"|CREATE\s+(?:UNIQUE\s+)?INDEX(?!\s+CONCURRENTLY)|ADD\s+CONSTRAINT(?!.*NOT\s+VALID)|ALTER\s+COLUMN\s+\S+\s+TYPE"
    r"|ADD\s+COLUMN(?=(?:(?!DEFAULT|;).)*NOT\s+NULL)(?!.*DEFAULT)|LOCK\s+TABLE)|^(?:TRUNCATE|UPDATE|DELETE)\b",
    re.IGNORECASE,
)


_TABLE: Final = re.compile(
    r'\b(?:ON|TABLE|UPDATE|FROM|TRUNCATE)\s+(?:ONLY\s+|IF\s+EXISTS\s+)?"?(\w+)', re.IGNORECASE
)


@dataclass(frozen=True)
class Doubt:
    """An operation that may break or stop the version before."""

    migration: str
    """App and name: `mapping.0041_titles`."""
    operation: str
    """What it does, as the migration itself describes it."""
    why: str


def doubts(loader: MigrationLoader, released: dict[str, str]) -> Iterator[Doubt]:
    """All doubts about migrations that came after the released ones (the last name of each app)."""
    for app, name in new_migrations(loader, released):
        migration = loader.disk_migrations[app, name]
        state = loader.project_state(
            [parent for parent in migration.dependencies if parent in loader.disk_migrations], at_end=True
        )
        fresh = models_made(loader, released, app)
        for operation, why in judged(migration.operations, app, state, fresh):
            yield Doubt(f"{app}.{name}", operation.describe(), why)


def new_migrations(loader: MigrationLoader, released: dict[str, str]) -> list[tuple[str, str]]:
    """The migrations of our apps behind the released ones, in the order of their names."""
    return sorted(
        (app, name) for app, name in loader.disk_migrations if app in released and name > released[app]
    )


def models_made(loader: MigrationLoader, released: dict[str, str], app: str) -> set[str]:
    """Models of an app that the released version does not know: whatever happens to them disturbs nobody."""
    return {
        operation.name_lower
        for label, name in new_migrations(loader, released)
        if label == app
        for operation in flat(loader.disk_migrations[label, name].operations)
        if isinstance(operation, django_operations.CreateModel)
    }


def flat(given: Iterable[Operation]) -> Iterator[Operation]:
    """Operations with those inside of others: what happens to the database."""
    for operation in given:
        if isinstance(operation, django_operations.SeparateDatabaseAndState):
            yield from flat(operation.database_operations)
        else:
            yield operation


def judged(
    given: Iterable[Operation], app: str, state: ProjectState, fresh: set[str]
) -> Iterator[tuple[Operation, str]]:
    """The operations that are not safe, with the reason; `state` is that before the first of them."""
    for operation in given:
        for one in flat([operation]):
            model = getattr(one, "model_name_lower", "") or getattr(one, "name_lower", "")
            if model not in fresh and (why := unsafe(one, app, state, {f"{app}_{made}" for made in fresh})):
                yield one, why
        operation.state_forwards(app, state)


def unsafe(operation: Operation, app: str, state: ProjectState, fresh: set[str]) -> str:
    """Why the old version cannot live with an operation on a table that it knows; empty where it can.

    `fresh` are the tables that it does not know.
    """
    for kinds, why in _BY_KIND.items():
        if isinstance(operation, kinds):
            return why
    if isinstance(operation, django_operations.AddField):
        return unsafe_new_field(operation.field)
    if isinstance(operation, django_operations.AlterField):
        old = state.models[app, operation.model_name_lower].fields[operation.name_lower]
        return unsafe_change(old, operation.field)
    return unsafe_sql(operation.sql, fresh) if isinstance(operation, django_operations.RunSQL) else ""


def unsafe_new_field(field: Field[Any, Any]) -> str:
    """Django takes a `default` away from the column once the rows have it: only the database's own stays."""
    if field.null or isinstance(field, ManyToManyField) or field.db_default is not NOT_PROVIDED:
        return ""
    return "the old version does not fill the new column: null=True or db_default is needed"


def unsafe_change(old: Field[Any, Any], new: Field[Any, Any]) -> str:
    """Whether values that the old version writes are refused, or the table is written anew."""
    if old.null and not new.null:
        return "the old version still writes NULL"
    if old.is_relation or new.is_relation:
        same = old.remote_field and new.remote_field and old.related_model == new.related_model
        return "" if same else "the type or the target of a key changes"
    before, after = old.db_parameters(connection), new.db_parameters(connection)
    if before["type"] == after["type"] and before["check"] == after["check"]:
        return ""
    if old.get_internal_type() == new.get_internal_type() == "CharField":
        wider = new.max_length is None or (old.max_length is not None and new.max_length > old.max_length)
        return "" if wider else "longer values of the old version are refused"
    return "the type changes: the table is written anew under a lock"


def unsafe_sql(sql: Any, fresh: set[str]) -> str:
    """Functions and triggers may come and go; tables, columns and rows of the old version may not."""
    statements = [sql] if isinstance(sql, str) else [one if isinstance(one, str) else one[0] for one in sql]
    for statement in statements:
        for part in re.split(r";\s*\n", without_bodies(str(statement))):
            line = " ".join(part.split())
            is_known = not fresh.issuperset({name.lower() for name in _TABLE.findall(line)} or {""})
            if is_known and (found := _SQL.search(line)):
                return f"{found.group().upper()} in plain SQL"
    return ""


def without_bodies(statement: str) -> str:
    """A statement without bodies of functions and remarks: what they do happens later."""
    return re.sub(r"\$(\w*)\$.*?\$\1\$|--[^\n]*", "", statement, flags=re.DOTALL)
