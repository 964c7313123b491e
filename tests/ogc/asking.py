"""How the tests of the OGC API ask and what every answer must be."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import numpy as np
import pyproj
from django.http.response import HttpResponseBase
from django.test import Client

ROOT = "/ogc/"
COLLECTION = "/ogc/collections/fear-spaces-contributions"
ITEMS = f"{COLLECTION}/items"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"


def get(url: str, query: dict[str, object] | None = None, **headers: str) -> Any:
    """An answer; `query` is escaped and put behind the address."""
    address = f"{url}?{urlencode(query)}" if query else url
    return Client().get(address.removeprefix("http://testserver"), headers=headers)


def body(url: str, query: dict[str, object] | None = None) -> Any:
    """The JSON of an answer that must be one."""
    response = get(url, query)
    assert response.status_code == 200, response.content
    return response.json()


def linked(document: dict[str, Any], rel: str, media_type: str = "") -> str:
    """The address of the first link with a relation, of a media type where one is given."""
    return next(
        str(link["href"])
        for link in document["links"]
        if link["rel"] == rel and link["type"].startswith(media_type)
    )


def ids(url: str = ITEMS, **query: object) -> set[str]:
    """The ids of the features that an address answers."""
    return {
        feature["id"]
        for feature in body(url, {name.replace("_", "-"): one for name, one in query.items()})["features"]
    }


def is_problem(response: HttpResponseBase, status: int) -> bool:
    """Whether an answer is a problem (RFC 9457) with a status."""
    assert response.status_code == status, (response.status_code, getattr(response, "content", b"")[:300])
    assert response["Content-Type"] == "application/problem+json"
    return True


def in_registry_order(places: Any, uri: str) -> Any:
    """Positions (lon/lat) in a CRS as its registry orders the axes: pyproj is told nothing of x and y."""
    name = "OGC:CRS84" if uri == CRS84 else f"EPSG:{uri.rpartition('/')[2]}"
    transformer = pyproj.Transformer.from_crs("OGC:CRS84", name)
    positions = np.array(places, dtype=np.float64)
    return np.column_stack(transformer.transform(positions[:, 0], positions[:, 1]))
