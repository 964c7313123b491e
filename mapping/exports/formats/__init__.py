"""The built-in formats, one module each. Other apps register theirs in `registry`."""

from typing import Final

from mapping.exports.formats.csv import CSV
from mapping.exports.formats.flatgeobuf import FLATGEOBUF
from mapping.exports.formats.geojson import GEOJSON
from mapping.exports.formats.geopackage import GEOPACKAGE
from mapping.exports.formats.gpx import GPX
from mapping.exports.formats.kml import KML
from mapping.exports.formats.ndjson import NDJSON
from mapping.exports.formats.package import PACKAGE
from mapping.exports.formats.parquet import PARQUET
from mapping.exports.formats.shapefile import SHAPEFILE
from mapping.exports.formats.spreadsheet import SPREADSHEET

FORMATS: Final = (
    CSV,
    FLATGEOBUF,
    GEOJSON,
    GEOPACKAGE,
    GPX,
    KML,
    NDJSON,
    PACKAGE,
    PARQUET,
    SHAPEFILE,
    SPREADSHEET,
)
