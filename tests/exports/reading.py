"""Files read back as GIS programs read them, and compared with what is stored."""

from pathlib import Path
from typing import Any

import pyogrio
import pyogrio.raw
import pyproj
import shapely

from mapping.geo.crs import transform_geometry
from mapping.models import Contribution

CLOSE = {4326: 1e-7, 25832: 0.01, 3035: 0.01, 3857: 0.01}
CRS = tuple(CLOSE)


def wanted_places(made: list[Contribution], crs: int) -> dict[str, Any]:
    """What is stored, by id, transformed by PROJ."""
    found = {}
    for one in made:
        place = None if one.geom is None else shapely.from_wkb(bytes(one.geom.wkb))
        found[str(one.pk)] = None if place is None else transform_geometry(place, 4326, crs)
    return found


def layer(file: Path | str, name: str | None = None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A layer as GDAL reads it: what it says of itself, and its rows with their places."""
    about, _fids, places, columns = pyogrio.raw.read(file, layer=name)
    rows = [dict(zip(about["fields"], values, strict=True)) for values in zip(*columns, strict=True)] or []
    if places is not None:
        for row, place in zip(rows, places, strict=True):
            row["place"] = None if place is None else shapely.from_wkb(place)
    return about, rows


def assert_places(found: dict[str, Any], made: list[Contribution], crs: int) -> None:
    wanted = wanted_places(made, crs)
    assert found.keys() == wanted.keys()
    for pk, place in wanted.items():
        if place is None:
            assert found[pk] is None
        else:
            assert found[pk].geom_type == place.geom_type
            assert shapely.hausdorff_distance(found[pk], place) < CLOSE[crs]
            assert shapely.equals_exact(shapely.normalize(found[pk]), shapely.normalize(place), CLOSE[crs])


def epsg(about: dict[str, Any]) -> int | None:
    return pyproj.CRS(about["crs"]).to_epsg()
