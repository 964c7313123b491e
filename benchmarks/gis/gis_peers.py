"""The programs that GIS offers are measured against: tipg and pygeoapi in an environment of their own, ogr2ogr.

All three read the same database. tipg and pygeoapi get a table that holds every attribute ready to send, with a
primary key and a spatial index: their best case, which no participation keeps up to date for them. ogr2ogr reads
that table, too, and for comparison the view behind it.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mapping.models import Campaign

HOST: Final = "127.0.0.1"
WORKERS: Final = 2
SCHEMA: Final = "peers"
# Fixed, so that two runs compare with the same; what they need themselves is whatever pip finds.
PACKAGES: Final = (
    "tipg==1.6.1",
    "pygeoapi==0.21.0",
    "uvicorn==0.54.0",
    "gunicorn==27.0.1",
    "psycopg2-binary==2.9.12",
    "geoalchemy2==0.20.0",
)
_NAMED: Final = ("tipg", "pygeoapi")
_UNTIL_READY: Final = 90.0
_MOST_PER_TILE: Final = 10_000_000


class Peer:
    """A running server of somebody else's."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port: int = free.getsockname()[1]
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [part.replace("{port}", str(self.port)) for part in command],
                env={**os.environ, **environment},
                cwd=log.parent,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection that stays open between requests."""
        return http.client.HTTPConnection(HOST, self.port, timeout=120)

    def get(self, path: str) -> bytes:
        """Read an answer."""
        connection = self.connect()
        try:
            connection.request("GET", path, headers={"Accept-Encoding": "identity"})
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise RuntimeError(f"{path} answers {response.status}: {body[:300]!r}")
        return body

    def wait(self, path: str) -> None:
        """Return as soon as it answers."""
        until = time.monotonic() + _UNTIL_READY
        while True:
            try:
                self.get(path)
            except (OSError, http.client.HTTPException, RuntimeError) as problem:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"A peer does not start: {problem}; see {self.log}") from problem
                time.sleep(0.3)
            else:
                return

    def stop(self) -> None:
        """Stop it and wait for its end."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def home() -> Path:
    """Where the peers' environment and their files lie."""
    from django.conf import settings

    place = Path(settings.VAR_DIR) / "bench-peers"
    place.mkdir(parents=True, exist_ok=True)
    return place


def ensure_environment() -> None:
    """Make the environment where it is missing or holds other versions."""
    environment = home() / "venv"
    stamp = environment / "packages"
    if stamp.exists() and stamp.read_text().split() == list(PACKAGES):
        return
    sys.stdout.write(f"Installing {' and '.join(_NAMED)} into {environment}\n")
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
    install = [str(environment / "bin/pip"), "install", "-q", "--disable-pip-version-check", "--no-input"]
    subprocess.run([*install, *PACKAGES], check=True)
    stamp.write_text("\n".join(PACKAGES))


def versions() -> str:
    """Name the peers with their versions."""
    gdal = subprocess.run(["ogr2ogr", "--version"], check=True, capture_output=True, text=True).stdout
    return ", ".join(
        [
            *(package.replace("==", " ") for package in PACKAGES if package.startswith(_NAMED)),
            gdal.partition(",")[0],
        ]
    )


def table_name(campaign: Campaign) -> str:
    """The table that the peers read, and their name for the collection."""
    return campaign.slug.replace("-", "_")


def ensure_table(campaign: Campaign) -> None:
    """Make the view of all attributes, and the table of the same rows where it is missing or holds others."""
    from django.db import connection

    from mapping.exports.selection import Selection
    from mapping.exports.sources import contributions_source

    source = contributions_source(Selection(campaign), "/photos/")
    names = [field.name for field in source.fields]
    rows = source.rows.values_list("id", "geom", *(source.values[name] for name in names))
    sql, params = rows.query.sql_with_params()
    table = f"{SCHEMA}.{table_name(campaign)}"
    columns = ", ".join(connection.ops.quote_name(name) for name in ("id", "geom", *names))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        cursor.execute(f"DROP VIEW IF EXISTS {table}_view")
        cursor.execute(f"CREATE VIEW {table}_view ({columns}) AS {cursor.mogrify(sql, params)}")
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if cursor.fetchone()[0]:
            cursor.execute(f"SELECT count(*) FROM {table}")
            if cursor.fetchone()[0] == source.rows.count():
                return
            cursor.execute(f"DROP TABLE {table}")
        cursor.execute(f"CREATE TABLE {table} AS SELECT * FROM {table}_view ORDER BY created DESC, id DESC")
        # Points only, which the type says: the peers look it up.
        cursor.execute(f"ALTER TABLE {table} ALTER geom TYPE geometry(Point, 4326), ADD PRIMARY KEY (id)")
        cursor.execute(f"CREATE INDEX ON {table} USING gist (geom)")
        cursor.execute(f"VACUUM (ANALYZE) {table}")


@contextmanager
def tipg(campaign: Campaign) -> Iterator[Peer]:
    """A running tipg that knows the campaign's table only; its tiles may hold every feature."""
    environment = {
        "DATABASE_URL": _url(),
        "TIPG_DB_SCHEMAS": f'["{SCHEMA}"]',
        "TIPG_DB_TABLES": f'["{SCHEMA}.{table_name(campaign)}"]',
        "TIPG_MAX_FEATURES_PER_TILE": str(_MOST_PER_TILE),
        "TIPG_CATALOG_TTL": "86400",
    }
    command = [str(home() / "venv/bin/uvicorn"), "tipg.main:app", "--host", HOST, "--port", "{port}"]
    command += ["--workers", str(WORKERS), "--no-access-log", "--log-level", "warning"]
    peer = Peer(command, environment, home() / "tipg.log")
    try:
        peer.wait(f"/collections/{SCHEMA}.{table_name(campaign)}")
        yield peer
    finally:
        peer.stop()


@contextmanager
def pygeoapi(campaign: Campaign) -> Iterator[Peer]:
    """A running pygeoapi that knows the campaign's table only."""
    import json

    program = home() / "venv/bin"
    configuration, described = home() / "pygeoapi.yml", home() / "pygeoapi-openapi.yml"
    configuration.write_text(json.dumps(_pygeoapi_configuration(campaign)))  # JSON is YAML
    environment = {"PYGEOAPI_CONFIG": str(configuration), "PYGEOAPI_OPENAPI": str(described)}
    subprocess.run(
        [
            str(program / "pygeoapi"),
            "openapi",
            "generate",
            str(configuration),
            "--output-file",
            str(described),
        ],
        check=True,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    command = [str(program / "gunicorn"), "pygeoapi.flask_app:APP", "--bind", f"{HOST}:{{port}}"]
    command += ["--workers", str(WORKERS), "--threads", "4", "--log-level", "warning"]
    peer = Peer(command, environment, home() / "pygeoapi.log")
    try:
        peer.wait(f"/collections/{table_name(campaign)}?f=json")
        yield peer
    finally:
        peer.stop()


def ogr2ogr(layer: str, output: str, *options: str) -> list[str]:
    """The command that writes a table of the peers' schema; to standard output where `output` is /vsistdout/."""
    connection = " ".join(f"{key}='{value}'" for key, value in _parameters().items())
    return ["ogr2ogr", *options, output, f"PG:{connection} schemas={SCHEMA}", layer]


def require_ogr2ogr() -> None:
    """Refuse to start without it."""
    if shutil.which("ogr2ogr") is None:
        raise SystemExit("ogr2ogr is missing (Debian: apt-get install gdal-bin).")


def _parameters() -> dict[str, str]:
    """The database, in libpq's words."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    named = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return {key: str(database[name]) for key, name in named.items() if database[name]}


def _url() -> str:
    return os.environ["DATABASE_URL"].replace("postgis://", "postgresql://", 1)


def _pygeoapi_configuration(campaign: Campaign) -> dict[str, Any]:
    data = _parameters()
    text = {"en": "Benchmark"}
    about = {
        "identification": {
            "title": text,
            "description": text,
            "keywords": {"en": ["benchmark"]},
            "keywords_type": "theme",
            "terms_of_service": "none",
            "url": f"http://{HOST}",
        },
        "license": {"name": "none", "url": f"http://{HOST}"},
        "provider": {"name": "none", "url": f"http://{HOST}"},
        "contact": {"name": "none", "email": "nobody@example.org"},
    }
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": data.get("host", "localhost"),
            "port": int(data.get("port", 5432)),
            "dbname": data["dbname"],
            "user": data.get("user", ""),
            "password": data.get("password", ""),
            "search_path": [SCHEMA, "public"],
        },
        "id_field": "id",
        "table": table_name(campaign),
        "geom_field": "geom",
    }
    collection = {
        "type": "collection",
        "title": text,
        "description": text,
        "keywords": {"en": ["benchmark"]},
        "extents": {
            "spatial": {"bbox": [5, 45, 11, 48], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
        },
        "links": [],
        "providers": [provider],
    }
    return {
        "server": {
            "bind": {"host": HOST, "port": 1},
            "url": f"http://{HOST}",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["en"],
            "limits": {"default_items": 1000, "max_items": 10000},
            "map": {"url": f"http://{HOST}", "attribution": "none"},
        },
        "logging": {"level": "ERROR"},
        "metadata": about,
        "resources": {table_name(campaign): collection},
    }
