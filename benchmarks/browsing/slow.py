"""A campaign's page on a slow network with a slow processor: paints, readiness, shifts, blocked moments."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser

from benchmarks.browsing.flows import START
from benchmarks.browsing.hand import Hand
from benchmarks.browsing.visitors import visitor, wait_until_ready
from benchmarks.running.server import Server

KILOBITS: Final = 400
"""A second, down and up."""
LATENCY: Final = 400
"""Milliseconds that each request waits."""
SLOWDOWN: Final = 4
"""Times slower than this machine's processor."""

# Installed before the page's own scripts. Long tasks are those over 50 ms; events are the first tap's.
_WATCH: Final = """
const noted = { paint: null, largest: null, ready: null, shift: 0, tasks: [], event: 0 };
globalThis.noted = noted;
const watch = (type, note, more = {}) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...more });
watch("paint", (one) => { if (one.name === "first-contentful-paint") noted.paint = one.startTime; });
watch("largest-contentful-paint", (one) => { noted.largest = one.startTime; });
watch("layout-shift", (one) => { if (!one.hadRecentInput) noted.shift += one.value; });
watch("longtask", (one) => { noted.tasks.push(one.duration); });
watch("event", (one) => {
  if (one.interactionId) noted.event = Math.max(noted.event, one.duration);
}, { durationThreshold: 16 });
new MutationObserver((changes, observer) => {
  if (!changes.some(({ target }) => target.matches?.("campaign-page.is-ready"))) return;
  noted.ready = performance.now();
  observer.disconnect();
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["class"] });
"""
_SETTLING: Final = 1_500
"""Milliseconds after the tap until its event was noted."""


@dataclass(frozen=True)
class Visit:
    """One first visit: milliseconds since it began; the shift of the layout (CLS)."""

    first_paint: float
    largest_paint: float
    usable: float
    shift: float
    longest_task: float
    blocked: float
    """What long tasks took beyond 50 ms each, until the page was usable and the first tap answered."""
    first_tap: float
    """From the first tap to the next frame (as INP counts it)."""


def visits(browser: Browser, server: Server, path: str, rounds: int) -> Visit:
    """The median of several first visits, value by value."""
    made = [_visit(browser, server, path) for _ in range(rounds)]
    names = Visit.__dataclass_fields__
    return Visit(**{name: statistics.median(getattr(one, name) for one in made) for name in names})


def _visit(browser: Browser, server: Server, path: str) -> Visit:
    with visitor(browser, server, "phone") as context:
        page = context.new_page()
        page.add_init_script(_WATCH)
        session = context.new_cdp_session(page)
        throughput = KILOBITS * 1000 / 8
        network: dict[str, float] = {"offline": False, "latency": LATENCY}
        network |= {"downloadThroughput": throughput, "uploadThroughput": throughput}
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", network)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
        page.goto(path, wait_until="commit")
        wait_until_ready(page)
        Hand(page).tap(START)
        page.wait_for_timeout(_SETTLING)
        noted: dict[str, Any] = page.evaluate("() => globalThis.noted")
        return Visit(
            noted["paint"],
            noted["largest"],
            noted["ready"],
            noted["shift"],
            max(noted["tasks"], default=0.0),
            sum(max(0.0, task - 50) for task in noted["tasks"]),
            noted["event"],
        )
