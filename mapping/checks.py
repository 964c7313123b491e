"""System checks of registry entries."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from mapping.models.change import unnoticed_tables
from mapping.ogc.collections import COLLECTION_KINDS


@checks.register(checks.Tags.database)
def public_tables_note_their_changes(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Public responses are cached by a campaign's revision: a table without a revision trigger would serve old ones."""
    models = {model._meta.db_table: model for kind in COLLECTION_KINDS for model in kind.models}  # noqa: SLF001 - Django's own way
    found: list[checks.CheckMessage] = []
    for database in databases or ():
        unnoticed = unnoticed_tables(models, database)
        # `migrate` runs this check first: unapplied migrations may create the trigger.
        if unnoticed and not _is_to_be_migrated(database):
            found += [
                checks.Error(
                    f"The public reads {models[table]._meta.label}, but no trigger notes each change of its table.",  # noqa: SLF001 - as above
                    hint="Run the statements of mapping.models.change.revision_triggers in a migration.",
                    obj=models[table],
                    id="mapping.E001",
                )
                for table in unnoticed
            ]
    return found


def _is_to_be_migrated(database: str) -> bool:
    executor = MigrationExecutor(connections[database])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
