"""A campaign with places here and there, many at a few of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.test import Client

from mapping.aggregation import footprint
from mapping.geo.crs import laea_to_lonlat
from mapping.models import Campaign, Contribution, ContributionStatus, District, DistrictLayer, Participant
from tests import personas
from tests.api.conftest import campaign_url

EAST, NORTH = 4_157_000, 2_927_000
"""A corner of 1 km squares in the middle of the test campaigns' area (EPSG:3035)."""

Metres = Sequence[tuple[float, float]]


def lonlat(places: Metres) -> npt.NDArray[np.float64]:
    """Longitude and latitude of places given in metres east and north of the corner."""
    return laea_to_lonlat(np.array(places, dtype=np.float64).reshape(-1, 2) + np.array([EAST, NORTH]))


def fill(campaign: Campaign, places: Metres, *, people: int | None = None, **fields: Any) -> None:
    """Published contributions at places, by as many people as there are places unless told otherwise."""
    persons = Participant.objects.bulk_create(
        Participant(campaign=campaign, key=uuid.uuid4().bytes * 2)
        for _ in range(len(places) if people is None else people)
    )
    values: dict[str, Any] = {
        "status": ContributionStatus.PUBLISHED,
        "created_at": datetime(2026, 5, 1, 10, tzinfo=UTC),
        "category": personas.category_of(campaign, "spot"),
    }
    made = Contribution.objects.bulk_create(
        Contribution(
            campaign=campaign,
            participant=persons[number % len(persons)] if persons else None,
            geom=Point(lon, lat, srid=4326),
            **(values | fields),
        )
        for number, (lon, lat) in enumerate(lonlat(places).tolist())
    )
    footprint.write_many([one.pk for one in made])


def scattered(number: int, seed: int = 1, width: float = 3000) -> list[tuple[float, float]]:
    """Places by chance within a square."""
    found = np.random.default_rng(seed).uniform(0, width, (number, 2))
    return [(float(east), float(north)) for east, north in found]


def asked(campaign: Campaign, address: str, **parameters: str | int) -> dict[str, Any]:
    """What the public is answered."""
    response = Client().get(campaign_url(campaign.slug, address), parameters)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


@pytest.fixture
def crowded(campaign: Campaign) -> Campaign:
    """60 people by chance, and 40 more close together."""
    fill(campaign, scattered(60))
    fill(campaign, [(1000 + east / 10, 2000 + north / 10) for east, north in scattered(40, seed=2)])
    return campaign


@pytest.fixture
def districts(crowded: Campaign) -> list[District]:
    """Nine squares of 1 km around the places."""
    layer = DistrictLayer.objects.create(slug="squares", title="Squares")
    crowded.district_layer = layer
    crowded.save()
    return [
        District.objects.create(
            layer=layer,
            code=f"{column}{row}",
            name=f"District {column}-{row}",
            geom=MultiPolygon(
                Polygon(
                    lonlat(
                        [
                            (column * 1000 + east, row * 1000 + north)
                            for east, north in ((0, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0))
                        ]
                    ).tolist()
                ),
                srid=4326,
            ),
        )
        for column in range(3)
        for row in range(3)
    ]
