"""What stories without a network do again and again."""

from typing import Any

from playwright.sync_api import Page, expect

from mapping.models import Campaign
from tests import personas
from tests.browser.steps import begin, open_campaign, send, tap_map

QUESTION = "What would you like to tell us?"
WORDS = "Written in a tunnel"
UNTIL_KEPT = """async (path) => {
    await navigator.serviceWorker.ready;
    const isKept = async (one) => !one || (await caches.match(one)) !== undefined;
    // What the page loaded of the ground is kept last.
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const tiles = loaded.filter((name) => name.includes("/ground/"));
    const isReady = async () => navigator.serviceWorker.controller &&
        (await Promise.all(["/offline/", path, ...(path ? tiles : [])].map(isKept))).every(Boolean);
    for (let attempt = 0; attempt < 200; attempt += 1) {
        if (await isReady()) return true;
        await new Promise((done) => setTimeout(done, 50));
    }
    return false;
}"""
ON_DEVICE = """async () => {
    const waiting = await new Promise((resolve) => {
        const request = indexedDB.open("outbox");
        request.onupgradeneeded = () => request.transaction.abort();
        request.onerror = () => resolve([]);
        request.onsuccess = () => {
            const all = request.result.transaction("items").objectStore("items").getAll();
            all.onsuccess = () => { request.result.close(); resolve(all.result); };
        };
    });
    const kept = [];
    for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) kept.push(url.slice(location.origin.length));
    }
    return {
        waiting: waiting.map(({ id }) => id),
        kept,
        drafts: [localStorage, sessionStorage].flatMap((one) => Object.keys(one)),
    };
}"""


def on_device(page: Page) -> dict[str, list[str]]:
    """What lies in the queue, in the worker's caches and in both storages."""
    found: dict[str, list[str]] = page.evaluate(ON_DEVICE)
    return found


def write(page: Page, words: str = WORDS) -> None:
    begin(page)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label(QUESTION).fill(words)


def let_wait(page: Page, campaign: Campaign, words: str = WORDS) -> None:
    """A contribution that could not be sent; the network is back afterwards."""
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    open_campaign(page, campaign)
    write(page, words)
    page.route("**/contributions/", lambda route: route.abort())
    send(page)
    expect(page.get_by_role("heading", name="Kept on this device")).to_be_visible()
    expect(bar(page)).to_contain_text("1 contribution waits on this device.")
    page.unroute("**/contributions/")


def bar(page: Page) -> Any:
    return page.get_by_role("region", name="On this device", exact=True)


def arrived(page: Page) -> None:
    expect(bar(page)).to_contain_text("1 contribution has arrived.")
