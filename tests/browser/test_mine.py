"""After sending: thanks that survive a reload, one's own contributions, everything deleted; a place corrected."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Contribution, Participant
from mapping.services.identity import edit_token
from tests import personas
from tests.browser.steps import remember_address, stored_contribution
from tests.personas import Citizen

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

KEEP = """async () => {
    localStorage.setItem("contribution-draft:elsewhere:1", "{}");
    sessionStorage.setItem("contribution-draft:night:1", "{}");
    await new Promise((done) => { indexedDB.open("waiting").onsuccess = (event) => {
        event.target.result.close();
        done();
    }; });
    await caches.open("pages");
}"""
KEPT = """async () => [
    localStorage.length,
    sessionStorage.length,
    (await indexedDB.databases()).length,
    (await caches.keys()).length,
]"""


def send(page: Page, campaign: Campaign, words: str) -> None:
    lon, lat = personas.TOWN_HALL
    page.goto(f"/campaigns/{campaign.slug}/contribute/?category=spot")
    page.get_by_label("Latitude").fill(f"{lat}")
    page.get_by_label("Longitude").fill(f"{lon}")
    page.get_by_label("What would you like to tell us?").last.fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()


def test_sent_found_again_and_everything_deleted(page: Page, campaign: Campaign) -> None:
    send(page, campaign, "Dark here")
    stored = Contribution.objects.get()
    link = page.get_by_role("textbox", name="Private link")
    expect(link).to_have_value(page.url.removesuffix("thanks/"))
    page.get_by_role("button", name="Copy the link").first.click()
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/mine/{edit_token(stored.pk)}/")
    page.get_by_text("Open it on another device").click()
    expect(page.get_by_role("img", name="QR code of your private link")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()
    referrers: list[str | None] = []
    page.on("request", lambda request: referrers.append(request.headers.get("referer")))
    page.get_by_role("link", name="Add another one").click()
    page.wait_for_url("**/?category=spot#place")
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    page.watch.settle(page)  # type: ignore[attr-defined]
    assert edit_token(stored.pk) not in str(referrers)

    page.goto("/mine/")
    page.get_by_role("link", name="Spot").click()
    expect(page.get_by_role("heading", name="Your contribution")).to_be_visible()
    page.get_by_role("link", name="Everything that I sent with this browser").click()
    page.evaluate(KEEP)
    page.get_by_role("link", name="Delete everything of mine").click()
    expect(page.get_by_text("Contributions: 1")).to_be_visible()
    page.get_by_role("button", name="Delete everything for good").click()
    expect(page.get_by_role("heading", name="Everything is deleted")).to_be_visible()
    expect(
        page.get_by_text("Drafts and what waited to be sent are deleted from this device.")
    ).to_be_visible()
    assert page.evaluate(KEPT) == [0, 0, 0, 0]
    assert "participant" not in {cookie["name"] for cookie in page.context.cookies()}
    assert not Contribution.objects.exists()
    assert not Participant.objects.exists()
    page.goto("/mine/")
    expect(page.get_by_text("This browser has sent nothing yet")).to_be_visible()


def test_protected_campaigns_keep_nothing_on_the_device(
    visit: type_of_visit, cells_campaign: Campaign, transactional_db: None
) -> None:
    page = visit("phone")
    page.goto("/help/")
    page.evaluate(f'localStorage.setItem("contribution-draft:{cells_campaign.slug}", "{{}}")')
    page.evaluate('localStorage.setItem("contribution-draft:elsewhere", "{}")')
    send(page, cells_campaign, "I am afraid here.")
    for _turn in range(100):  # the script of the page of thanks takes the draft away
        if page.evaluate("localStorage.length") == 1:
            break
        page.wait_for_timeout(50)
    assert page.evaluate("Object.keys(localStorage)") == ["contribution-draft:elsewhere"]
    assert page.evaluate("sessionStorage.length") == 0
    page.goto("/mine/")
    expect(page.get_by_text("Counts").or_(page.get_by_text("Waiting for review"))).to_be_visible()
    expect(page.get_by_text("I am afraid here.")).to_have_count(0)


def open_editor(page: Page, contribution: Contribution) -> None:
    page.goto(f"/mine/{edit_token(contribution.pk)}/")
    page.get_by_text("Move the place").click()
    expect(page.locator("place-editor.is-ready")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your changes are saved")).to_be_visible()


def test_place_is_corrected_by_finger_or_mouse(page: Page, campaign: Campaign, citizen: Citizen) -> None:
    open_editor(page, personas.make_contribution(campaign, by=citizen))
    before = page.get_by_label("Latitude").input_value()
    page.locator("[data-map]").scroll_into_view_if_needed()
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 - 60
    if page.evaluate("navigator.maxTouchPoints > 0"):
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)
    expect(page.get_by_label("Latitude")).not_to_have_value(before)
    save(page)
    _stored, place = stored_contribution()
    lon, lat = place.centroid.coords
    assert lon > personas.TOWN_HALL[0]
    assert lat > personas.TOWN_HALL[1]


def test_place_is_corrected_by_keyboard_and_search(
    visit: type_of_visit, campaign: Campaign, citizen: Citizen
) -> None:
    remember_address("Pariser Straße", personas.STATION)
    page = visit("desktop")
    open_editor(page, personas.make_contribution(campaign, by=citizen))
    search = page.get_by_role("combobox", name="Search for a street or a place")
    search.fill("pariser")
    expect(page.get_by_role("option", name="Pariser Straße")).to_be_visible()
    page.keyboard.press("Enter")
    page.locator("[data-map]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-live]").last).to_have_text("The place is marked. You can still move it.")
    save(page)
    _stored, place = stored_contribution()
    assert place.equals_exact(personas.wkt(personas.STATION), 2e-5)


def test_line_is_drawn_again_at_the_cross(visit: type_of_visit, campaign: Campaign, citizen: Citizen) -> None:
    page = visit("desktop")
    line = personas.make_contribution(
        campaign, "LINESTRING(7.75 49.44, 7.78 49.45)", category="street", by=citizen
    )
    open_editor(page, line)
    page.get_by_role("button", name="Draw again").click()
    page.get_by_role("button", name="Place here").click()
    page.locator("[data-map]").press("ArrowRight")
    page.get_by_role("button", name="Place here").click()
    page.get_by_role("button", name="Finish drawing").click()
    save(page)
    _stored, place = stored_contribution()
    west, south, east, north = place.extent
    assert west < east
    assert south == pytest.approx(north, abs=1e-3)
    assert place.num_coords == 2


def test_place_is_typed_without_javascript(
    visit: type_of_visit, campaign: Campaign, citizen: Citizen
) -> None:
    page = visit("phone", java_script_enabled=False)
    contribution = personas.make_contribution(campaign, by=citizen)
    page.goto(f"/mine/{edit_token(contribution.pk)}/")
    page.get_by_text("Move the place").click()
    lon, lat = personas.STATION
    page.get_by_label("Latitude").fill(f"{lat}")
    page.get_by_label("Longitude").fill(f"{lon}")
    save(page)
    _stored, place = stored_contribution()
    assert place.equals_exact(personas.wkt(personas.STATION), 1e-6)
