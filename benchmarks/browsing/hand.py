"""Taps and keys as people make them, counted while they are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from playwright.sync_api import Locator, Page, Request

_MOST_TABS: Final = 150
_UNCOVERED: Final = "(element, [x, y]) => element.contains(document.elementFromPoint(x, y))"
_SWIPE: Final = "element => element.scrollIntoView({ block: 'center' })"
_FOCUSED: Final = "element => element === document.activeElement"
_MOVING: Final = "() => document.getAnimations().filter((one) => one.playState === 'running').length"
_ATTEMPTS: Final = 200
_AT_REST: Final = 3
"""So many looks, one after the other, find it at the same place: a busy machine may draw no frame between two."""
_PAUSE: Final = 80
"""Milliseconds."""


Box = tuple[float, float, float, float]
"""Left, top, width and height in pixels of the window."""


class Lost(RuntimeError):
    """What was to be tapped or reached is not there."""


@dataclass
class Hand:
    """Works a page with real taps or real keys; typed letters are counted apart, since they are what people say."""

    page: Page
    taps: int = 0
    swipes: int = 0
    keys: int = 0
    letters: int = 0
    _under_way: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("request", self._begun)
        self.page.on("requestfinished", self._over)
        self.page.on("requestfailed", self._over)

    def rest(self) -> None:
        """Wait until the page loads nothing: what comes late moves what is tapped next, and adds stops for keys."""
        quiet = 0
        while quiet < _AT_REST:
            self.page.wait_for_timeout(_PAUSE)
            quiet = 0 if self._under_way else quiet + 1

    def tap(self, selector: str) -> None:
        """Tap the middle of what is visible; after a swipe where it lies outside the window or under something."""
        target = self._seen(selector)
        if not self._is_free(target):
            self.swipes += 1
            target.evaluate(_SWIPE)
            if not self._is_free(target):
                raise Lost(f"Something covers {selector}.")
        x, y = _middle(self._resting(target))
        self.page.touchscreen.tap(x, y)
        self.taps += 1

    def tap_at(self, x: float, y: float) -> None:
        """Tap a point of the window, in shares of its width and height."""
        width, height = self._window
        self.page.touchscreen.tap(width * x, height * y)
        self.taps += 1

    def press(self, key: str) -> None:
        """Press one key."""
        self.page.keyboard.press(key)
        self.keys += 1

    def reach(self, selector: str, key: str = "Tab") -> None:
        """Press the tab key (or Shift+Tab) until it has the focus; raises Lost where it never gets it."""
        target = self._seen(selector)
        for _press in range(_MOST_TABS):
            if target.evaluate(_FOCUSED):
                return
            self.press(key)
        raise Lost(f"The tab key does not lead to {selector}.")

    def choose(self, selector: str) -> None:
        """Reach a button or link and press Enter."""
        self.reach(selector)
        self.press("Enter")

    def type(self, selector: str, words: str) -> None:
        """Type into a field as soon as it has the focus, as a phone's keyboard comes up then."""
        target = self._seen(selector)
        for _attempt in range(_ATTEMPTS):
            if target.evaluate(_FOCUSED):
                break
            self.page.wait_for_timeout(_PAUSE)
        else:
            raise Lost(f"{selector} has not got the focus.")
        self.page.keyboard.type(words)
        self.letters += len(words)

    def see(self, selector: str) -> None:
        """Wait until it is visible."""
        self._seen(selector)

    @property
    def _window(self) -> tuple[int, int]:
        size = self.page.viewport_size
        if size is None:
            raise Lost("The page has no window.")
        return size["width"], size["height"]

    def _begun(self, request: Request) -> None:
        self._under_way.add(request)

    def _over(self, request: Request) -> None:
        self._under_way.discard(request)

    def _is_free(self, target: Locator) -> bool:
        """Whether all of it is in the window and nothing lies on its middle."""
        box = self._resting(target)
        width, height = self._window
        is_inside = box[0] >= 0 and box[1] >= 0 and box[0] + box[2] <= width and box[1] + box[3] <= height
        return is_inside and bool(target.evaluate(_UNCOVERED, list(_middle(box))))

    def _seen(self, selector: str) -> Locator:
        target = self.page.locator(selector).filter(visible=True).first
        target.wait_for(state="visible")
        return target

    def _resting(self, target: Locator) -> Box:
        """Where it lies once it moves no more."""
        seen: list[Box | None] = []
        for _attempt in range(_ATTEMPTS):
            box = target.bounding_box()
            seen.append(None if box is None else (box["x"], box["y"], box["width"], box["height"]))
            last = seen[-_AT_REST:]
            is_resting = len(last) == _AT_REST and len(set(last)) == 1
            if is_resting and last[0] is not None and self.page.evaluate(_MOVING) == 0:
                return last[0]
            self.page.wait_for_timeout(_PAUSE)
        raise Lost("It does not come to rest.")


def _middle(box: Box) -> tuple[float, float]:
    return box[0] + box[2] / 2, box[1] + box[3] / 2
