"""What managers send when they write back."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from tests import personas

ITEMS = "/ogc/collections/fear-spaces-contributions/items"
DISTRICTS = "/ogc/collections/fear-spaces-districts/items"
BASE = "http://www.opengis.net/def/crs/EPSG/0"


def feature(geometry: object = ..., **properties: object) -> dict[str, object]:
    """A street of the city, unless another place or None is given."""
    return {
        "type": "Feature",
        "geometry": personas.line() if geometry is ... else geometry,
        "properties": {"category": "plan", "text": "A cycle street"} | properties,
    }


def ward(place: tuple[float, float] = personas.TOWN_HALL, **properties: object) -> dict[str, object]:
    """A square district around a place (degrees)."""
    return feature(personas.square(place)) | {"properties": {"code": "02", "name": "North"} | properties}


def send(client: Client, method: str, address: str, body: object = None, **headers: str) -> Any:
    """The answer to a body, a text being sent as it is."""
    data = body if isinstance(body, str) else json.dumps(body)
    return getattr(client, method)(address, data, content_type="application/geo+json", headers=headers)


def sent_back(client: Client, address: str) -> tuple[dict[str, Any], str]:
    """An item as a program reads it, and its entity tag."""
    answer = client.get(address)
    return json.loads(answer.content), answer.headers["ETag"]
