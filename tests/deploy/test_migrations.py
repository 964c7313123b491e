"""Migrations since the last release are safe while the version before is serving, or a reason is given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from tests.deploy.safety import doubts, judged, new_migrations

RELEASED: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "released.json").read_text())


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None)


def test_new_migrations_are_safe_beside_the_version_before(loader: MigrationLoader) -> None:
    found = list(doubts(loader, RELEASED["migrations"]))
    unexplained = [one for one in found if f"{one.migration}: {one.operation}" not in RELEASED["reasons"]]
    assert unexplained == [], "see docs/operators/upgrading.md, 'Migrations'"
    stale = RELEASED["reasons"].keys() - {f"{one.migration}: {one.operation}" for one in found}
    assert not stale, "reasons for what is not there"


def test_released_migrations_exist(loader: MigrationLoader) -> None:
    assert RELEASED["migrations"].items() <= {(app, name) for app, name in loader.disk_migrations}
    assert all(len(reason) > 20 for reason in RELEASED["reasons"].values())


def test_earlier_migrations_show_that_doubts_are_found(loader: MigrationLoader) -> None:
    """Nobody ran this site then: removed and renamed fields were free."""
    before = dict.fromkeys(RELEASED["migrations"], "0001_zzz")
    assert len(new_migrations(loader, before)) > 50
    assert len({one.why for one in doubts(loader, before)}) > 5


def state() -> ProjectState:
    made = ProjectState()
    made.add_model(
        ModelState(
            "mapping",
            "Place",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
                ("note", models.TextField(null=True)),
                ("number", models.IntegerField()),
            ],
        )
    )
    return made


def reason(operation: Operation, fresh: set[str] | None = None) -> str:
    found = [why for _, why in judged([operation], "mapping", state(), fresh or set())]
    return found[0] if found else ""


def add(field: models.Field[Any, Any]) -> Operation:
    return migrations.AddField("place", "title", field)


def alter(name: str, field: models.Field[Any, Any]) -> Operation:
    return migrations.AlterField("place", name, field)


INDEX = models.Index(fields=["name"], name="place_name")


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.RemoveField("place", "name"), "gone"),
        (migrations.RenameField("place", "name", "title"), "gone"),
        (migrations.DeleteModel("place"), "gone"),
        (migrations.RenameModel("Place", "Spot"), "gone"),
        (migrations.AlterModelTable("place", "spots"), "gone"),
        (add(models.TextField()), "does not fill"),
        (add(models.TextField(default="")), "does not fill"),
        (alter("note", models.TextField()), "NULL"),
        (alter("name", models.CharField(max_length=10)), "longer"),
        (alter("number", models.BigIntegerField()), "anew"),
        (migrations.AddIndex("place", INDEX), "Concurrently"),
        (migrations.AddConstraint("place", models.UniqueConstraint(fields=["name"], name="one")), "refused"),
        (migrations.AlterUniqueTogether("place", {("name", "note")}), "refused"),
        (migrations.RunPython(migrations.RunPython.noop), "nobody can tell"),
        (migrations.RunSQL("ALTER TABLE mapping_place DROP COLUMN name"), "DROP COLUMN"),
        (migrations.RunSQL("ALTER TABLE mapping_place ALTER COLUMN note SET NOT NULL"), "SET NOT NULL"),
        (migrations.RunSQL([("CREATE INDEX place_name ON mapping_place (name)", [])]), "CREATE INDEX"),
        (migrations.RunSQL("ALTER TABLE a ADD COLUMN b text NOT NULL"), "ADD COLUMN"),
        (migrations.RunSQL("ALTER TABLE a\n ADD CONSTRAINT c CHECK (b > 0)"), "ADD CONSTRAINT"),
        (migrations.RunSQL("TRUNCATE mapping_place"), "TRUNCATE"),
        (migrations.RunSQL("SELECT 1;\nUPDATE mapping_place SET note = ''"), "UPDATE"),
        (
            migrations.SeparateDatabaseAndState(
                database_operations=[migrations.RemoveField("place", "name")]
            ),
            "gone",
        ),
    ],
    ids=lambda one: one.describe() if isinstance(one, Operation) else "",
)
def test_what_the_old_version_cannot_live_with(operation: Operation, why: str) -> None:
    assert why in reason(operation)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        add(models.TextField(null=True)),
        add(models.TextField(db_default="")),
        add(models.ManyToManyField("mapping.place")),
        alter("name", models.CharField(max_length=30)),
        alter("name", models.CharField(max_length=20, verbose_name="Name")),
        alter("number", models.IntegerField(null=True)),
        AddIndexConcurrently("place", INDEX),
        migrations.AlterModelOptions("place", {"ordering": ["name"]}),
        migrations.RunSQL("CREATE TRIGGER a AFTER INSERT ON b EXECUTE FUNCTION c()"),
        migrations.RunSQL("CREATE TRIGGER a AFTER TRUNCATE ON b EXECUTE FUNCTION c()"),
        migrations.RunSQL(
            "CREATE FUNCTION a() RETURNS trigger AS $$ BEGIN UPDATE b SET c = 1; END $$ LANGUAGE plpgsql"
        ),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY place_name ON mapping_place (name)"),
        migrations.RunSQL("ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT ''"),
        migrations.RunSQL("ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0) NOT VALID"),
    ],
    ids=lambda one: one.describe(),
)
def test_what_it_does_not_notice(operation: Operation) -> None:
    assert reason(operation) == ""


def test_tables_that_it_does_not_know_may_change() -> None:
    assert reason(migrations.AddIndex("place", INDEX), {"place"}) == ""
    sql = migrations.RunSQL("CREATE INDEX a ON mapping_place (b)")
    assert reason(sql, {"place"}) == ""
    assert "CREATE INDEX" in reason(sql, {"other"})
