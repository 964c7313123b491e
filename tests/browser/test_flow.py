"""The way from the poster to the thanks: few taps, one step back at any time, places one can trust."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from mapping.models import Campaign, Category, Contribution, Question, QuestionKind
from tests import personas
from tests.browser.steps import (
    begin,
    open_campaign,
    place_here,
    send,
    show_list,
    stored_contribution,
    tap,
    tap_map,
    thanked,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

POSTER = {
    "viewport": {"width": 390, "height": 844},
    "permissions": ["geolocation"],
    "geolocation": {"longitude": personas.STATION[0], "latitude": personas.STATION[1], "accuracy": 12},
}
WORDS = "What would you like to tell us?"


@pytest.fixture
def shade(topics: Campaign) -> Category:
    """A topic with one choice to make, among other topics."""
    category = topics.categories.get(slug="spot")
    Question.objects.create(
        category=category,
        slug="when",
        title="When is it too hot?",
        kind=QuestionKind.SINGLE_CHOICE,
        required=True,
        options={
            "choices": [{"value": word, "title": word.title()} for word in ("morning", "noon", "evening")]
        },
    )
    return category


def test_four_taps_lead_from_the_poster_to_the_thanks(visit: type_of_visit, shade: Category) -> None:
    phone = visit("phone", **POSTER)
    phone.goto(f"/campaigns/{shade.campaign.slug}/?category=spot")
    expect(phone.locator("campaign-page.is-ready")).to_be_attached()
    tap(phone, phone.get_by_role("link", name="Mark a place"))
    expect(phone.locator("#map .map-marker--placing")).to_be_visible()
    tap(phone, phone.get_by_role("button", name="Continue"))
    tap(phone, phone.get_by_text("Noon", exact=True))
    tap(phone, phone.get_by_role("button", name="Send", exact=True))
    thanked(phone)
    stored, place = stored_contribution()
    assert (stored.category, stored.answers) == (shade, {"when": "noon"})
    assert place.equals_exact(personas.wkt(personas.STATION), 1e-6)
    expect(phone).to_have_url(re.compile("/mine/.+/thanks/$"))


def test_few_keys_are_enough_at_a_desk(visit: type_of_visit, shade: Category) -> None:
    page = visit("desktop", permissions=POSTER["permissions"], geolocation=POSTER["geolocation"])
    page.goto(f"/campaigns/{shade.campaign.slug}/?category=spot")
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    pressed = 0

    def go_to(target: Locator) -> None:
        nonlocal pressed
        while not target.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Tab")
            pressed += 1
            assert pressed <= 20

    def press(key: str) -> None:
        nonlocal pressed
        page.keyboard.press(key)
        pressed += 1

    go_to(page.get_by_role("link", name="Take part now"))
    press("Enter")
    assert pressed == 2
    expect(page.locator("#map .map-marker--placing")).to_be_visible()
    go_to(page.get_by_role("button", name="Continue"))
    press("Enter")
    go_to(page.get_by_role("radio", name="Morning"))
    press("Space")
    go_to(page.get_by_role("button", name="Send", exact=True))
    press("Enter")
    thanked(page)
    assert pressed <= 14
    assert Contribution.objects.get().answers == {"when": "morning"}


def test_first_link_of_the_page_leads_back_to_the_step(page: Page, topics: Campaign) -> None:
    open_campaign(page, topics)
    begin(page, "Spot")
    place_here(page)
    typed = page.locator("form[data-form='spot']").get_by_label(WORDS)
    typed.fill("Too dark")
    page.get_by_role("link", name="Take part now").press("Enter")
    expect(page.locator("form[data-form='spot']")).to_be_visible()
    expect(typed).to_have_value("Too dark")


def test_arrow_keys_through_the_kinds_of_place_keep_what_was_marked(page: Page, topics: Campaign) -> None:
    open_campaign(page, topics)
    begin(page, "Anything")
    place_here(page)
    page.get_by_role("button", name="One step back").click()
    expect(page.locator("#map .map-marker--placing")).to_be_visible()
    kinds = page.get_by_role("radiogroup", name="What would you like to mark?")
    kinds.get_by_role("radio", name="Point").press("ArrowRight")
    expect(page.locator("#map .map-marker--placing")).to_have_count(0)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#map .map-marker--placing")).to_be_visible()


def test_browser_goes_one_step_back_and_nothing_typed_is_lost(page: Page, topics: Campaign) -> None:
    open_campaign(page, topics)
    begin(page, "Spot")
    place_here(page)
    typed = page.locator("form[data-form='spot']").get_by_label(WORDS)
    typed.fill("Too dark")
    page.go_back()
    expect(page.get_by_role("heading", name="Where is it?")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", name="What is it about?")).to_be_focused()
    page.go_forward()
    page.go_forward()
    expect(typed).to_have_value("Too dark")
    for heading in ("Where is it?", "What is it about?"):
        page.get_by_role("button", name="One step back").click()
        expect(page.get_by_role("heading", name=heading)).to_be_focused()
    # Another topic: the place and the text go along.
    page.get_by_role("button", name="Survey").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("form[data-form='survey']").get_by_label(WORDS)).to_have_value("Too dark")
    # Left from the last step in one go, to where it began.
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("link", name="Mark a place")).to_be_visible()
    expect(page.get_by_text("You have begun a contribution.")).to_be_visible()
    page.go_forward()
    page.go_forward()
    page.go_forward()
    page.reload()
    expect(page.locator("form[data-form='survey']").get_by_label(WORDS)).to_have_value("Too dark")


def test_who_begins_from_the_list_begins_in_the_area(phone: Page, topics: Campaign) -> None:
    """On a phone the list covers the map: what was in its middle lies elsewhere once the map is seen again."""
    open_campaign(phone, topics)
    show_list(phone)
    begin(phone, "Spot")
    expect(phone.locator("[data-place-problem]")).to_be_hidden()
    expect(phone.get_by_role("button", name="Back to the area")).to_be_hidden()
    place_here(phone)
    expect(phone.locator("form[data-form='spot']").get_by_label(WORDS)).to_be_visible()


def test_inexact_position_is_no_place(page: Page, spots: Campaign) -> None:
    lon, lat = personas.STATION
    page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": 120})
    open_campaign(page, spots)
    begin(page)
    told = page.locator("[data-place-problem]")
    expect(told).to_contain_text("known to about 200 m only")
    expect(page.locator("#map .accuracy")).to_be_attached()
    expect(page.locator("#map .map-marker--placing")).to_have_count(0)
    # From the position itself nothing is taken at the first press.
    page.get_by_role("button", name="Place here").click()
    expect(told).to_be_visible()
    page.locator("#map").press("ArrowRight")
    expect(told).to_be_hidden()
    page.get_by_role("button", name="Place here").click()
    expect(page.get_by_label(WORDS)).to_be_visible()


def test_position_far_away_leads_back_to_the_area(page: Page, spots: Campaign) -> None:
    page.context.set_geolocation({"longitude": 13.4, "latitude": 52.5, "accuracy": 10})
    open_campaign(page, spots)
    begin(page)
    expect(page.locator("[data-place-problem]")).to_contain_text("You are outside the area")
    point = page.evaluate(
        "place => document.querySelector('campaign-page').pixelOf(place)", personas.TOWN_HALL
    )
    assert 0 < point["x"] < page.viewport_size["width"]  # type: ignore[index]
    tap_map(page, (7.7, 49.472))
    page.get_by_role("button", name="Back to the area").click()
    tap_map(page, personas.TOWN_HALL)
    expect(page.locator("[data-place-problem]")).to_be_hidden()
    expect(page.get_by_role("button", name="Continue")).to_be_visible()


def test_refused_position_is_told_to_those_who_asked_only(visit: type_of_visit, spots: Campaign) -> None:
    phone = visit("phone")
    open_campaign(phone, spots)
    begin(phone)
    expect(phone.get_by_role("button", name="Zoom in first")).to_be_visible()
    expect(phone.locator("[data-place-problem]")).to_be_hidden()
    phone.get_by_role("button", name="My position").click()
    expect(phone.locator("[data-place-problem]")).to_contain_text("could not be found")
    tap_map(phone, personas.TOWN_HALL)
    expect(phone.get_by_role("button", name="Continue")).to_be_visible()


def test_network_that_hangs_is_told_and_sending_again_stores_once(page: Page, spots: Campaign) -> None:
    page.clock.install()
    open_campaign(page, spots)
    begin(page)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(WORDS).fill("Written in a tunnel 🚇 مرحبا")

    lost: list[APIResponse] = []

    def hang(route: Route) -> None:
        """The server stores it, its answer never comes."""
        lost.append(route.fetch())

    page.route("**/contributions/", hang)
    with page.expect_request(lambda one: one.method == "POST" and one.url.endswith("/contributions/")):
        send(page)
    expect(page.get_by_role("button", name="Sending …")).to_be_disabled()
    for _turn in range(400):  # a request that is still under way would meet the next test's database
        if lost:
            break
        page.wait_for_timeout(20)
    page.clock.fast_forward(9_000)
    expect(page.locator("[data-announce]")).to_have_text(
        "Still being sent. It is kept on this device until it has arrived."
    )
    page.clock.fast_forward(25_000)
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    page.unroute("**/contributions/")
    # Twice at once, as fingers do.
    page.get_by_role("button", name="Send now").dblclick()
    expect(page.get_by_text("1 contribution has arrived.")).to_be_visible()
    assert Contribution.objects.get().text == "Written in a tunnel 🚇 مرحبا"


def test_campaign_that_closes_while_somebody_types_says_so(page: Page, spots: Campaign) -> None:
    page.watch.allow("status of 4")  # type: ignore[attr-defined]
    open_campaign(page, spots)
    begin(page)
    place_here(page)
    page.get_by_label(WORDS).fill("Almost done")
    now = timezone.now()
    Campaign.objects.filter(pk=spots.pk).update(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(hours=3)
    )
    send(page)
    expect(page.locator("[data-form-problem] p")).not_to_be_empty()
    expect(page.get_by_label(WORDS)).to_have_value("Almost done")
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("size", [(568, 320), (667, 375), (320, 256), (320, 568)])
def test_place_is_marked_in_small_and_low_windows(
    visit: type_of_visit, spots: Campaign, size: tuple[int, int]
) -> None:
    phone = visit("phone", viewport={"width": size[0], "height": size[1]})
    open_campaign(phone, spots)
    begin(phone)
    place = phone.get_by_role("button", name="Zoom in first")
    tap(phone, place)
    cross = phone.locator("[data-crosshair]")
    expect(cross).to_be_in_viewport(ratio=0.99)
    box, panel = cross.bounding_box(), phone.locator(".campaign__panel").bounding_box()
    assert box is not None
    assert panel is not None
    is_beside = panel["x"] + panel["width"] <= box["x"]
    assert is_beside or box["y"] + box["height"] <= panel["y"]
    before = phone.evaluate("document.querySelector('campaign-page').base.centre()")
    # Turned and turned back: the cross still lies on the same place.
    phone.set_viewport_size({"width": size[1], "height": size[0]})
    expect(cross).to_be_in_viewport(ratio=0.99)
    phone.set_viewport_size({"width": size[0], "height": size[1]})
    tap(phone, phone.get_by_role("button", name="Place here"))
    send(phone)
    thanked(phone)
    _stored, point = stored_contribution()
    assert point.distance(personas.wkt((before["lng"], before["lat"]))) < 3e-4


def test_every_target_on_the_phone_is_large_enough(visit: type_of_visit, topics: Campaign) -> None:
    phone = visit("phone", viewport={"width": 390, "height": 844})
    open_campaign(phone, topics)
    small = """() => [...document.querySelectorAll('button, summary, a.button, a.chip, .tab, .legal-links a, .choice')]
        .filter((one) => one.checkVisibility({ visibilityProperty: true }))
        .map((one) => [one.textContent.trim() || one.ariaLabel, one.getBoundingClientRect()])
        .filter(([, box]) => box.width > 1 && (box.width < 43.9 || box.height < 43.9))
        .map(([name, box]) => `${name}: ${box.width} × ${box.height}`)"""
    assert phone.evaluate(small) == []
    begin(phone)
    assert phone.evaluate(small) == []
    phone.get_by_role("button", name="Spot").click()
    assert phone.evaluate(small) == []
    place_here(phone)
    assert phone.evaluate(small) == []


def test_faces_in_a_photo_are_blurred_with_the_keyboard(
    desktop: Page, spots: Campaign, tmp_path: Path
) -> None:
    from PIL import Image

    picture = tmp_path / "face.png"
    stripes = Image.new("L", (400, 400))
    stripes.putdata([255 * (x % 2) for _y in range(400) for x in range(400)])
    stripes.save(picture)
    open_campaign(desktop, spots)
    begin(desktop)
    place_here(desktop)
    desktop.locator("input[type=file]").set_input_files([picture])
    desktop.get_by_role("button", name="Blur faces and plates in photo 1").click()
    dialog = desktop.get_by_role("dialog", name="Blur faces and number plates")
    expect(dialog).to_be_visible()
    desktop.keyboard.press("Space")
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).to_be_hidden()
    send(desktop)
    thanked(desktop)
    photo = Contribution.objects.get().photos.get()
    with Image.open(photo.file) as stored:
        grey = stored.convert("L")
    # In the middle the stripes are gone, at the edge they are still there.
    middle, edge = (grey.crop((x, x, x + 10, x + 10)).getextrema() for x in (195, 20))
    assert contrast(middle) < 40
    assert contrast(edge) > 120


def contrast(extremes: Any) -> int:
    """From the darkest to the lightest grey."""
    darkest, lightest = extremes
    return int(lightest) - int(darkest)
