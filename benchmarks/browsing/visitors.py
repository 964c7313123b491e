"""Chromium, and visitors with a phone or at a desk who allow their position."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.running.server import HOST, Server

Device = Literal["phone", "desk"]
DEVICES: Final[dict[Device, dict[str, Any]]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
    "desk": {"viewport": {"width": 1440, "height": 900}},
}
PLACE: Final = (7.7689, 49.4447)
"""Where visitors stand (EPSG:4326), in the middle of the demo's city."""
_ACCURACY: Final = 12
"""Metres."""
_NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
)
READY: Final = "campaign-page.is-ready"
_PATIENCE: Final = 120_000
"""Milliseconds, for slow networks."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser, from `CHROMIUM` or of the system."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        raise SystemExit("Chromium is missing: install it, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser, server: Server, device: Device) -> Iterator[BrowserContext]:
    """Somebody new: no cookies, nothing kept, the position allowed, service workers as usual."""
    context = browser.new_context(
        base_url=f"http://{HOST}:{server.port}",
        locale="de-DE",
        permissions=["geolocation"],
        geolocation={"longitude": PLACE[0], "latitude": PLACE[1], "accuracy": _ACCURACY},
        **DEVICES[device],
    )
    context.set_default_timeout(_PATIENCE)
    context.set_default_navigation_timeout(_PATIENCE)
    try:
        yield context
    finally:
        context.close()


def wait_until_ready(page: Page) -> None:
    """Return when the campaign's page has its map, what lies on it, and a live button for marking a place."""
    page.locator(READY).wait_for(state="attached")
