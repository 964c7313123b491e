"""What GDAL's OAPIF driver reads, in a process of its own: it holds Python's lock while it waits for the server."""

from dataclasses import dataclass
from typing import Any

import pyogrio
import shapely


@dataclass(frozen=True)
class Layer:
    """A layer as it was read."""

    crs: str
    columns: dict[str, list[Any]]
    places: list[shapely.Geometry | None]

    def __len__(self) -> int:
        return len(self.places)


def list_layers(url: str) -> dict[str, str]:
    """Names of layers and their types of geometry."""
    return {str(name): str(kind) for name, kind in pyogrio.list_layers(f"OAPIF:{url}")}


def read_info(url: str, layer: str) -> dict[str, Any]:
    """Number, attributes and their types."""
    found = pyogrio.read_info(f"OAPIF:{url}", layer=layer)
    types = dict(zip(found["fields"].tolist(), found["ogr_types"], strict=True))
    subtypes = dict(zip(found["fields"].tolist(), found["ogr_subtypes"], strict=True))
    return {"features": int(found["features"]), "types": types, "subtypes": subtypes}


def read(url: str, layer: str, **options: Any) -> Layer:
    """All of a layer, or what the options (bbox, where, and those of the driver) leave of it."""
    meta, _fids, places, values = pyogrio.raw.read(
        f"OAPIF:{url}", layer=layer, datetime_as_string=True, **options
    )
    columns = dict(zip(meta["fields"].tolist(), (column.tolist() for column in values), strict=True))
    return Layer(
        str(meta["crs"]), columns, [None if one is None else shapely.from_wkb(one) for one in places]
    )
