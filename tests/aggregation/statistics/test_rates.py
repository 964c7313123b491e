"""Rates for inhabitants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from mapping.geo.grid import Cell
from mapping.imports.population import import_population
from mapping.models import Campaign
from tests.aggregation.statistics.conftest import EAST, NORTH, asked, fill
from tests.api.conftest import campaign_url, reasons

pytestmark = pytest.mark.django_db


def ask(campaign: Campaign, **parameters: str | int) -> dict[str, Any]:
    return asked(campaign, "rates", **parameters)


def populate(slug: str, cells: Mapping[tuple[int, int], int], size: int = 1000) -> None:
    """A grid by places in metres from the corner."""
    keys = {Cell(size, EAST + x, NORTH + y).key: number for (x, y), number in cells.items()}
    import_population(slug, keys, size=size, title=slug.title(), attribution="© The office")


@pytest.fixture
def lived_in(campaign: Campaign) -> Campaign:
    """Three inhabited squares of 1 km, one without anybody and one that nobody counted."""
    populate("census", {(0, 0): 2000, (1000, 0): 99, (2000, 0): 0, (0, 1000): 500})
    fill(campaign, [(500, 500)] * 6, people=3)
    fill(campaign, [(1500, 500)])
    fill(campaign, [(2500, 500)])
    fill(campaign, [(2500, 2500)])
    return campaign


def test_rates_per_thousand_inhabitants(lived_in: Campaign) -> None:
    body = ask(lived_in)
    found = {
        (Cell.parse(one["id"]).east - EAST, Cell.parse(one["id"]).north - NORTH): tuple(
            one["properties"].values()
        )
        for one in body["features"]
    }
    assert found == {
        (0, 0): (6, 3, 2000, 3, 1.5, False),
        (1000, 0): (1, 1, 99, 10.101, 10.101, True),
        (2000, 0): (1, 1, 0, None, None, True),
        (0, 1000): (0, 0, 500, 0, 0, False),
        (2000, 2000): (1, 1, None, None, None, True),
    }
    assert body["population"] == {
        "slug": "census",
        "title": "Census",
        "attribution": "© The office",
        "size": 1000,
    }
    assert body["method"] == {"grid": "square", "size": 1000, "few_inhabitants": 100}
    assert body["totals"]["contributions"] == 9


def test_smaller_cells_are_added_up(lived_in: Campaign) -> None:
    [cell] = [one for one in ask(lived_in, size=5000)["features"] if one["properties"]["contributions"]]
    assert cell["properties"]["inhabitants"] == 2599


def test_the_grid_that_knows_most_of_the_campaign_is_taken(lived_in: Campaign) -> None:
    populate("elsewhere", {(200_000, 200_000): 7_000, (0, 0): 1})
    populate("fine", {(x, y): 3 for x in range(0, 3000, 100) for y in range(0, 3000, 100)}, size=100)
    assert ask(lived_in)["population"]["slug"] == "fine"
    assert ask(lived_in, size=200)["features"][0]["properties"]["inhabitants"] == 12
    assert ask(lived_in, population="census")["population"]["slug"] == "census"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"size": "500"}, {"population": "no_population"}),
        ({"population": "zensus"}, {"population": "unknown_choice"}),
        ({"population": "\x00"}, {"population": "unknown_choice"}),
        ({"grid": "hexagon"}, {"grid": "unknown_parameter"}),
        ({"size": "150"}, {"size": "unknown_choice"}),
    ],
)
def test_wrong_parameters_are_named(
    lived_in: Campaign, parameters: dict[str, str], expected: dict[str, str]
) -> None:
    response = Client().get(campaign_url(lived_in.slug, "rates"), parameters)
    assert response.status_code == 400
    assert reasons(response) == expected


def test_without_any_grid_of_inhabitants_there_are_no_rates(campaign: Campaign) -> None:
    response = Client().get(campaign_url(campaign.slug, "rates"))
    assert reasons(response) == {"population": "no_population"}
    populate("elsewhere", {(200_000, 200_000): 7_000})
    response = Client().get(campaign_url(campaign.slug, "rates"))
    assert reasons(response) == {"population": "no_population"}


def test_an_empty_campaign_without_area_has_no_cells(campaign: Campaign) -> None:
    campaign.area = None
    campaign.save()
    populate("census", {(0, 0): 2000})
    assert ask(campaign)["features"] == []
