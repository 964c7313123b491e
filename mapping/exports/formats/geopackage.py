"""GeoPackage 1.3 (OGC 12-128r18): a layer per geometry type, as GIS programs expect; tables for the rest.

GDAL writes layers with their spatial indexes; descriptions are added afterwards: titles, codes and units of the
columns (extension "schema", F.9), metadata (extension "metadata", F.8), and the styles in QGIS's own table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from django.utils.translation import gettext_lazy as _

from mapping.exports.cells.released import cells_of
from mapping.exports.fields import Field
from mapping.exports.registry import Content, ExportOptions, Format, Origin, Progress, Released
from mapping.exports.streams.tables import Counter, Table, layers
from mapping.exports.streams.writing import write_layer
from mapping.exports.streams.xml import text_of
from mapping.exports.styles.symbols import StyledShape, cells_qml, looks_of, qml
from mapping.models import Campaign

KEY: Final = "fid"
_SHAPES: Final[dict[str | None, StyledShape]] = {
    "Point": "Point",
    "LineString": "LineString",
    "Polygon": "Polygon",
    "MultiPolygon": "Polygon",
}
_STYLES: Final = """
    CREATE TABLE layer_styles (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
        f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
        owner TEXT, ui TEXT, update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
    )
"""
# Tables as the standard defines them (Annex C), created where GDAL has not created them already.
_DESCRIPTIONS: Final = (
    """CREATE TABLE IF NOT EXISTS gpkg_extensions (
        table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
        CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))""",
    """CREATE TABLE IF NOT EXISTS gpkg_data_columns (
        table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
        constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
        CONSTRAINT gdc_tn UNIQUE (table_name, name))""",
    """CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
        constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
        max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
        CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))""",
    """CREATE TABLE IF NOT EXISTS gpkg_metadata (
        id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
        md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
        metadata TEXT NOT NULL DEFAULT '')""",
    """CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (
        reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
        timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
        md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
        CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
        CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id))""",
)
_EXTENSIONS: Final = (
    ("gpkg_data_columns", "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema"),
    ("gpkg_data_column_constraints", "gpkg_schema", "http://www.geopackage.org/spec121/#extension_schema"),
    ("gpkg_metadata", "gpkg_metadata", "http://www.geopackage.org/spec121/#extension_metadata"),
    ("gpkg_metadata_reference", "gpkg_metadata", "http://www.geopackage.org/spec121/#extension_metadata"),
)


def write_file(
    content: Content, origin: Origin, options: ExportOptions, path: Path, progress: Progress
) -> None:
    """Write layers and tables, then their descriptions."""
    tables = layers(content, origin, options)
    counter = Counter(tables, progress)
    for table in tables:
        layer_options = {
            "FID": KEY,
            "IDENTIFIER": table.name,
            "DESCRIPTION": f"{content.campaign.title}: {table.title}",
        }
        # QGIS 3.22 reads 1.3 without a warning. Without titles: GDAL would write them into a column that must be unique
        # per table (gpkg_data_columns.name), and two questions may have the same title.
        write_layer(
            table,
            path,
            "GPKG",
            counter,
            options=layer_options,
            dataset_options={"VERSION": "1.3"},
            schema=table.schema,
        )
    with closing(sqlite3.connect(path)) as file, file:
        describe(file, tables)
        add_metadata(file, content.campaign, origin)
        _add_styles(file, content, tables)


def describe(file: sqlite3.Connection, tables: Sequence[Table]) -> None:
    """Describe columns; codes become an enumeration, which QGIS shows as a list of values."""
    for statement in _DESCRIPTIONS:
        file.execute(statement)
    file.executemany(
        "INSERT INTO gpkg_extensions SELECT ?1, NULL, ?2, ?3, 'read-write' WHERE NOT EXISTS"
        " (SELECT 1 FROM gpkg_extensions WHERE table_name = ?1 AND extension_name = ?2)",
        _EXTENSIONS,
    )
    file.execute("DELETE FROM gpkg_data_columns")
    constraints: dict[str, tuple[tuple[object, ...], ...]] = {}
    for table in tables:
        for field in table.fields:
            rows = _constraint(field)
            name = f"{table.name}_{field.name}" if rows else None
            if name is not None:
                constraints[name] = rows
            description = ". ".join(filter(None, (str(field.description).rstrip("."), field.unit))) or None
            file.execute(
                "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
                (table.name, field.name, field.name, str(field.title), description, name),
            )
    for name, rows in constraints.items():
        file.executemany(
            "INSERT INTO gpkg_data_column_constraints VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(name, *row) for row in rows],
        )


def _constraint(field: Field) -> tuple[tuple[object, ...], ...]:
    """Rows of a constraint without its name: the permitted values. Lists have none, as each holds several values."""
    if field.choices and field.kind != "texts":
        return tuple(
            ("enum", choice.value, None, None, None, None, str(choice.title)) for choice in field.choices
        )
    return ()


def add_metadata(file: sqlite3.Connection, campaign: Campaign, origin: Origin) -> None:
    """Add Dublin Core metadata: title, source and date."""
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    elements = {
        "title": campaign.title,
        "description": campaign.summary,
        "publisher": campaign.organiser,
        "rights": campaign.attribution,
        "source": origin.url,
        "date": moment,
    }
    body = "".join(f"<dc:{name}>{text_of(value)}</dc:{name}>" for name, value in elements.items() if value)
    text = f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{body}</metadata>'
    found = file.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata)"
        " VALUES ('dataset', 'http://purl.org/dc/elements/1.1/', 'text/xml', ?)",
        (text,),
    )
    file.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, md_file_id) VALUES ('geopackage', ?)",
        (found.lastrowid,),
    )


def _add_styles(file: sqlite3.Connection, content: Content, tables: Sequence[Table]) -> None:
    """Add QGIS's table of styles; a layer's default one is applied when the layer is opened."""
    file.execute(_STYLES)
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES"
        " ('layer_styles', 'attributes', 'layer_styles', 'QGIS')"
    )
    looks = looks_of(content.campaign)
    for table in tables:
        shape = _SHAPES.get(table.shape)
        if shape is None:
            continue
        if isinstance(content, Released):
            highest = max((one.contributions for one in cells_of(content.release)), default=0)
            style = cells_qml(highest, table.fields)
        else:
            style = qml(looks, shape, table.fields)
        file.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, styleSLD, useAsDefault, description, owner) VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, '')",
            (table.name, table.name, style, str(content.campaign.title)),
        )


GEOPACKAGE = Format(
    "gpkg",
    _("GeoPackage"),
    "application/geopackage+sqlite3",
    write_file=write_file,
    hint=_("For QGIS and other GIS: layers with colours, titles of columns, codes and metadata in one file."),
)
