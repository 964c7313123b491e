"""Citizens' stories: placing, drawing, reading, answering, on phone and desktop."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, Point
from django.utils import timezone, translation
from playwright.sync_api import Locator, Page, expect

from mapping.aggregation import footprint
from mapping.models import (
    Address,
    Campaign,
    Comment,
    Contribution,
    ContributionStatus,
    Reply,
    ReplyStatus,
    Support,
)
from mapping.models.contribution import new_contribution_id
from tests import personas
from tests.personas import Citizen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
type_of_visit = Callable[..., Page]


@pytest.fixture
def spots(transactional_db: None) -> Campaign:
    """An open campaign with the one category `spot` (points)."""
    campaign = personas.make_campaign("spots", title="Spots of the city")
    campaign.categories.exclude(slug="spot").delete()
    return campaign


@pytest.fixture
def topics(transactional_db: None) -> Campaign:
    """An open campaign with one category per kind of place."""
    # The questions are titled with translated names of their kinds.
    with translation.override("en"):
        return personas.make_campaign("topics", title="All topics")


@pytest.fixture(params=["phone", "desktop"])
def page(request: pytest.FixtureRequest, visit: type_of_visit) -> Page:
    """The story is told twice: on a phone and at a desk."""
    return visit(request.param, permissions=["geolocation", "clipboard-read", "clipboard-write"])


def stored_contribution() -> tuple[Contribution, GEOSGeometry]:
    """The only contribution, and where it lies."""
    stored = Contribution.objects.get()
    assert stored.geom is not None
    return stored, stored.geom


def remember_address(name: str, place: tuple[float, float]) -> None:
    Address.objects.create(name=name, kind="street", geom=Point(*place, srid=4326))


def open_campaign(page: Page, campaign: Campaign, view: str = "") -> None:
    """Go to a campaign's page and wait until the map says what it shows."""
    page.goto(f"/campaigns/{campaign.slug}/{view}")
    expect(page.locator("campaign-page.is-ready")).to_be_attached()


def tap_map(page: Page, place: tuple[float, float]) -> None:
    """Tap on the map where a place lies."""
    point = page.evaluate("place => document.querySelector('campaign-page').pixelOf(place)", list(place))
    if page.evaluate("navigator.maxTouchPoints > 0"):
        page.touchscreen.tap(point["x"], point["y"])
    else:
        page.mouse.click(point["x"], point["y"])


def markers(page: Page) -> Locator:
    return page.locator("#map .map-marker")


def begin(page: Page, category: str = "") -> None:
    page.get_by_role("link", name=re.compile("Mark a place|Share an idea")).click()
    if category:
        page.get_by_role("button", name=category).click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def thanked(page: Page) -> None:
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()


def show_list(page: Page) -> None:
    page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name="List").click()


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

    page.get_by_role("button", name="Copy").click()
    link = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Back to the map").click()
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
    phone.get_by_role("button", name="Place here").click()
    phone.get_by_role("button", name="Continue").click()
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
    page.get_by_role("searchbox", name="Search for a street or a place").fill("pariser")
    page.get_by_role("button", name="Pariser Straße").click()
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
    page.get_by_role("button", name="Place here").click()
    page.get_by_role("button", name="Continue").click()
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
    page.get_by_role("button", name="Place here").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to tell us?").fill("Written in a tunnel")
    # The server stores the first one, but its answer never arrives.
    page.route("**/contributions/", lambda route: (route.fetch(), route.abort())[1])
    send(page)
    expect(page.get_by_role("alert").get_by_text("The connection failed.")).to_be_visible()
    page.unroute("**/contributions/")

    open_campaign(page, spots)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("What would you like to tell us?")).to_have_value("Written in a tunnel")
    send(page)
    thanked(page)
    assert Contribution.objects.count() == 1


def test_a_photo_travels_along(page: Page, spots: Campaign, tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "bench.png"
    Image.new("RGB", (2600, 1300), "teal").save(picture)
    open_campaign(page, spots)
    begin(page)
    page.get_by_role("button", name="Place here").click()
    page.get_by_role("button", name="Continue").click()
    page.locator("input[type=file]").set_input_files([picture, picture])
    expect(page.get_by_role("img", name="bench.png")).to_have_count(2)
    page.get_by_role("button", name="Remove photo 2").click()
    send(page)
    thanked(page)
    photo = Contribution.objects.get().photos.get()
    assert (photo.width, photo.height) == (2000, 1000)


def test_list_and_map_show_the_same_and_the_filter_holds_for_both(page: Page, topics: Campaign) -> None:
    for index in range(3):
        personas.make_contribution(topics, (7.76 + index / 100, 49.44), text=f"Spot {index}")
    personas.make_contribution(topics, personas.STATION, category="survey", text="Survey")
    personas.make_contribution(topics, personas.UNIVERSITY, status=ContributionStatus.PENDING, text="Unread")
    personas.make_contribution(
        topics, personas.UNIVERSITY, status=ContributionStatus.REJECTED, text="Refused"
    )
    open_campaign(page, topics)
    expect(markers(page)).to_have_count(4)
    show_list(page)
    expect(page.locator("[data-list] > li")).to_have_count(4)
    expect(page.get_by_text("4 contributions")).to_be_visible()
    expect(page.get_by_text("Unread")).to_have_count(0)
    page.get_by_role("navigation", name="Show categories").get_by_role("link", name="Spot").click()
    expect(page.locator("[data-list] > li")).to_have_count(3)
    expect(markers(page)).to_have_count(3)
    page.reload()
    expect(page.locator("[data-list] > li")).to_have_count(3)
    expect(markers(page)).to_have_count(3)


def test_the_list_goes_on_where_more_is_asked_for(page: Page, spots: Campaign) -> None:
    for index in range(25):
        personas.make_contribution(spots, footprint=False, text=f"Spot {index}")
    open_campaign(page, spots, "#list")
    expect(page.locator("[data-list] > li")).to_have_count(20)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator("[data-list] > li")).to_have_count(25)
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)


def test_a_contribution_is_supported_and_commented(page: Page, spots: Campaign) -> None:
    contribution = personas.make_contribution(spots, text="A bench, please")
    open_campaign(page, spots, "#list")
    page.get_by_role("link", name="A bench, please").click()
    detail = page.get_by_role("article")
    expect(detail.get_by_role("heading", name="Spot")).to_be_focused()
    expect(page.locator("#map .is-selected")).to_have_count(1)
    detail.get_by_role("button", name="Support").click()
    expect(detail.get_by_role("button", name="Support 1")).to_have_attribute("aria-pressed", "true")
    detail.get_by_role("button", name="Oppose").click()
    expect(detail.get_by_role("button", name="Oppose 1")).to_have_attribute("aria-pressed", "true")
    expect(detail.get_by_role("button", name="Support 0")).to_be_visible()
    detail.get_by_label("Your comment").fill("In the shade, if possible")
    detail.get_by_role("button", name="Send comment").click()
    expect(detail.get_by_text("Yours, waiting for review")).to_be_visible()
    assert Support.objects.get(contribution=contribution).value == -1
    assert Comment.objects.get(contribution=contribution).text == "In the shade, if possible"
    page.go_back()
    expect(page.get_by_role("link", name="A bench, please")).to_be_focused()


def test_a_line_of_the_city_is_tapped_and_judged(page: Page, topics: Campaign) -> None:
    line = personas.wkt("LINESTRING(7.74 49.4447, 7.80 49.4447)")
    plan = personas.make_contribution(topics, line, category="plan", text="Bike street", source="city")
    open_campaign(page, topics)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("article").get_by_role("button", name="Oppose").click()
    expect(page.get_by_role("button", name="Oppose 1")).to_be_visible()
    assert Support.objects.get(contribution=plan).value == -1


def test_a_closed_campaign_takes_nothing_and_shows_what_became_of_it(
    page: Page, transactional_db: None
) -> None:
    campaign = personas.make_closed(outcome="Twelve lamps were built.")
    contribution = personas.make_contribution(campaign, text="A lamp, please")
    Reply.objects.create(contribution=contribution, status=ReplyStatus.DONE, text="It shines since May.")
    open_campaign(page, campaign)
    expect(page.get_by_text("Taking part ended on")).to_be_visible()
    expect(page.get_by_role("link", name="Mark a place")).to_have_count(0)
    page.get_by_role("link", name="Results").click()
    expect(page.get_by_text("Twelve lamps were built.")).to_be_visible()
    show_list(page)
    page.get_by_role("link", name="A lamp, please").click()
    expect(page.get_by_text("It shines since May.")).to_be_visible()
    expect(page.get_by_role("button", name="Support")).to_have_count(0)
    expect(page.get_by_label("Your comment")).to_have_count(0)


def test_an_upcoming_campaign_says_when_it_begins(page: Page, transactional_db: None) -> None:
    campaign = personas.make_upcoming()
    open_campaign(page, campaign)
    expect(page.get_by_text("Taking part is possible from")).to_be_visible()
    expect(page.get_by_role("link", name="Mark a place")).to_have_count(0)
    page.goto(f"/campaigns/{campaign.slug}/#place")
    expect(page.get_by_text("Taking part is possible from")).to_be_visible()


def test_a_delicate_topic_shows_nothing_but_takes_places(
    page: Page, citizen: Citizen, transactional_db: None
) -> None:
    campaign = personas.make_campaign("night-routes", publication="cells")
    personas.make_contribution(campaign, text="Here I was afraid")
    open_campaign(page, campaign)
    expect(markers(page)).to_have_count(0)
    page.get_by_role("link", name="What is shown").click()
    expect(page.get_by_text("To protect people, this topic shows no single place")).to_be_visible()
    assert "Here I was afraid" not in page.content()
    expect(page.get_by_text("person took part")).to_have_count(0)
    page.goto(f"/campaigns/{campaign.slug}/")
    begin(page, "Spot")
    page.get_by_role("button", name="Place here").click()
    page.get_by_role("button", name="Continue").click()
    send(page)
    thanked(page)
    page.get_by_role("button", name="Back to the map").click()
    expect(page.locator("#map .marker--own")).to_have_count(1)


def test_ideas_need_no_map(page: Page, transactional_db: None) -> None:
    campaign = personas.make_campaign("ideas", title="Ideas")
    campaign.categories.exclude(slug="idea").delete()
    page.watch.allow("status of 400")  # type: ignore[attr-defined]
    open_campaign(page, campaign)
    expect(page.locator("#map")).to_have_count(0)
    begin(page)
    send(page)
    expect(page.locator("form").get_by_text("Please fill in this field.")).to_be_visible()
    page.get_by_label("What would you like to tell us?").fill("A market in the evening")
    send(page)
    thanked(page)
    page.get_by_role("button", name="Back to the ideas").click()
    expect(page.get_by_role("region", name="Yours").get_by_text("A market in the evening")).to_be_visible()


def test_very_many_contributions_are_shown_as_counts(desktop: Page, spots: Campaign) -> None:
    category = spots.categories.get()
    Contribution.objects.bulk_create(
        Contribution(
            id=new_contribution_id(),
            campaign=spots,
            category=category,
            geom=personas.wkt((7.74 + (index % 40) / 1000, 49.43 + (index // 40) / 1000)),
            status=ContributionStatus.PUBLISHED,
            created_at=timezone.now(),
        )
        for index in range(1200)
    )
    footprint.write_many(spots)
    open_campaign(desktop, spots)
    expect(desktop.locator("#map .bubble").first).to_be_visible()
    expect(markers(desktop)).to_have_count(0)
    counts = desktop.locator("#map .bubble").all_inner_texts()
    assert sum(int(count.replace(",", "")) for count in counts) == 1200
    desktop.evaluate("document.querySelector('campaign-page').base.map.setView([49.4305, 7.7405], 18)")
    expect(markers(desktop).first).to_be_visible()
    expect(desktop.locator("#map .bubble")).to_have_count(0)


def test_the_panel_is_pulled_up_and_pushed_down(phone: Page, spots: Campaign) -> None:
    open_campaign(phone, spots)
    panel = phone.locator(".campaign__panel")
    handle = phone.get_by_role("button", name="Change the height of this panel")
    for to, height in ((330, "half"), (80, "full"), (700, "peek")):
        box = handle.bounding_box()
        assert box is not None
        phone.mouse.move(180, box["y"] + 14)
        phone.mouse.down()
        phone.mouse.move(180, to, steps=4)
        phone.mouse.up()
        expect(panel).to_have_attribute("data-height", height)
    handle.press("Enter")
    expect(panel).to_have_attribute("data-height", "half")


def test_a_message_above_the_map_is_closed(
    phone: Page, citizen: Citizen, visit: type_of_visit, spots: Campaign
) -> None:
    from mapping.services.identity import edit_token

    contribution = personas.make_contribution(spots, by=citizen)
    phone.goto(f"/mine/{edit_token(contribution.pk)}/withdraw/")
    phone.get_by_role("main").get_by_role("button").click()
    message = phone.get_by_text("Your contribution is deleted")
    expect(message).to_be_visible()
    phone.get_by_role("button", name="Close this notice").click()
    expect(message).to_have_count(0)


def test_the_language_is_switched_on_the_page(visit: type_of_visit, spots: Campaign) -> None:
    page = visit("desktop", language="")
    page.goto(f"/campaigns/{spots.slug}/")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Mark a place")).to_be_visible()
    assert page.url.endswith(f"/campaigns/{spots.slug}/")


def test_without_javascript_the_plain_form_does_it_all(visit: type_of_visit, topics: Campaign) -> None:
    remember_address("Pariser Straße", personas.STATION)
    page = visit("phone", java_script_enabled=False)
    page.goto(f"/campaigns/{topics.slug}/")
    page.get_by_role("link", name="Mark a place").click()
    page.get_by_label("Survey").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Short text").fill("typed before the search")
    page.get_by_label("Search for a street or a place").fill("Pariser")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="Pariser Straße").click()
    expect(page.get_by_text("Taken over: Pariser Straße")).to_be_visible()
    expect(page.get_by_label("Short text")).to_have_value("typed before the search")
    page.get_by_role("group", name="Yes or no").get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you for your contribution!")).to_be_visible()
    stored, place = stored_contribution()
    assert place.equals_exact(personas.wkt(personas.STATION), 1e-6)
    assert stored.answers == {"text": "typed before the search", "yes-no": False}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_hold_their_width(visit: type_of_visit, topics: Campaign, scheme: str) -> None:
    contribution = personas.make_contribution(topics, text="Word" * 80)
    for path in (
        f"/campaigns/{topics.slug}/",
        f"/campaigns/{topics.slug}/contribute/?category=survey",
        f"/campaigns/{topics.slug}/contributions/{contribution.pk}/",
    ):
        page = visit("phone", color_scheme=scheme)
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(("device", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_axe_finds_nothing_to_complain_about(
    visit: type_of_visit, topics: Campaign, device: str, scheme: str
) -> None:
    contribution = personas.make_contribution(topics, category="survey", answers=personas.GOOD_ANSWERS)
    personas.make_comment(contribution)
    Reply.objects.create(contribution=contribution, status=ReplyStatus.PLANNED, text="In spring.")
    page = visit(device, color_scheme=scheme)
    for view in ("", "#list", "#about", f"#c-{contribution.pk}"):
        page.goto("about:blank")
        open_campaign(page, topics, view)
        if view.startswith("#c-"):
            expect(page.get_by_role("article")).to_be_visible()
        assert violations(page) == []
    page.get_by_role("button", name="← Back").click()
    begin(page)
    assert violations(page) == []
    page.get_by_role("button", name="Survey").click()
    assert violations(page) == []
    page.get_by_role("button", name="Place here").click()
    page.get_by_role("button", name="Continue").click()
    assert violations(page) == []
    for path in ("contribute/", "contribute/?category=survey", f"contributions/{contribution.pk}/"):
        page.goto(f"/campaigns/{topics.slug}/{path}")
        assert violations(page) == []


def violations(page: Page) -> list[str]:
    """What axe-core says is wrong, by rule and element."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]
    ]
