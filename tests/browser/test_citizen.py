"""Citizens' stories: placing, drawing, answering, sending, on phone and desktop."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Contribution, ContributionStatus
from tests import personas
from tests.browser.steps import (
    begin,
    markers,
    open_campaign,
    place_here,
    remember_address,
    send,
    show_list,
    stored_contribution,
    tap_map,
    thanked,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]


def test_a_place_is_marked_by_tapping_and_seen_at_once_as_ones_own(
    page: Page, visit: type_of_visit, spots: Campaign
) -> None:
    open_campaign(page, spots)
    begin(page)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to tell us?").fill("Too dark at night.")
    send(page)
    thanked(page)
    expect(page.get_by_text("reviews it, usually within a few days")).to_be_visible()

    stored, place = stored_contribution()
    assert (stored.status, stored.text) == (ContributionStatus.PENDING, "Too dark at night.")
    assert place.distance(personas.wkt(personas.TOWN_HALL)) < 0.002
    assert stored.id.version == 7
    assert stored.zoom is not None

    page.get_by_role("button", name="Copy the link").first.click()
    link = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("link", name="Back to the map").click()
    expect(page.locator("#map .marker--own.marker--pending")).to_have_count(1)
    show_list(page)
    own = page.get_by_role("region", name="Yours")
    expect(own.get_by_text("Too dark at night.")).to_be_visible()
    expect(own.get_by_text("Waiting for review")).to_be_visible()

    stranger = visit("desktop")
    open_campaign(stranger, spots)
    expect(markers(stranger)).to_have_count(0)
    expect(stranger.get_by_text("Too dark at night.")).to_have_count(0)
    stranger.goto(link)
    expect(stranger.get_by_text("Too dark at night.").first).to_be_visible()


def test_a_place_is_marked_with_the_keyboard_alone(desktop: Page, spots: Campaign) -> None:
    open_campaign(desktop, spots)
    desktop.get_by_role("link", name="Mark a place").press("Enter")
    expect(desktop.get_by_role("heading", name="Where is it?")).to_be_focused()
    for _step in range(3):
        desktop.locator("#map").press("ArrowRight")
    desktop.locator("#map").press("Enter")
    expect(desktop.locator("[data-announce]")).to_have_text("The place is marked. You can still move it.")
    desktop.get_by_role("button", name="Continue").press("Enter")
    expect(desktop.get_by_role("heading", name="Spot")).to_be_focused()
    desktop.get_by_label("What would you like to tell us?").fill("By keyboard")
    desktop.get_by_role("button", name="Send", exact=True).press("Enter")
    thanked(desktop)
    assert stored_contribution()[1].geom_type == "Point"


def test_the_cross_in_the_middle_marks_what_it_lies_on(phone: Page, spots: Campaign) -> None:
    open_campaign(phone, spots)
    begin(phone)
    expect(phone.locator("[data-crosshair]")).to_be_visible()
    place_here(phone)
    send(phone)
    thanked(phone)
    assert Contribution.objects.count() == 1


def test_my_position_marks_the_place(page: Page, spots: Campaign) -> None:
    lon, lat = personas.STATION
    page.context.set_geolocation({"longitude": lon, "latitude": lat})
    open_campaign(page, spots)
    begin(page)
    page.get_by_role("button", name="My position").click()
    page.get_by_role("button", name="Continue").click()
    send(page)
    thanked(page)
    assert stored_contribution()[1].equals_exact(personas.wkt(personas.STATION), 1e-6)


def test_a_street_is_found_by_its_name(page: Page, spots: Campaign) -> None:
    remember_address("Pariser Straße", personas.STATION)
    open_campaign(page, spots)
    begin(page)
    page.get_by_role("combobox", name="Search for a street or a place").fill("pariser")
    page.get_by_role("option", name="Pariser Straße").click()
    page.get_by_role("button", name="Continue").click()
    send(page)
    thanked(page)
    assert stored_contribution()[1].equals_exact(personas.wkt(personas.STATION), 1e-6)


def test_a_line_is_drawn_with_undo_and_finish(page: Page, topics: Campaign) -> None:
    open_campaign(page, topics)
    begin(page, "Street")
    expect(page.get_by_role("heading", name="Draw the line")).to_be_visible()
    expect(page.get_by_role("button", name="Finish drawing")).to_be_disabled()
    points = page.locator("#map .marker-icon:not(.cursor-marker)")
    for number, place in enumerate(((7.73, 49.44), (7.77, 49.455), (7.80, 49.44)), start=1):
        tap_map(page, place)
        expect(points).to_have_count(number)
    page.get_by_role("button", name="Undo").click()
    expect(points).to_have_count(2)
    page.get_by_role("button", name="Finish drawing").click()
    expect(page.get_by_role("button", name="Continue")).to_be_enabled()
    # Even the end can be undone, and all of it deleted on the way.
    page.get_by_role("button", name="Undo").click()
    expect(points).to_have_count(2)
    page.get_by_role("button", name="Draw again").click()
    expect(points).to_have_count(0)
    for number, place in enumerate(((7.73, 49.44), (7.80, 49.44)), start=1):
        tap_map(page, place)
        expect(points).to_have_count(number)
    page.get_by_role("button", name="Finish drawing").click()
    page.get_by_role("button", name="Continue").click()
    send(page)
    thanked(page)
    _stored, line = stored_contribution()
    assert line.geom_type == "LineString"
    assert line.num_coords == 2


def test_an_area_is_drawn_at_the_cross_without_tapping_the_map(desktop: Page, topics: Campaign) -> None:
    open_campaign(desktop, topics)
    begin(desktop, "Meadow")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        expect(desktop.get_by_role("button", name="Point here")).to_be_enabled()
        desktop.get_by_role("button", name="Point here").press("Enter")
        desktop.locator("#map").press(key)
    desktop.get_by_role("button", name="Finish drawing").press("Enter")
    desktop.get_by_role("button", name="Continue").press("Enter")
    desktop.get_by_role("button", name="Send", exact=True).press("Enter")
    thanked(desktop)
    assert stored_contribution()[1].geom_type == "Polygon"


def test_a_place_outside_the_area_is_explained_before_anything_is_sent(page: Page, spots: Campaign) -> None:
    open_campaign(page, spots)
    begin(page)
    tap_map(page, (7.7, 49.472))
    expect(page.get_by_text("This place lies outside the area of this campaign.").first).to_be_visible()
    expect(page.get_by_role("button", name="Continue")).to_have_count(0)
    tap_map(page, personas.TOWN_HALL)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    assert not Contribution.objects.exists()


def test_the_server_says_so_too_when_the_page_did_not_know_the_area(desktop: Page, spots: Campaign) -> None:
    desktop.watch.allow("status of 404")  # type: ignore[attr-defined]
    desktop.watch.allow("status of 400")  # type: ignore[attr-defined]
    desktop.route("**/area", lambda route: route.fulfill(status=404, body="{}"))
    open_campaign(desktop, spots)
    begin(desktop)
    tap_map(desktop, (7.7, 49.472))
    desktop.get_by_role("button", name="Continue").click()
    send(desktop)
    expect(desktop.get_by_role("heading", name="Where is it?")).to_be_focused()
    expect(desktop.locator("[data-place-problem]")).to_contain_text("outside the area")


def test_wrong_answers_are_told_at_their_fields_and_nothing_typed_is_lost(
    page: Page, topics: Campaign
) -> None:
    page.watch.allow("status of 400")  # type: ignore[attr-defined]
    open_campaign(page, topics)
    begin(page, "Survey")
    place_here(page)
    form = page.locator("form[data-form='survey']")
    form.get_by_label("Number").fill("1000")
    form.get_by_label("Short text").fill("near the bridge")
    send(page)
    expect(form.get_by_text("Please fill in this field.")).to_be_visible()
    expect(form.get_by_text("from 0 to 120")).to_be_visible()
    expect(form.get_by_label("Short text")).to_have_value("near the bridge")
    form.get_by_label("Number").fill("12,5")
    form.get_by_role("group", name="Yes or no").get_by_label("Yes").check()
    form.get_by_label("At night").first.check()
    send(page)
    thanked(page)
    assert Contribution.objects.get().answers == {
        "text": "near the bridge",
        "single-choice": "night",
        "number": 12.5,
        "yes-no": True,
    }


def test_a_lost_connection_loses_nothing_and_sending_again_stores_once(page: Page, spots: Campaign) -> None:
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    open_campaign(page, spots)
    begin(page)
    place_here(page)
    page.get_by_label("What would you like to tell us?").fill("Written in a tunnel")
    # The server stores the first one, but its answer never arrives.
    page.route("**/contributions/", lambda route: (route.fetch(), route.abort())[1])
    send(page)
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    page.unroute("**/contributions/")

    open_campaign(page, spots)
    expect(page.get_by_text("1 contribution has arrived.")).to_be_visible()
    assert Contribution.objects.get().text == "Written in a tunnel"


def test_a_photo_travels_along(page: Page, spots: Campaign, tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "bench.png"
    # 19 MB, as cameras make them: it is made smaller here.
    Image.new("RGB", (3600, 1800), "teal").save(picture, compress_level=0)
    open_campaign(page, spots)
    begin(page)
    place_here(page)
    page.locator("input[type=file]").set_input_files([picture, picture])
    expect(page.get_by_role("img", name="bench.png")).to_have_count(2)
    page.get_by_role("button", name="Remove photo 2").click()
    send(page)
    thanked(page)
    photo = Contribution.objects.get().photos.get()
    assert (photo.width, photo.height) == (2000, 1000)


def test_pictures_that_cannot_be_read_are_told_at_choosing(
    page: Page, spots: Campaign, tmp_path: Path
) -> None:
    from PIL import Image

    good, heic, text = (tmp_path / name for name in ("bench.png", "IMG_1.HEIC", "notes.jpg"))
    Image.new("RGB", (260, 130), "teal").save(good)
    heic.write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(400))
    text.write_text("no picture")
    open_campaign(page, spots)
    begin(page)
    place_here(page)
    choice = page.locator("input[type=file]")
    choice.set_input_files([good, heic])
    problem = page.locator("p.field__error:visible")
    expect(problem).to_contain_text("HEIC photos cannot be read here.")
    expect(page.get_by_role("img", name="bench.png")).to_have_count(1)
    choice.set_input_files([text])
    expect(problem).to_contain_text("This file is not a photo that can be read.")
    send(page)
    thanked(page)
    assert Contribution.objects.get().photos.count() == 1
