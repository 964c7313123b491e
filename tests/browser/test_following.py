"""Lines follow streets where the city's own ground has some."""

import json
import re
from collections.abc import Callable

import pytest
from django.contrib.gis.geos import GEOSGeometry
from playwright.sync_api import Page, Route, expect

from mapping.models import Campaign, GroundFeature
from mapping.services.identity import edit_token
from tests import personas
from tests.browser.steps import begin, open_campaign, send, stored_contribution, tap_map, thanked
from tests.ground.test_following import at
from tests.ground.world import add_street
from tests.personas import Citizen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

HOME, SHOP, PARK = at(-900, 20), at(900, 20), at(900, -700)
"""Places beside the streets: the way from the first to the second makes a detour to the north."""


@pytest.fixture
def streets(transactional_db: None) -> None:
    add_street("Westgasse", at(-900, 0), at(-900, 700), at(0, 700))
    add_street("Ostgasse", at(0, 700), at(900, 700), at(900, 0))


def _refuse(route: Route) -> None:
    route.abort()


def draw_home_to_shop(page: Page, campaign: Campaign) -> None:
    open_campaign(page, campaign)
    begin(page, "Street")
    expect(page.get_by_role("button", name="Follow streets")).to_have_attribute("aria-pressed", "true")
    points = page.locator("#map .marker-icon:not(.cursor-marker)")
    tap_map(page, HOME)
    expect(points).to_have_count(1)
    tap_map(page, SHOP)


def test_a_line_follows_streets_from_here_to_there(
    visit: type_of_visit, topics: Campaign, streets: None
) -> None:
    page = visit("phone")
    draw_home_to_shop(page, topics)
    points = page.locator("#map .marker-icon:not(.cursor-marker)")
    expect(points).to_have_count(4)
    expect(page.get_by_text("The line follows: Westgasse, Ostgasse.")).to_be_attached()
    button = page.get_by_role("button", name="Follow streets")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    # Without streets a section is straight, and undo takes back what one tap added: a point, then a way.
    button.click()
    tap_map(page, PARK)
    expect(points).to_have_count(5)
    page.get_by_role("button", name="Undo").click()
    expect(points).to_have_count(4)
    page.get_by_role("button", name="Undo").click()
    expect(points).to_have_count(1)
    button.click()
    tap_map(page, SHOP)
    expect(points).to_have_count(4)
    page.get_by_role("button", name="Finish drawing").click()
    expect(button).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    send(page)
    thanked(page)
    _stored, line = stored_contribution()
    assert line.num_coords == 4
    # A tap is as exact as a pixel of the map, its place on the street is exact across the street.
    assert line[0][0] == pytest.approx(at(-900, 0)[0], abs=1e-6)
    assert line[3][0] == pytest.approx(at(900, 0)[0], abs=1e-6)


def test_without_an_answer_the_section_is_straight_and_nothing_is_lost(
    visit: type_of_visit, topics: Campaign, streets: None
) -> None:
    page = visit("desktop")
    page.watch.allow("net::ERR_FAILED")  # type: ignore[attr-defined]
    page.route(re.compile(r"/follow\?"), _refuse)
    draw_home_to_shop(page, topics)
    expect(
        page.locator(".place").get_by_text("could not be loaded. This section is straight.")
    ).to_be_visible()
    expect(page.locator("#map .marker-icon:not(.cursor-marker)")).to_have_count(2)
    page.unroute(re.compile(r"/follow\?"))
    # With the keyboard: the cross lies on the middle of the map.
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#map .marker-icon:not(.cursor-marker)")).to_have_count(1)
    GroundFeature.objects.all().delete()
    page.get_by_role("button", name="Point here").press("Enter")
    expect(page.locator(".place").get_by_text("There is no street near both points.")).to_be_visible()
    page.get_by_role("button", name="Finish drawing").press("Enter")
    page.get_by_role("button", name="Continue").press("Enter")
    send(page)
    thanked(page)
    assert stored_contribution()[1].num_coords == 2


def test_a_line_of_ones_own_is_drawn_again_along_streets(
    visit: type_of_visit, topics: Campaign, streets: None, citizen: Citizen
) -> None:
    straight = personas.make_contribution(
        topics, GEOSGeometry(json.dumps(personas.line(HOME, SHOP)), srid=4326), category="street", by=citizen
    )
    page = visit("desktop")
    page.goto(f"/mine/{edit_token(straight.pk)}/")
    page.get_by_text("Move the place").click()
    ends = page.locator("[data-map] .marker-icon:not(.marker-icon-middle)")
    expect(ends).to_have_count(2)
    expect(page.get_by_role("button", name="Follow streets")).to_be_hidden()
    stage = page.locator("[data-map]")
    frame, *boxes = [one.bounding_box() for one in (stage, *ends.all())]
    assert frame is not None
    page.get_by_role("button", name="Draw again").click()
    expect(page.get_by_role("button", name="Follow streets")).to_have_attribute("aria-pressed", "true")
    points = page.locator("[data-map] .marker-icon:not(.cursor-marker)")
    for box, number in zip(boxes, (1, 4), strict=True):
        assert box is not None
        x, y = box["x"] + box["width"] / 2 - frame["x"], box["y"] + box["height"] / 2 - frame["y"]
        stage.click(position={"x": x, "y": y})
        expect(points).to_have_count(number)
    expect(page.get_by_text("The line follows: Westgasse, Ostgasse.")).to_be_attached()
    page.get_by_role("button", name="Finish drawing").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your changes are saved")).to_be_visible()
    assert stored_contribution()[1].num_coords == 4


def test_nothing_is_offered_where_the_ground_has_no_streets(desktop: Page, topics: Campaign) -> None:
    open_campaign(desktop, topics)
    begin(desktop, "Street")
    expect(desktop.get_by_role("button", name="Point here")).to_be_enabled()
    expect(desktop.get_by_role("button", name="Follow streets")).to_be_hidden()
