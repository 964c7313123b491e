"""A campaign on a live server, and what the server was asked."""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.signals import request_started
from pytest_django.live_server_helper import LiveServer

from mapping.models import Campaign, District, DistrictLayer
from tests import personas
from tests.personas import GOOD_ANSWERS, PENDING, STATION, TOWN_HALL, UNIVERSITY

Query = dict[str, list[str]]
type_of_gdal = Callable[..., Any]


@dataclass
class Requests:
    """Every request that arrived: its path, its query, the header Accept."""

    seen: list[tuple[str, Query, str]] = field(default_factory=list)

    def note(self, environ: dict[str, str], **_more: object) -> None:
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        self.seen.append((environ["PATH_INFO"], query, environ.get("HTTP_ACCEPT", "")))

    def of_items(self) -> list[Query]:
        """The queries of requests for items."""
        return [query for path, query, _accept in self.seen if path.endswith("/items")]


@pytest.fixture(scope="session")
def gdal() -> Iterator[type_of_gdal]:
    """Calls a function of `gdal_reader` beside the server."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield lambda function, *args, **options: pool.submit(function, *args, **options).result(timeout=60)


@pytest.fixture
def root(transactional_db: None, live_server: LiveServer) -> str:
    """The one address that people paste into QGIS."""
    return f"{live_server.url}/ogc/"


@pytest.fixture
def asked(live_server: LiveServer) -> Iterator[Requests]:
    """What the server was asked from now on."""
    requests = Requests()
    request_started.connect(requests.note)
    yield requests
    request_started.disconnect(requests.note)


@pytest.fixture
def topics(transactional_db: None) -> Campaign:
    """Contributions of every type, districts, and one that is not public."""
    layer = DistrictLayer.objects.create(slug="halves", title="Halves")
    for code, west, east in (("w", 7.68, 7.765), ("e", 7.765, 7.85)):
        half = MultiPolygon(Polygon.from_bbox((west, 49.40, east, 49.48)), srid=4326)
        District.objects.create(layer=layer, code=code, name=f"Half {code}", geom=half)
    campaign = personas.make_campaign("topics", title="All topics", district_layer=layer)
    personas.make_contribution(campaign, TOWN_HALL, category="survey", answers=GOOD_ANSWERS, text="A bench.")
    personas.make_contribution(campaign, STATION, text="Dark")
    personas.make_contribution(campaign, UNIVERSITY, text="It's loud")
    personas.make_contribution(campaign, "LINESTRING(7.75 49.44, 7.78 49.45)", category="street")
    square = "POLYGON((7.74 49.43, 7.75 49.43, 7.75 49.44, 7.74 49.43))"
    personas.make_contribution(campaign, square, category="meadow")
    personas.make_contribution(campaign, None, category="idea", text="A market")
    personas.make_contribution(campaign, STATION, text="Waiting", status=PENDING)
    return campaign
