"""A map of many contributions that is moved: frames, blocked moments, what is loaded for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from playwright.sync_api import Browser, Page

from benchmarks.browsing.visitors import visitor, wait_until_ready
from benchmarks.browsing.wire import Answer, Wire
from benchmarks.running.server import Server

SLOW_FRAME: Final = 50.0
"""Milliseconds from which on a frame is felt."""
_FRAMES: Final = """() => {
  const noted = { frames: [], tasks: [] };
  const note = ({ duration }) => noted.tasks.push(duration);
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
  observer.observe({ type: "longtask" });
  let before = performance.now();
  let isOver = false;
  const step = (now) => {
    if (isOver) return;
    noted.frames.push(now - before);
    before = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame((now) => { before = now; requestAnimationFrame(step); });
  globalThis.stopFrames = () => { isOver = true; observer.disconnect(); return noted; };
}"""
_STOP: Final = "() => globalThis.stopFrames()"
_AFTERWARDS: Final = 600
"""Milliseconds after each movement that count to it: the map slides on, loads and draws."""
_STEPS: Final = 30
_BY: Final = 12
"""Pixels of each step of the pointer."""
_NOTCH: Final = 120
"""Of the mouse's wheel."""
# Directions of the drags, and notches of the wheel before each: in, around, in, around, out again.
_TOUR: Final = (
    *((0, (-1, 0)), (0, (0, -1)), (2, (1, 0)), (0, (0, 1)), (2, (-1, -1)), (0, (1, 0))),
    *((2, (0, -1)), (0, (-1, 0)), (-3, (1, 1)), (-3, (-1, 0))),
)


@dataclass
class Moved:
    """What happened: milliseconds between frames, long tasks, answers before and during the movements."""

    first: Sequence[Answer]
    frames: list[float] = field(default_factory=list)
    tasks: list[float] = field(default_factory=list)
    loaded: Sequence[Answer] = ()

    @property
    def share_of_slow_frames(self) -> float:
        return sum(frame > SLOW_FRAME for frame in self.frames) / max(1, len(self.frames))

    def percentile(self, share: float) -> float:
        return float(np.percentile(self.frames, share))


def moved(browser: Browser, server: Server, slug: str) -> Moved:
    """Open a campaign's map at a desk, and move and zoom it with the mouse."""
    path = f"/campaigns/{slug}/"
    server.get(path)  # the extent of a million is looked for once
    with visitor(browser, server, "desk") as context:
        page = context.new_page()
        wire = Wire(page)
        page.goto(path)
        wait_until_ready(page)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(_AFTERWARDS)
        made = Moved([one for one in wire.answers() if one.is_data])
        wire.forget()
        for notches, direction in _TOUR:
            if notches:
                _note(page, made, lambda count=notches: _zoom(page, count))
            _note(page, made, lambda way=direction: _drag(page, way))
        page.wait_for_load_state("networkidle")
        made.loaded = [one for one in wire.answers() if one.is_data]
        return made


def _note(page: Page, made: Moved, movement: Any) -> None:
    page.evaluate(_FRAMES)
    movement()
    page.wait_for_timeout(_AFTERWARDS)
    noted = page.evaluate(_STOP)
    made.frames += noted["frames"]
    made.tasks += noted["tasks"]


def _middle(page: Page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    if box is None:
        raise RuntimeError("There is no map.")
    return box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2


def _drag(page: Page, direction: tuple[int, int]) -> None:
    x, y = _middle(page)
    x, y = x - direction[0] * _STEPS * _BY / 2, y - direction[1] * _STEPS * _BY / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, _STEPS + 1):
        page.mouse.move(x + direction[0] * step * _BY, y + direction[1] * step * _BY)
        page.wait_for_timeout(8)
    page.mouse.up()


def _zoom(page: Page, notches: int) -> None:
    page.mouse.move(*_middle(page))
    for _notch in range(abs(notches)):
        page.mouse.wheel(0, -_NOTCH if notches > 0 else _NOTCH)
        page.wait_for_timeout(120)
