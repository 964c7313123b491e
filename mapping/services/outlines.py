"""Areas for the database: any polygons become one valid, flat MultiPolygon in degrees (EPSG:4326)."""

from collections.abc import Iterable

import shapely
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from shapely.geometry.base import BaseGeometry

from mapping.geo.geojson import DECIMALS

_AREAS = ("Polygon", "MultiPolygon")


def is_area(geometry: BaseGeometry) -> bool:
    """Whether a geometry is a polygon or several."""
    return geometry.geom_type in _AREAS


def united(areas: Iterable[BaseGeometry]) -> MultiPolygon | None:
    """The union of polygons in longitude and latitude; None where nothing with an extent remains.

    Heights are dropped, rings that cross themselves repaired, coordinates rounded to `DECIMALS`.
    """
    sound = [shapely.make_valid(shapely.force_2d(area)) for area in areas]
    # Repairing and rounding may leave lines and points behind; only areas are kept.
    rounded = shapely.set_precision(shapely.union_all(sound), 10.0**-DECIMALS)
    polygons = [
        part
        for part in shapely.get_parts(shapely.get_parts(rounded)).tolist()
        if isinstance(part, shapely.Polygon) and not part.is_empty
    ]
    if not polygons:
        return None
    made = GEOSGeometry(memoryview(shapely.to_wkb(shapely.MultiPolygon(polygons))), srid=4326)
    assert isinstance(made, MultiPolygon)  # noqa: S101 - for the type checker
    return made
