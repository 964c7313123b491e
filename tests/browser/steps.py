"""What citizens do again and again in their stories."""

import re
from random import Random

from django.contrib.gis.geos import GEOSGeometry, Point
from playwright.sync_api import Locator, Page, expect

from mapping.demo.pictures import draw
from mapping.models import Address, Campaign, Contribution

HAS_WORDS = """() => {
    const canvas = document.querySelector("canvas.ground-words");
    if (!canvas?.width) return false;
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, index) => index % 4 === 3 && value > 0);
}"""


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
    """Tap on the map where a place lies, once the map is at rest and the sheet has made way."""
    point, before = _pixel_of(page, place), None
    for _turn in range(100):
        if point == before and _is_uncovered(page, point):
            break
        page.wait_for_timeout(50)
        point, before = _pixel_of(page, place), point
    if page.evaluate("navigator.maxTouchPoints > 0"):
        page.touchscreen.tap(point["x"], point["y"])
    else:
        page.mouse.click(point["x"], point["y"])


def tap(page: Page, target: Locator) -> None:
    """Tap where something is seen, without scrolling to it."""
    expect(target).to_be_in_viewport(ratio=0.99)
    box = target.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    on_top = "([element, x, y]) => element.contains(document.elementFromPoint(x, y))"
    assert page.evaluate(on_top, [target.element_handle(), x, y]), "something covers it"
    page.touchscreen.tap(x, y)


def _is_uncovered(page: Page, point: dict[str, float]) -> bool:
    found: bool = page.evaluate(
        "({x, y}) => Boolean(document.elementFromPoint(x, y)?.closest('.leaflet-container'))", point
    )
    return found


def _pixel_of(page: Page, place: tuple[float, float]) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(
        "place => document.querySelector('campaign-page').pixelOf(place)", list(place)
    )
    return found


def markers(page: Page) -> Locator:
    return page.locator("#map .map-marker")


def begin(page: Page, category: str = "") -> None:
    """Start to contribute, and wait until the first step is there: its scripts are fetched on demand."""
    page.get_by_role("link", name=re.compile("Mark a place|Share an idea")).click()
    expect(page.locator("[data-view='place']")).to_be_visible()
    if category:
        page.get_by_role("button", name=category).click()


def place_here(page: Page) -> None:
    """Take what the cross lies on and go on: from the view of a whole city, a first tap zooms in."""
    page.get_by_role("button", name="Zoom in first").click()
    page.get_by_role("button", name="Place here").click()


def add_photo(page: Page) -> None:
    """Choose a photo in the form, and wait until it is shown there."""
    photo = {"name": "bench.jpg", "mimeType": "image/jpeg", "buffer": draw_picture(7)}
    page.locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
    expect(page.get_by_role("img", name="bench.jpg")).to_be_visible()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


def thanked(page: Page) -> None:
    expect(page.get_by_role("heading", name="Thank you!")).to_be_visible()


def show_list(page: Page) -> None:
    page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name="List").click()


def draw_picture(seed: int) -> bytes:
    """A drawn picture as JPEG, another one for each seed."""
    return draw(Random(seed))  # noqa: S311 - a picture, no secret


def saved(page: Page) -> None:
    """Wait until the page of a step says so."""
    expect(page.locator("#setup-saved")).to_have_text("Saved.")


def tab_to(page: Page, name: str) -> None:
    """Press the tab key until a button of this name has the focus."""
    for _press in range(60):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()"
        )
        if label == name:
            return
    raise AssertionError(f"The tab key leads to no {name}.")


def ground_drawn(page: Page) -> None:
    """Wait until tiles of the city's own ground and their words are there."""
    expect(page.locator(".ground-tiles canvas.leaflet-tile-loaded").first).to_be_attached()
    expect(page.locator(".graticule")).to_have_count(0)
    for _turn in range(100):
        if page.evaluate(HAS_WORDS):
            return
        page.wait_for_timeout(50)
    raise AssertionError("No words were drawn.")
