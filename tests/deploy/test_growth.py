"""The list of tables that grow (docs/operators/growing.md) names tables, indexes and settings that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]


def rows() -> list[list[str]]:
    """The table below "What grows, and what removes it"; of each row its four columns."""
    text = (ROOT / "docs" / "operators" / "growing.md").read_text()
    section = text.split("\n## What grows, and what removes it\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[column.strip() for column in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.django_db
def test_tables_and_indexes_exist() -> None:
    found = rows()
    assert len(found) > 25
    assert {len(row) for row in found} == {4}
    tables = {name for row in found for name in re.findall(r"`([a-z]+_[a-z_]+)`", row[0])}
    indexes = {name for row in found for name in re.findall(r"`([a-z]+_[a-z_]+)`", row[2])}
    assert indexes
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        kinds = dict(cursor.fetchall())
    assert {name for name in tables if kinds.get(name) != "r"} == set()
    assert {name for name in indexes if kinds.get(name) != "i"} == set()


def test_settings_are_documented() -> None:
    documents = (ROOT / "docs" / "operators" / "settings.md").read_text()
    named = {name for row in rows() for name in re.findall(r"`([A-Z][A-Z_]+)`", row[3])}
    assert len(named) >= 4
    assert {name for name in named if f"`{name}`" not in documents} == set()
