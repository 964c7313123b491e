"""The database in a set: one snapshot, dumped, counted, and loaded again beside what is there."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import connection
from psycopg import conninfo, pq, sql

from geoparticipation.backup.errors import BackupFailed, RestoreFailed
from geoparticipation.backup.unfinished import ASIDE

REPLACED: Final = "replaced_by_restore"
"""The former database once the restored one is in use: a name of its own, so that nothing takes it back."""
_BROKEN: Final = "broken_restore"
_PIECE: Final = 1024 * 1024
_FILLED_BY_MIGRATIONS: Final = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "spatial_ref_sys",
    "mapping_searchstem",
}
"""Tables that hold rows before anybody came."""
_NOT_LOADED: Final = re.compile(
    r" SCHEMA - public | COMMENT - SCHEMA public | COMMENT - EXTENSION | TABLE DATA \S+ spatial_ref_sys "
)
"""Entries of a dump that are there already, or that only the owner of an extension may write."""
_OWN: Final = """
    SELECT 'TABLE', format('%%I.%%I', space.nspname, relation.relname)
    FROM pg_class AS relation JOIN pg_namespace AS space ON space.oid = relation.relnamespace
    WHERE space.nspname = %(schema)s AND relation.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = relation.oid
            AND (deptype = 'e' OR relation.relkind = 'S' AND deptype IN ('a', 'i'))
    )
    UNION ALL
    SELECT 'ROUTINE', routine.oid::regprocedure::text
    FROM pg_proc AS routine JOIN pg_namespace AS space ON space.oid = routine.pronamespace
    WHERE space.nspname = %(schema)s AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = routine.oid AND deptype = 'e'
    )
    UNION ALL
    SELECT 'TYPE', type.oid::regtype::text
    FROM pg_type AS type JOIN pg_namespace AS space ON space.oid = type.typnamespace
    LEFT JOIN pg_class AS relation ON relation.oid = type.typrelid
    WHERE space.nspname = %(schema)s AND (type.typtype IN ('e', 'd') OR relation.relkind = 'c') AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = type.oid AND deptype = 'e'
    )
"""
"""What in a schema belongs to no extension, with its name as statements write it."""


def program(name: str) -> str:
    """One of PostgreSQL's programs, of the version that `bin/` has chosen where it has."""
    chosen = os.environ.get("PG_BIN")
    return str(Path(chosen) / name) if chosen else name


def connection_environment() -> dict[str, str]:
    """The environment with which PostgreSQL's programs reach the database: no password in a list of processes.

    Variables of this process stay, since Django's connection follows them, too (a password of a container, say).
    """
    return os.environ | {
        variable: value for keyword, value in _parameters().items() if (variable := _variable_of(keyword))
    }


def connection_argument() -> str:
    """The argument that names the database to them, with the options of libpq that no variable stands for.

    Other users of the machine may read it: of an encrypted key's password (`sslpassword`) it holds nothing.
    """
    known = {
        keyword: value
        for keyword, value in _parameters().items()
        if keyword == "dbname" or (not _variable_of(keyword) and keyword != "sslpassword")
    }
    return f"--dbname={conninfo.make_conninfo(**known)}"


def _parameters() -> dict[str, str]:
    """How Django reaches the database, in the words of libpq, all options of DATABASE_URL included."""
    keywords = _variables().keys()
    found = connection.get_connection_params()
    return {name: str(value) for name, value in found.items() if name in keywords and value not in (None, "")}


def _variable_of(keyword: str) -> str | None:
    return _variables()[keyword]


@cache
def _variables() -> dict[str, str | None]:
    """The environment variable of each option of libpq, where there is one."""
    return {
        one.keyword.decode(): one.envvar.decode() if one.envvar else None
        for one in pq.Conninfo.get_defaults()
    }


@contextmanager
def snapshot() -> Iterator[str]:
    """A transaction that sees one moment, and the name by which `pg_dump` sees the same."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor.fetchone()[0]
        finally:
            cursor.execute("ROLLBACK")


def moment_of_snapshot() -> str:
    """The moment of the snapshot in ISO 8601, UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() AT TIME ZONE 'UTC'")
        return str(cursor.fetchone()[0].isoformat()) + "+00:00"


def versions() -> dict[str, str]:
    """Versions of the server and its extensions."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        found = {"postgresql": str(int(cursor.fetchone()[0]) // 10000)}
        cursor.execute("SELECT extname, extversion FROM pg_extension ORDER BY extname")
        return found | dict(cursor.fetchall())


def counts() -> dict[str, int]:
    """The number of rows of each table, without unlogged ones, whose rows are in no backup."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relpersistence = 'p' AND relname <> 'spatial_ref_sys' ORDER BY relname"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
        return found


def dump(name: str, write: Any) -> None:
    """Dump a snapshot in PostgreSQL's custom format, and read the whole of it as `pg_restore` will."""
    command = [
        *(program("pg_dump"), "--format=custom", "--no-unlogged-table-data", f"--snapshot={name}"),
        connection_argument(),
        *(f"--exclude-schema={schema}" for schema in (ASIDE, REPLACED, _BROKEN)),
    ]
    try:
        dumping = subprocess.Popen(  # noqa: S603 - our own arguments
            command, env=connection_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        reading = subprocess.Popen(  # noqa: S603 - our own arguments
            [program("pg_restore"), "--file=/dev/null"], stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise BackupFailed(f"PostgreSQL's programs cannot be started: {error}") from error
    try:
        while piece := dumping.stdout.read(_PIECE):  # type: ignore[union-attr] # a pipe
            write(piece)
            with suppress(BrokenPipeError):
                reading.stdin.write(piece)  # type: ignore[union-attr] # a pipe
        _, complaint = dumping.communicate()
        if dumping.returncode:
            raise BackupFailed(f"pg_dump failed: {_last_line(complaint)}")
        _, complaint = reading.communicate()
        if reading.returncode:
            raise BackupFailed(f"The dump cannot be read: {_last_line(complaint)}")
    finally:
        for process in (dumping, reading):
            if process.poll() is None:
                process.kill()
                process.wait()


def contents(path: Path) -> list[str]:
    """The list of what a dump holds, as `pg_restore --list` prints it."""
    done = subprocess.run(  # noqa: S603 - our own arguments
        [program("pg_restore"), "--list", str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RestoreFailed(f"The dump cannot be read: {_last_line(done.stderr.encode())}")
    return done.stdout.splitlines()


def load(path: Path, scratch: Path, *, jobs: int) -> None:
    """Load a dump into the empty schema `public`; raises RestoreFailed."""
    wanted = [line for line in contents(path) if not _NOT_LOADED.search(line)]
    chosen = scratch / "contents"
    chosen.write_text("\n".join(wanted) + "\n")
    command = [
        *(program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", f"--jobs={jobs}"),
        *(f"--use-list={chosen}", connection_argument(), str(path)),
    ]
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, env=connection_environment(), capture_output=True, check=False
    )
    if done.returncode:
        raise RestoreFailed(f"pg_restore failed: {_last_line(done.stderr)}")


def holds_data() -> list[str]:
    """Tables of the schema `public` with rows that no migration made."""
    tables = [table for table, rows in counts().items() if rows]
    return [
        table
        for table in tables
        if table not in _FILLED_BY_MIGRATIONS and not table.startswith(("doors_", "procrastinate_"))
    ]


def leave_pool() -> None:
    """Use one connection from now on, without a pool, which opens further ones."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined] # of the backend for PostgreSQL
    connection.settings_dict["OPTIONS"].pop("pool", None)


def others_connected() -> int:
    """How many connections others have to this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def has_schema(name: str) -> bool:
    """Whether there is a schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = %s)", [name])
        return bool(cursor.fetchone()[0])


def put_aside() -> None:
    """Move what is in `public` and belongs to no extension into a schema of its own, in one transaction."""
    _run([*_creation(ASIDE), *_moves("public", ASIDE)])


def take_back() -> None:
    """Undo `put_aside`: what was loaded meanwhile is dropped."""
    away = [f"DROP SCHEMA IF EXISTS {_BROKEN} CASCADE", *_creation(_BROKEN), *_moves("public", _BROKEN)]
    _run([*away, *_moves(ASIDE, "public"), f"DROP SCHEMA {ASIDE}"])
    _run([f"DROP SCHEMA {_BROKEN} CASCADE"])


def replace_aside() -> None:
    """Make what was loaded the database of the site, in one step."""
    _run([f"DROP SCHEMA IF EXISTS {REPLACED} CASCADE", f"ALTER SCHEMA {ASIDE} RENAME TO {REPLACED}"])


def drop_replaced() -> None:
    """Drop the former database after `replace_aside`, and what a killed command left of it."""
    _run([f"DROP SCHEMA IF EXISTS {REPLACED} CASCADE"])


def analyze() -> None:
    """Collect statistics, which a dump has none of."""
    _run(["ANALYZE"])


def migrations() -> Mapping[str, str]:
    """The last applied migration of each app."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, max(name) FROM django_migrations GROUP BY app")
        return dict(cursor.fetchall())


def first_migrated_at() -> str:
    """The moment of the first migration (ISO 8601), the same in all copies of a database; "" where there is none."""
    if "django_migrations" not in connection.introspection.table_names():
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        (moment,) = cursor.fetchone()
    return "" if moment is None else str(moment.astimezone(UTC).isoformat())


def _creation(schema: str) -> Sequence[str]:
    return [f"CREATE SCHEMA {schema}"]


def _moves(source: str, target: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        # Names of types and routines are written with their schema only where the search path does not find them.
        cursor.execute("SET search_path = pg_catalog")
        cursor.execute(_OWN, {"schema": source})
        found = cursor.fetchall()
        cursor.execute("RESET search_path")
    for noun, name in found:
        yield f"ALTER {noun} {name} SET SCHEMA {target}"


def _run(statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            for statement in statements:
                cursor.execute(statement)
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode(errors="replace").strip().splitlines()
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "")[:400]
