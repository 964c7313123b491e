"""The vocabularies of DCAT-AP.de 3.0, section "Kontrollierte Vokabulare", as far as this site uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD

DCATDE: Final = Namespace("http://dcat-ap.de/def/dcatde/")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
LOCN: Final = Namespace("http://www.w3.org/ns/locn#")
GEOSPARQL: Final = Namespace("http://www.opengis.net/ont/geosparql#")
WKT: Final = GEOSPARQL.wktLiteral
"""GeoSPARQL 1.1 section 8.5.1: without a CRS before it, WKT is in CRS84, longitude first."""

CONTRIBUTORS: Final = "http://dcat-ap.de/def/contributors/"
_EU: Final = Namespace("http://publications.europa.eu/resource/authority/")
THEMES: Final = (_EU["data-theme/REGI"], _EU["data-theme/GOVE"])
THEME_TAXONOMY: Final = _EU["data-theme"]
GERMAN: Final = _EU["language/DEU"]
PUBLIC: Final = _EU["access-right/PUBLIC"]
CONTINUOUS: Final = _EU["frequency/UPDATE_CONT"]
IRREGULAR: Final = _EU["frequency/IRREG"]
NEVER: Final = _EU["frequency/NEVER"]
AVAILABLE: Final = _EU["planned-availability/AVAILABLE"]
MUNICIPALITY: Final = URIRef("http://dcat-ap.de/def/politicalGeocoding/Level/municipality")
LOCAL_AUTHORITY: Final = URIRef("http://purl.org/adms/publishertype/LocalAuthority")
CRS84: Final = URIRef("http://www.opengis.net/def/crs/OGC/1.3/CRS84")
OGC_API_FEATURES: Final = URIRef("http://www.opengis.net/def/interface/ogcapi-features")

_FILE_TYPES: Final[Mapping[str, str]] = {
    "csv": "CSV",
    "geojson": "GEOJSON",
    "gpkg": "GPKG",
    "json": "JSON",
    "kml": "KML",
    "parquet": "PARQUET",
    "shp": "SHP",
    "shp.zip": "SHP",
    "xlsx": "XLSX",
    "zip": "ZIP",
}
"""Our formats by name in the EU vocabulary "File type"; what it does not know gets no dct:format (convention 32)."""

_REGISTERED: Final = frozenset(
    {
        "application/geo+json",
        "application/geo+json-seq",
        "application/geopackage+sqlite3",
        "application/json",
        "application/vnd.apache.parquet",
        "application/vnd.google-earth.kml+xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.shp",
        "application/zip",
        "text/calendar",
        "text/csv",
    }
)
"""Media types that IANA registered: only these have an address there."""


@dataclass(frozen=True)
class Licence:
    """A licence for data: its IRI in the list of DCAT-AP.de, its title, and where its text stands."""

    iri: str
    title: str
    text_url: str
    needs_attribution: bool = True


_LICENCE_LIST: Final = "http://dcat-ap.de/def/licenses/"
LICENCES: Final[Mapping[str, Licence]] = {
    "dl-de/by-2-0": Licence(
        f"{_LICENCE_LIST}dl-by-de/2.0",
        "Datenlizenz Deutschland – Namensnennung – Version 2.0",
        "https://www.govdata.de/dl-de/by-2-0",
    ),
    "dl-de/zero-2-0": Licence(
        f"{_LICENCE_LIST}dl-zero-de/2.0",
        "Datenlizenz Deutschland – Zero – Version 2.0",
        "https://www.govdata.de/dl-de/zero-2-0",
        needs_attribution=False,
    ),
    "cc-by-4.0": Licence(
        f"{_LICENCE_LIST}cc-by/4.0",
        "Creative Commons Namensnennung – 4.0 International (CC BY 4.0)",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "cc-by-sa-4.0": Licence(
        f"{_LICENCE_LIST}cc-by-sa/4.0",
        "Creative Commons Namensnennung - Weitergabe unter gleichen Bedingungen 4.0 International (CC BY-SA 4.0)",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    "cc-zero": Licence(
        f"{_LICENCE_LIST}cc-zero",
        "Creative Commons Zero (CC0 1.0)",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        needs_attribution=False,
    ),
}
"""What the setting DATA_LICENCE may name."""


def file_type(name: str) -> URIRef | None:
    """The EU file type of a format of ours, None where the vocabulary has none."""
    known = _FILE_TYPES.get(name)
    return None if known is None else _EU[f"file-type/{known}"]


def media_type(text: str) -> URIRef | None:
    """IANA's address of a media type (DCAT 3 section 6.8.14), None where it is not registered."""
    bare = text.partition(";")[0].strip()
    if bare not in _REGISTERED:
        return None
    return URIRef(f"http://www.iana.org/assignments/media-types/{bare}")


def new_graph() -> Graph:
    """An empty graph with our prefixes, the same in every piece of a catalogue."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


PREFIXES: Final[Mapping[str, str]] = {
    "rdf": str(RDF),
    "xsd": str(XSD),
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "dcatap": str(DCATAP),
    "dcatde": str(DCATDE),
    "foaf": str(FOAF),
    "vcard": str(VCARD),
    "locn": str(LOCN),
    "geosparql": str(GEOSPARQL),
}
