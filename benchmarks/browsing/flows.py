"""From the poster to the thanks: each flow is worked with taps on a phone, and with keys at a desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.browsing.hand import Hand

BEGIN: Final = "[data-begin]"
"""The first link of the page, seen while it has the focus."""
START: Final = "[data-action='place']"
NEXT: Final = "[data-do='next']"
PLACED: Final = "#map .map-marker--placing"
DRAWN: Final = "#map .marker-icon:not(.cursor-marker)"
THANKS: Final = "**/mine/*/thanks/"
_WORDS: Final = "Autos fahren hier viel zu schnell."


@dataclass(frozen=True)
class Flow:
    """A poster's campaign and topic, and what somebody says there."""

    name: str
    campaign: str
    category: str
    asked: Sequence[str] = ()
    """Questions that are answered, each by its first choice."""
    has_text: bool = False
    is_line: bool = False
    most_taps: int | None = None
    most_keys: int | None = None

    @property
    def form(self) -> str:
        return f"form[data-form='{self.category}']"


FLOWS: Final = (
    Flow(
        "a heat spot: a point and a choice", "hitze", "hitzepunkt", ("belastung",), most_taps=4, most_keys=20
    ),
    Flow(
        "a fear space: a point and two answers", "angstraeume", "angstraum", ("grund", "staerke"), most_taps=5
    ),
    Flow("a danger spot: a point and a text", "fahrradstrassen", "gefahrenstelle", has_text=True),
    Flow("a line along streets", "fahrradstrassen", "eigener-vorschlag", is_line=True),
)


def tapped(flow: Flow, hand: Hand, *, before_sending: Callable[[], object] = lambda: None) -> None:
    """On a phone, from the campaign's page on; ends when it is sent."""
    hand.tap(START)
    if flow.is_line:
        hand.see("[data-tools]")
        for number, (x, y) in enumerate(((0.3, 0.3), (0.7, 0.4)), start=1):
            hand.tap_at(x, y)
            hand.page.locator(DRAWN).nth(number - 1).wait_for()
        hand.tap(f"{NEXT}:enabled")
    else:
        hand.see(PLACED)
    hand.tap(f"{NEXT}:enabled")
    hand.rest()
    for question in flow.asked:
        hand.tap(f"{flow.form} [data-question='{question}'] label:has(input)")
    if flow.has_text:
        hand.tap(f"{flow.form} [name='text']")
        hand.type(f"{flow.form} [name='text']", _WORDS)
    before_sending()
    hand.tap(f"{flow.form} [type='submit']")


def keyed(flow: Flow, hand: Hand, *, enter_sends: bool = False) -> None:
    """At a desk with the keyboard alone, from the campaign's page on; ends when it is sent.

    Browsers send a form when Enter is pressed in one of its fields of one line: with `enter_sends` in the last answer,
    else the tab key goes through all that is left, on to the button.
    """
    hand.choose(BEGIN)
    if flow.is_line:
        _draw_with_keys(hand)
    else:
        hand.see(PLACED)
    hand.choose(f"{NEXT}:enabled")
    hand.rest()
    for question in flow.asked:
        hand.reach(f"{flow.form} [data-question='{question}'] input")
        hand.press("Space")
    if flow.has_text:
        hand.reach(f"{flow.form} [name='text']")
        hand.type(f"{flow.form} [name='text']", _WORDS)
    if enter_sends:
        hand.press("Enter")
    else:
        hand.choose(f"{flow.form} [type='submit']")


def _draw_with_keys(hand: Hand) -> None:
    hand.see("[data-tools]")
    hand.reach("#map")
    hand.press("Enter")
    hand.page.locator(DRAWN).first.wait_for()
    for _step in range(3):
        hand.press("ArrowRight")
    hand.press("Enter")
    hand.page.locator(DRAWN).nth(1).wait_for()
    hand.reach(f"{NEXT}:enabled", "Shift+Tab")  # it lies right before the map
    hand.press("Enter")
