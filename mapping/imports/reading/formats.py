"""Supported file formats: GDAL driver and signature of the first bytes.

GDAL would choose the driver by content, and many of its drivers follow references: to files, to servers, to other
drivers. Therefore each ending has one driver, and content of another kind is refused before GDAL opens it.
"""

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

_BLANK: Final = b"\xef\xbb\xbf \r\n\t"
_PROLOG: Final = re.compile(rb"(?:<\?xml[^>]*\?>|<!--.*?-->|\s)*", re.DOTALL)
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: GDAL driver, check of the first bytes, open options; `is_sheet` if it is read cell by cell without
    GDAL.
    """

    driver: str
    title: str
    looks: Callable[[bytes], bool]
    prefix: str = ""
    options: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    is_xml: bool = False
    is_sheet: bool = False


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda start: start.startswith(signatures)


def _is_csv(start: bytes) -> bool:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", "ignore").encode()
    return b"\0" not in start and not start.lstrip(_BLANK).startswith((b"<", b"{"))


def _is_json(start: bytes) -> bool:
    return start.lstrip(_BLANK).startswith(b"{")


def _is_json_sequence(start: bytes) -> bool:
    return start.lstrip(_BLANK + b"\x1e").startswith(b"{")


def _root(*names: bytes) -> Callable[[bytes], bool]:
    """Whether the first element of an XML document has one of these names, with any prefix (none: any element)."""

    def looks(start: bytes) -> bool:
        inside = _PROLOG.sub(b"", start.lstrip(_BLANK), count=1)
        found = re.match(rb"<(?:[\w.-]+:)?([\w.-]+)", inside)
        return found is not None and (not names or found[1] in names)

    return looks


def _is_gml(start: bytes) -> bool:
    return _root()(start) and b"opengis.net/gml" in start


def _is_map_info_table(start: bytes) -> bool:
    """Whether a table contains its own data; others ("seamless", views, linked) refer to further files."""
    head = start.lower()
    references = (b"open table", b"isseamless", b"create view", b"type linked", b"type access", b"raster")
    return head.lstrip().startswith(b"!table") and not any(one in head for one in references)


FORMATS: Final[Mapping[str, Format]] = {
    ".csv": Format("CSV", "CSV", _is_csv, is_sheet=True),
    ".tsv": Format("CSV", "CSV", _is_csv, is_sheet=True),
    ".geojson": Format("GeoJSON", "GeoJSON", _is_json, "GeoJSON:"),
    ".json": Format("GeoJSON", "GeoJSON", _is_json, "GeoJSON:"),
    ".geojsonl": Format("GeoJSONSeq", "GeoJSON Lines", _is_json_sequence, "GeoJSONSeq:"),
    ".geojsons": Format("GeoJSONSeq", "GeoJSON Lines", _is_json_sequence, "GeoJSONSeq:"),
    ".ndjson": Format("GeoJSONSeq", "GeoJSON Lines", _is_json_sequence, "GeoJSONSeq:"),
    ".gpkg": Format("GPKG", "GeoPackage", _begins(b"SQLite format 3\0")),
    ".shp": Format("ESRI Shapefile", "Shapefile", _begins(b"\0\0\x27\x0a")),
    ".fgb": Format("FlatGeobuf", "FlatGeobuf", _begins(b"fgb")),
    ".kml": Format("LIBKML", "KML", _root(b"kml"), is_xml=True),
    ".gpx": Format("GPX", "GPX", _root(b"gpx"), is_xml=True),
    # No schema is fetched or searched for beside the file.
    ".gml": Format("GML", "GML", _is_gml, options=MappingProxyType({"DOWNLOAD_SCHEMA": "NO"}), is_xml=True),
    ".xlsx": Format("XLSX", "XLSX", _begins(b"PK\3\4"), is_sheet=True),
    ".tab": Format("MapInfo File", "MapInfo TAB", _is_map_info_table),
    ".mif": Format(
        "MapInfo File", "MapInfo MIF", lambda start: start.lstrip().lower().startswith(b"version")
    ),
    ".parquet": Format("FlatGeobuf", "GeoParquet", _begins(b"PAR1")),
    ".geoparquet": Format("FlatGeobuf", "GeoParquet", _begins(b"PAR1")),
}
"""Formats by file extension."""

OSM_FORMATS: Final[Mapping[str, Format]] = {
    # The length of the first header in four bytes, then its type as a field of a protocol buffer.
    ".pbf": Format("OSM", "OpenStreetMap PBF", lambda start: start[4:15] == b"\x0a\x09OSMHeader"),
    ".osm": Format("OSM", "OpenStreetMap XML", _root(b"osm"), is_xml=True),
}
"""Extracts of OpenStreetMap by file extension: no tables, and read for the city's own ground alone."""

_ESRI_JSON: Final = Format("ESRIJSON", "Esri JSON", _is_json, "ESRIJSON:")
_TOPO_JSON: Final = Format("TopoJSON", "TopoJSON", _is_json, "TopoJSON:")
_HEAD: Final = 65_536
_IS_GEOJSON: Final = re.compile(rb'"type"\s{0,20}:\s{0,20}"Feature')
_IS_ESRI: Final = re.compile(rb'"geometryType"\s{0,20}:\s{0,20}"esri|"attributes"\s{0,20}:\s{0,20}\{')
_IS_TOPOLOGY: Final = re.compile(rb'"type"\s{0,20}:\s{0,20}"Topology"')


def form_of(plain: Path) -> Format:
    """The format of a file: by its ending, and for `.json` by the kind of JSON at its beginning."""
    form = FORMATS[plain.suffix]
    if form.driver != "GeoJSON":
        return form
    with plain.open("rb") as file:
        start = file.read(_HEAD)
    if _IS_TOPOLOGY.search(start):
        return _TOPO_JSON
    return _ESRI_JSON if _IS_ESRI.search(start) and not _IS_GEOJSON.search(start) else form


FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    ".shp": (".shp", ".shx", ".dbf", ".prj", ".cpg"),
    ".tab": (".tab", ".dat", ".map", ".id", ".ind"),
    ".mif": (".mif", ".mid"),
}
"""Formats that consist of several files of one name."""

SIDECARS: Final[Mapping[str, tuple[str, ...]]] = {
    ".shp": (".shx",),
    ".tab": (".dat",),
    ".mif": (".mid",),
}
"""Files of a family that are required for reading the main file or its attributes."""

ENDINGS: Final = (*FORMATS, ".zip", ".kmz", ".gz")
"""All file extensions that can be uploaded."""
