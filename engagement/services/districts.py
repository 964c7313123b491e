"""In which district a place of the city lies."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.gis.geos import Point
from django.db.models import Case, IntegerField, Value, When

from mapping.models import Campaign, District


def district_at(place: Point | None, campaigns: Sequence[Campaign] = ()) -> District | None:
    """The district in which a place (EPSG:4326) lies, of a division that one of the campaigns has, else of the first.

    None without a place, and where no division of the city covers it.
    """
    if place is None:
        return None
    preferred = [one.district_layer_id for one in campaigns if one.district_layer_id is not None]
    order = Case(When(layer__in=preferred, then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        District.objects.defer("geom")
        .filter(geom__intersects=place)
        .order_by(order, "layer__slug", "code", "pk")
        .first()
    )
