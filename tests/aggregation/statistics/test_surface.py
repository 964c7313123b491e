"""The smooth surface: its legend, and its picture where the map lays it."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from mapping.models import Campaign
from tests.aggregation.statistics.conftest import asked, fill, lonlat
from tests.api.conftest import campaign_url, reasons

pytestmark = pytest.mark.django_db


def ask(campaign: Campaign, **parameters: str | int) -> dict[str, Any]:
    return asked(campaign, "surface", **parameters)


def picture_of(body: dict[str, Any]) -> Image.Image:
    response = Client().get(body["picture"].removeprefix("http://testserver"))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(response.content)).convert("RGBA")


def colour_at(image: Image.Image, place: tuple[int, int]) -> tuple[str, bool]:
    """The colour of a pixel, and whether it is seen at all."""
    red, green, blue, alpha = np.array(image)[place[1], place[0]].tolist()
    return f"#{red:02x}{green:02x}{blue:02x}", alpha == 255


def mercator(latitude: float) -> float:
    return math.asinh(math.tan(math.radians(latitude)))


def pixel(body: dict[str, Any], image: Image.Image, place: tuple[float, float]) -> tuple[int, int]:
    """Where a place (metres from the corner) lies in the picture."""
    [(lon, lat)] = lonlat([place]).tolist()
    west, south, east, north = body["bounds"]
    x = (lon - west) / (east - west) * image.width
    y = (mercator(north) - mercator(lat)) / (mercator(north) - mercator(south)) * image.height
    return int(x), int(y)


@pytest.mark.parametrize("kernel", ["quartic", "gaussian"])
def test_the_picture_shows_the_place_where_it_lies(campaign: Campaign, kernel: str) -> None:
    fill(campaign, [(1050, 1050)] * 40 + [(2050, 1550)])
    body = ask(campaign, bandwidth=200, kernel=kernel)
    image = picture_of(body)
    assert colour_at(image, pixel(body, image, (1050, 1050))) == (body["classes"][-1]["colour"], True)
    # One contribution beside forty: the lowest class but transparent further away.
    assert colour_at(image, pixel(body, image, (2050, 1550))) == (body["classes"][0]["colour"], True)
    assert not colour_at(image, pixel(body, image, (1550, 1550)))[1]
    assert not colour_at(image, (0, 0))[1]
    alpha = np.array(image)[..., 3]
    assert set(np.unique(alpha).tolist()) == {0, 255}
    strongest = np.argwhere((np.array(image)[..., :3] == [0x6C, 0x10, 0x47]).all(axis=-1)).mean(axis=0)
    x, y = pixel(body, image, (1050, 1050))
    assert abs(strongest - (y, x)).max() < 2


def test_the_legend_states_bandwidth_kernel_and_unit(campaign: Campaign) -> None:
    fill(campaign, [(1050, 1050)] * 40)
    body = ask(campaign)
    assert (body["bandwidth"], body["kernel"], body["size"]) == (300, "quartic", 100)
    assert body["unit"] == "contributions per km²"
    # All at the centre of one cell: 40 times the middle of the kernel, but for the coarseness of the cells.
    assert body["maximum"] == pytest.approx(40 * 3 / (math.pi * 0.3**2), rel=0.02)
    limits = [one["from"] for one in body["classes"]] + [body["classes"][-1]["to"]]
    assert limits == sorted(limits)
    assert limits[-1] == body["maximum"]
    west, south, east, north = body["bounds"]
    [(lon, lat)] = lonlat([(1050, 1050)]).tolist()
    assert west < lon < east
    assert south < lat < north


def test_an_empty_campaign_has_a_transparent_picture(campaign: Campaign) -> None:
    body = ask(campaign, bandwidth=500)
    assert (body["bounds"], body["classes"], body["maximum"]) == (None, [], 0)
    assert picture_of(body).getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"bandwidth": "99"}, {"bandwidth": "not_a_whole_number"}),
        ({"bandwidth": "300", "size": "500"}, {"bandwidth": "bandwidth_too_small"}),
        ({"kernel": "box"}, {"kernel": "unknown_choice"}),
        ({"size": "5000", "bandwidth": "6000"}, {"size": "unknown_choice"}),
        ({"measure": "participants"}, {"measure": "unknown_parameter"}),
    ],
)
@pytest.mark.parametrize("address", ["surface", "surface.png"])
def test_wrong_parameters_are_named(
    campaign: Campaign, address: str, parameters: dict[str, str], expected: dict[str, str]
) -> None:
    fill(campaign, [(1050, 1050)])
    response = Client().get(campaign_url(campaign.slug, address), parameters)
    assert response.status_code == 400
    assert reasons(response) == expected


def test_places_all_over_europe_are_no_surface(campaign: Campaign) -> None:
    fill(campaign, [(0, 0), (700_000, 700_000)])
    response = Client().get(campaign_url(campaign.slug, "surface"))
    assert reasons(response) == {"size": "surface_too_wide"}
    assert ask(campaign, size=1000, bandwidth=5000)["classes"]
