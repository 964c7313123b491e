"""The hand that measures taps and keys (`benchmarks/browsing`) counts what it does, and taps what can be seen alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from benchmarks.browsing.hand import Hand, Lost
from benchmarks.browsing.visitors import DEVICES

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><title>Hand</title><meta name="viewport" content="width=device-width">
<button id="near" onclick="this.textContent += '!'">Near</button>
<button id="under">Under</button><div style="position: absolute; inset: 0 0 auto auto; width: 50%; height: 4rem"></div>
<input id="words"><div style="height: 300vh"></div><button id="far" onclick="this.textContent += '!'">Far</button>"""


@pytest.fixture
def hand(chromium: Browser) -> Iterator[Hand]:
    context = chromium.new_context(**DEVICES["phone"])
    page: Page = context.new_page()
    page.set_content(PAGE)
    yield Hand(page)
    context.close()


def test_taps_are_counted_and_what_lies_outside_takes_a_swipe(hand: Hand) -> None:
    hand.tap("#near")
    assert (hand.taps, hand.swipes, hand.page.inner_text("#near")) == (1, 0, "Near!")
    hand.tap("#far")
    assert (hand.taps, hand.swipes, hand.page.inner_text("#far")) == (2, 1, "Far!")


def test_what_something_covers_is_not_tapped(hand: Hand) -> None:
    hand.page.locator("div").first.evaluate("element => { element.style.width = '100%' }")
    with pytest.raises(Lost):
        hand.tap("#under")
    assert hand.taps == 0


def test_each_key_counts_and_letters_apart(hand: Hand) -> None:
    hand.choose("#near")
    hand.reach("#words")
    hand.type("#words", "abc")
    assert (hand.keys, hand.letters, hand.page.input_value("#words")) == (4, 3, "abc")
    hand.reach("#near", "Shift+Tab")
    assert (hand.keys, hand.page.inner_text("#near")) == (6, "Near!")
    hand.page.locator("#far").evaluate("element => { element.tabIndex = -1 }")
    with pytest.raises(Lost):
        hand.reach("#far")
