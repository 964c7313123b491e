"""Where a campaign takes place."""

from __future__ import annotations

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import MultiPolygon

from accounts.models import User
from mapping.models import Campaign, Contribution, District, DistrictLayer
from mapping.models.setup.profile import city_boundary
from mapping.services.setup.changes import change


def set_area(
    campaign: Campaign,
    actor: User,
    area: MultiPolygon | None,
    layer: DistrictLayer | None,
    expected: str = "",
) -> tuple[Campaign, int]:
    """Store the area and the districts to count by; return also how many contributions lie outside now (they stay).

    Raises as `change` does.
    """
    stored = change(campaign, actor, "area", {"area": area, "district_layer": layer}, expected=expected)
    placed = Contribution.objects.filter(campaign=stored, geom__isnull=False)
    return stored, 0 if area is None else placed.exclude(geom__intersects=area).count()


def city_extent() -> list[float] | None:
    """Where the city is, as west, south, east, north: its boundary, its districts, else the areas of its campaigns."""
    boundary = city_boundary()
    if boundary is not None:
        return list(boundary.extent)
    found = District.objects.aggregate(extent=Extent("geom"))["extent"]
    if found is None:
        found = Campaign.objects.filter(area__isnull=False).aggregate(extent=Extent("area"))["extent"]
    return None if found is None else list(found)
