"""Which addresses may be read from a replica: what the public reads most, and what reads most.

Not in the list are what writes while it reads (results of surveys remember which numbers were public), what belongs to
one person (private links), and pages that are kept by PostgreSQL's snapshot (`mapping.web.overview.kept`: a standby's
snapshot does not name the transactions that are still running, so that two equal texts may read different rows).
"""

from typing import Final

_PAGES: Final = (
    "campaign",
    "contribution",
    "data",
    "ground-tile",
    "photo",
    "public-heatmap",
    "search",
)
_API: Final = (
    "addresses",
    "area",
    "campaign",
    "campaigns",
    "centres",
    "change",
    "clusters",
    "comments",
    "contribution",
    "contributions",
    "districts",
    "download",
    "follow",
    "heatmap",
    "hotspots",
    "place-words",
    "rates",
    "search",
    "similar",
    "statistics",
    "surface",
    "surface-picture",
)
_OGC: Final = (
    "campaign-qgis",
    "collection",
    "collection-qgis",
    "collections",
    "feature-schema",
    "item",
    "items",
    "landing",
    "queryables",
    "schema",
    "sortables",
    "style",
    "tile",
    "tileset",
    "tilesets",
)
_CATALOGUE: Final = (
    "catalogue",
    "dataset",
    "open311-request",
    "open311-requests",
    "pds-commented-contribution",
    "pds-commented-contributions",
    "pds-comments",
    "pds-contribution",
    "pds-contributions",
)

ROUTES: Final = frozenset(
    (
        *_PAGES,
        *(f"api:{name}" for name in _API),
        *(f"ogc:{name}" for name in _OGC),
        *(f"catalogue:{name}" for name in _CATALOGUE),
    )
)
"""Names of the routes, with their namespace."""
