"""Addresses of `/ogc/` and links to them (RFC 8288; relation types of OGC API and IANA)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
HTML: Final = "text/html"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"

Link = dict[str, str]
_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/"
QUERYABLES: Final = f"{_REL}queryables"
SORTABLES: Final = f"{_REL}sortables"
SCHEMAS: Final = f"{_REL}schema"


def link(href: str, rel: str, media_type: str, title: str = "") -> Link:
    """One link object (OGC 17-069r4, requirement class core, schema link.yaml)."""
    made = {"href": href, "rel": rel, "type": media_type}
    return made | {"title": title} if title else made


@dataclass(frozen=True)
class Addresses:
    """Addresses below the root of the API, which ends with a slash and contains a private link's secret, if any."""

    root: str

    def of(self, *parts: str, **query: str) -> str:
        """Build an address; path parts are escaped, the query's names are as given."""
        path = "/".join(quote(part, safe="+:") for part in parts)
        return f"{self.root}{path}{'?' + urlencode(query) if query else ''}"

    def collection(self, collection_id: str, *parts: str, **query: str) -> str:
        """Build the address of a collection or below it."""
        return self.of("collections", collection_id, *parts, **query)
