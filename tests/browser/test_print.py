"""A contribution and a campaign on paper (A4): the map as it was seen, what is to be read, nothing to press."""

import io
import re
from collections.abc import Callable
from unicodedata import normalize

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from mapping.links.short import code_of
from mapping.models import Campaign, GroundSource
from tests import personas
from tests.browser.conftest import DEVICES
from tests.browser.steps import ground_drawn, open_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

PLACE = (7.7752, 49.444)
"""Beside the street of the ground."""
PAPER = 178 / 25.4 * 96
"""Pixels of A4 between the margins."""


def on_paper(page: Page) -> tuple[int, str]:
    """Print the page: how many sheets, and the letters on them, without spaces, as lines break anywhere."""
    data = page.pdf(format="A4", prefer_css_page_size=True)
    # How Chromium writes that a canvas was cleared, and with it all that lies below: the ground would be missing.
    assert b"/S /Alpha" not in data
    sheets = PdfReader(io.BytesIO(data)).pages
    # Two letters that the typeface draws as one (ff, fl) are one sign in the file.
    words = normalize("NFKC", "".join(one.extract_text() for one in sheets))
    return len(sheets), without_spaces(words)


def without_spaces(text: str) -> str:
    return "".join(text.split())


def lay_out_for_paper(page: Page) -> None:
    """As browsers do: they announce it first, and then lay out."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})


def lay_out_for_screen(page: Page, device: str) -> None:
    page.set_viewport_size(DEVICES[device]["viewport"])  # type: ignore[index]
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")


def size_of(page: Page, element: str) -> tuple[float, float]:
    box = page.locator(element).bounding_box()
    assert box is not None
    return box["width"], box["height"]


def test_contribution_is_printed_with_its_map(
    visit: type_of_visit, device: str, ground: GroundSource, spots: Campaign
) -> None:
    shown = personas.make_contribution(spots, PLACE, text="A bench in the shade, please.")
    page = visit(device)
    page.goto(f"/campaigns/{spots.slug}/contributions/{shown.pk}/")
    ground_drawn(page)
    seen = size_of(page, "#map")
    sheets, words = on_paper(page)
    assert sheets == 1
    address = page.url
    for one in (address, "Spots of the city", "A bench in the shade, please.", "Near Long Street"):
        assert without_spaces(one) in words
    assert re.search(r"\d+k?mLeaflet\|Sketched<byhand>", words)
    assert "Sendcomment" not in words

    lay_out_for_paper(page)
    expect(page.get_by_role("img", name=f"QR code: opens {address}")).to_be_visible()
    expect(page.get_by_text(address, exact=True)).to_be_visible()
    expect(page.locator("#map .map-marker")).to_be_visible()
    for element in (".leaflet-control-scale", ".leaflet-control-attribution", ".place-words"):
        expect(page.locator(element)).to_be_visible()
    for element in (".site-footer", ".leaflet-control-zoom", ".share", ".comment-form"):
        expect(page.locator(element)).to_be_hidden()
    expect(page.locator("main").get_by_role("button")).to_have_count(0)
    # The same part of the map with the same tiles, as large as the paper allows.
    width, height = size_of(page, ".contribution-map")
    assert width <= PAPER
    assert width / height == pytest.approx(seen[0] / seen[1], rel=0.02)
    assert width == pytest.approx(min(PAPER, seen[0] * 1.4), abs=3)
    assert page.evaluate("document.querySelector('#map').offsetWidth") == pytest.approx(seen[0], abs=1)
    lay_out_for_screen(page, device)
    expect(page.get_by_role("button", name="Send comment")).to_be_visible()
    assert size_of(page, "#map") == seen


def test_campaign_is_printed_with_map_legend_and_list(
    visit: type_of_visit, device: str, ground: GroundSource, topics: Campaign
) -> None:
    for text in ("Too dark", "Too loud"):
        personas.make_contribution(topics, personas.STATION, text=text)
    page = visit(device)
    open_campaign(page, topics)
    ground_drawn(page)
    seen = size_of(page, "#map")
    _sheets, words = on_paper(page)
    for one in ("All topics", "2 contributions", "Too dark", "Too loud", "What it is about"):
        assert without_spaces(one) in words
    for one in ("Mark a place", "Take the data home"):
        assert without_spaces(one) not in words
    legend = page.get_by_role("navigation", name="Show categories")
    for category in legend.locator("[data-category] > span").all_inner_texts():
        assert without_spaces(category) in words

    lay_out_for_paper(page)
    short = page.evaluate("location.origin") + reverse("short-address", args=(code_of(topics.pk),))
    expect(page.get_by_role("img", name=f"QR code: opens {short}")).to_be_visible()
    expect(legend).to_be_visible()
    for element in (".sheet__handle", ".campaign__tabs", ".list-tools", ".leaflet-control-zoom", ".share"):
        expect(page.locator(element)).to_be_hidden()
    expect(page.locator("main").get_by_role("button")).to_have_count(0)
    width, height = size_of(page, ".campaign__stage")
    assert 250 < width <= PAPER
    assert 250 < height <= PAPER
    # What a phone's sheet covers is left out.
    uncut = seen[1] * width / seen[0]
    assert height < uncut - 50 if device == "phone" else height == pytest.approx(uncut, rel=0.02)
    whole, title, stage, source, chips, items = (
        page.locator(one).first.bounding_box()
        for one in (
            "campaign-page",
            "h1",
            ".campaign__stage",
            ".leaflet-control-attribution",
            ".campaign__filter",
            ".contribution-item",
        )
    )
    assert whole
    assert title
    assert stage
    assert source
    assert chips
    assert items
    assert title["y"] < stage["y"] < chips["y"] < items["y"]
    # As high as its content: otherwise lines are cut where a sheet ends.
    assert items["y"] + items["height"] <= whole["y"] + whole["height"]
    assert source["y"] + source["height"] <= stage["y"] + stage["height"] + 1
    lay_out_for_screen(page, device)
    assert size_of(page, "#map") == seen
