"""Cells of tables are named as single places are."""

import pytest
import shapely
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from mapping.geo.crs import to_laea
from mapping.models import Campaign
from mapping.reports.cells import ShownCell
from mapping.reports.tables import cell_rows
from tests.ground.world import add_street
from tests.personas import STATION, TOWN_HALL
from tests.places.making import NORTH, make_address, make_district

pytestmark = pytest.mark.django_db


def cell(place: tuple[float, float], name: str = "") -> ShownCell:
    """A round cell of 200 m around a place (longitude, latitude)."""
    return ShownCell(str(place), to_laea(shapely.Point(*place)).buffer(100), 3, 2, 3.0, name)


def test_cells_stand_in_tables_with_their_places_in_words(
    campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_district(campaign)
    make_address("Innenstadt", kind="Stadtteil")
    lon, lat = TOWN_HALL
    add_street("Ringstraße", (lon - 0.005, lat), (lon + 0.005, lat))
    make_address("Ringstraße 3", north=NORTH)
    cells = [cell(TOWN_HALL), cell(STATION), cell(TOWN_HALL, name="Altstadt")]
    with override("de"), django_assert_num_queries(1):
        rows = cell_rows(campaign, cells)
    assert [(row.rank, row.place) for row in rows] == [
        (1, "Nähe Ringstraße, Innenstadt"),
        (2, "Innenstadt"),
        (3, "Altstadt"),
    ]


def test_without_cells_nothing_is_asked(
    campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert cell_rows(campaign, []) == []
