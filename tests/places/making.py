"""Invented addresses and districts around the town hall of the test campaigns."""

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from mapping.models import Address, Campaign, District, DistrictLayer
from tests.personas import TOWN_HALL

NORTH = 0.001
"""Degrees of latitude: 111 m."""


def make_address(name: str, *, kind: str = "", north: float = 0, east: float = 0) -> Address:
    """A name so many degrees north and east of the town hall."""
    lon, lat = TOWN_HALL
    return Address.objects.create(name=name, kind=kind, geom=Point(lon + east, lat + north, srid=4326))


def make_district(campaign: Campaign, name: str = "Innenstadt", code: str = "01") -> District:
    """A district around the town hall, of the campaign's layer."""
    lon, lat = TOWN_HALL
    layer, _is_new = DistrictLayer.objects.get_or_create(slug="quarters", defaults={"title": "Quarters"})
    campaign.district_layer = layer
    campaign.save()
    square = Polygon.from_bbox((lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01))
    return District.objects.create(layer=layer, code=code, name=name, geom=MultiPolygon(square, srid=4326))
