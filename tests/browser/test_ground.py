"""The city's own ground under a campaign's map: its colours are seen, its words are written, no notice is shown."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from geoparticipation.basemaps import Basemap
from mapping.models import Campaign, GroundSource
from tests.browser.judge import Judge
from tests.browser.steps import ground_drawn, open_campaign
from tests.personas import TOWN_HALL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

LAKE, LAND = (7.760, 49.444), (7.800, 49.444)
"""Two places in the middle of a campaign's area, far from the street between them."""
# As in js/ground/palettes.js.
LIGHT = {"water": (0xD0, 0xE5, 0xEF), "land": (0xF3, 0xF1, 0xEA)}
DARK = {"water": (0x17, 0x2D, 0x38), "land": (0x22, 0x27, 0x29)}
"""Dark pages begin with the grey look."""


@pytest.fixture
def unreachable(settings: Settings, plain_ground: None) -> None:
    """A base map whose server is not there."""
    settings.BASEMAPS = {
        "colour": Basemap(
            template="http://127.0.0.1:9/{z}/{y}/{x}.png", attribution="© Test", maximum_zoom=20
        )
    }


def colour_at(page: Page, place: tuple[float, float]) -> tuple[int, ...]:
    point = page.evaluate("place => document.querySelector('campaign-page').pixelOf(place)", list(place))
    clip = {"x": point["x"], "y": point["y"], "width": 1, "height": 1}
    picture = page.screenshot(clip=clip, scale="css")  # type: ignore[arg-type]
    with Image.open(io.BytesIO(picture)) as image:
        return tuple(image.convert("RGB").getpixel((0, 0)))  # type: ignore[arg-type]


def near(found: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(one - other) <= 3 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_ground_is_drawn_where_no_base_map_is_reached(
    visit: type_of_visit, ground: GroundSource, spots: Campaign, unreachable: None, scheme: str
) -> None:
    page = visit("desktop", color_scheme=scheme)
    open_campaign(page, spots)
    ground_drawn(page)
    look = LIGHT if scheme == "light" else DARK
    for place, kind in ((LAKE, "water"), (LAND, "land")):
        assert near(colour_at(page, place), look[kind]), (kind, colour_at(page, place))
    expect(page.get_by_text("Base map not reachable")).to_have_count(0)
    expect(page.get_by_role("button", name="The city's own map")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("Sketched <by hand>")


def test_people_choose_between_the_base_map_and_the_own_ground(
    visit: type_of_visit, ground: GroundSource, spots: Campaign, unreachable: None
) -> None:
    page = visit("desktop")
    white = io.BytesIO()
    Image.new("RGB", (256, 256), "white").save(white, "PNG")
    page.route("**/tiles/**", lambda route: route.fulfill(body=white.getvalue(), content_type="image/png"))
    open_campaign(page, spots)
    expect(page.locator(".map-tiles img.leaflet-tile-loaded").first).to_be_attached()
    own = page.get_by_role("button", name="The city's own map")
    expect(own).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".ground-tiles")).to_have_count(0)
    assert near(colour_at(page, LAKE), (255, 255, 255))
    own.click()
    expect(own).to_have_attribute("aria-pressed", "true")
    ground_drawn(page)
    assert near(colour_at(page, LAKE), LIGHT["water"])
    own.click()
    expect(page.locator(".ground-tiles")).to_have_count(0)
    assert near(colour_at(page, LAKE), (255, 255, 255))


def test_without_a_ground_a_notice_says_that_no_base_map_is_reached(
    visit: type_of_visit, spots: Campaign, unreachable: None
) -> None:
    page = visit("desktop")
    open_campaign(page, spots)
    expect(page.get_by_text("Base map not reachable")).to_be_visible()
    expect(page.get_by_role("button", name="The city's own map")).to_have_count(0)


def test_ground_of_a_phone_turns_grey_and_comes_with_the_next_zoom(
    visit: type_of_visit, ground: GroundSource, spots: Campaign
) -> None:
    page = visit("phone")
    judge = Judge(page)
    open_campaign(page, spots)
    ground_drawn(page)
    judge.judge("a campaign on its own ground")
    assert not judge.found, "\n".join(judge.found)
    assert near(colour_at(page, TOWN_HALL), LIGHT["land"])
    page.get_by_role("button", name="Base map in colour or grey").click()
    assert near(colour_at(page, TOWN_HALL), (0xF2, 0xF2, 0xF0))
    with page.expect_response(re.compile("/ground/")) as answer:
        page.locator("#map").press("+")
    assert answer.value.status in {200, 204}
    ground_drawn(page)
    assert near(colour_at(page, TOWN_HALL), (0xF2, 0xF2, 0xF0))
