"""System checks of registry entries and of what a public site must say."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from mapping.models import GroundFeature, GroundSource
from mapping.models.change import unnoticed_tables
from mapping.models.setup.profile import current_city
from mapping.ogc.collections import COLLECTION_KINDS
from mapping.services.messages import sentence
from mapping.services.setup.city.missing import missing_of


@checks.register(checks.Tags.database)
def public_tables_note_their_changes(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Public responses are cached by revisions: a table without a revision trigger would serve old ones."""
    public = [model for kind in COLLECTION_KINDS for model in kind.models] + [GroundFeature, GroundSource]
    models = {model._meta.db_table: model for model in public}  # noqa: SLF001 - Django's own way
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


@checks.register(checks.Tags.database, deploy=True)
def city_names_who_is_responsible(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """A public site names who is responsible, how to reach them, and who looks after data protection (`--deploy`)."""
    if not databases or any(_is_to_be_migrated(database) for database in databases):
        return []
    return [
        checks.Warning(
            sentence(code),
            hint="Planners with the right to edit the city's page fill it in at /planning/city/.",
            id="mapping.W001",
        )
        for code in missing_of(current_city())
    ]


def _is_to_be_migrated(database: str) -> bool:
    executor = MigrationExecutor(connections[database])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
