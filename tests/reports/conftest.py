"""A campaign with a little of everything that a report shows."""

from datetime import timedelta

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon

from mapping.imports.districts import NewDistrict, import_districts
from mapping.models import Campaign
from tests import personas

NASTY = "</script><script>fetch('https://elsewhere.invalid/')</script><img src=x onerror=alert(1)>"


@pytest.fixture
def reported(campaign: Campaign) -> Campaign:
    """Places of two categories over several days, in two districts, with words that want to be programs."""
    campaign.title = f"Where it is dark {NASTY}"
    campaign.attribution = f"Data: {NASTY}"
    campaign.save()
    west, south, east, north = campaign.area.extent  # type: ignore[union-attr]
    middle = (west + east) / 2
    import_districts(
        "wards",
        [
            NewDistrict("1", f"West {NASTY}", _box(west, south, middle, north)),
            NewDistrict("2", "East", _box(middle, south, east, north)),
        ],
        campaigns=[campaign],
    )
    campaign.refresh_from_db()
    category = campaign.categories.get(slug="survey")
    category.title = f"Survey {NASTY}"
    category.save()
    for number, place in enumerate((personas.TOWN_HALL, personas.TOWN_HALL, personas.STATION)):
        personas.make_contribution(
            campaign, place, category="survey", created_at=personas.EPOCH + timedelta(days=40 * number)
        )
    line = f"LINESTRING({personas.TOWN_HALL[0]} {personas.TOWN_HALL[1]}, {personas.STATION[0]} {personas.STATION[1]})"
    personas.make_contribution(campaign, line, category="street", created_at=personas.EPOCH)
    personas.make_contribution(campaign, None, category="idea", created_at=personas.EPOCH)
    return campaign


def _box(west: float, south: float, east: float, north: float) -> MultiPolygon:
    return MultiPolygon(Polygon.from_bbox((west, south, east, north)), srid=4326)
