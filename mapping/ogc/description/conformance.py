"""Declared conformance classes, each verified in `tests/ogc`."""

from __future__ import annotations

from typing import Final

from mapping.ogc.cql2 import CONFORMANCE as CQL2

_SPEC: Final = "http://www.opengis.net/spec"
FEATURES: Final = (
    f"{_SPEC}/ogcapi-common-1/1.0/conf/core",
    f"{_SPEC}/ogcapi-common-2/1.0/conf/collections",
    *(f"{_SPEC}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_SPEC}/ogcapi-features-2/1.0/conf/crs",
    *(
        f"{_SPEC}/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(f"{_SPEC}/ogcapi-features-4/1.0/conf/{name}" for name in ("create-replace-delete", "update")),
    *(
        f"{_SPEC}/ogcapi-features-5/1.0/conf/{name}"
        for name in (
            "schemas",
            "core-roles-features",
            "returnables-and-receivables",
            "queryables",
            "sortables",
        )
    ),
    f"{_SPEC}/ogcapi-features-6/1.0/conf/property-selection",
    f"{_SPEC}/ogcapi-features-8/1.0/conf/sorting",
    f"{_SPEC}/ogcapi-features-8/1.0/conf/features-sorting",
)

TILES: Final = (
    *(
        f"{_SPEC}/ogcapi-tiles-1/1.0/conf/{name}"
        for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30")
    ),
    f"{_SPEC}/tms/2.0/conf/tilematrixset",
    f"{_SPEC}/tms/2.0/conf/json-tilematrixset",
)


def conformance_classes() -> tuple[str, ...]:
    """Every class, those of tiles and of CQL2 included."""
    return (*FEATURES, *CQL2, *TILES)
