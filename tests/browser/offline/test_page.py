"""The page that browsers show without a network, judged by axe in both languages; what it lists."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.judge import Judge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

WORDS = {
    "en": ("No network", "These projects work without a network", "Try again"),
    "de": ("Kein Netz", "Diese Beteiligungen funktionieren ohne Netz", "Noch einmal versuchen"),
}
KEEP = """async () => {
    const cache = await caches.open("site-kept");
    const headers = { "Content-Type": "text/html" };
    await cache.put("/campaigns/trees/", new Response("<h1>Bäume für alle</h1>", { headers }));
    await cache.put("/offline/", new Response("<h1>No network</h1>", { headers }));
}"""


@pytest.mark.parametrize("language", WORDS)
def test_page_without_a_network_is_accessible_and_lists_what_is_kept(
    visit: type_of_visit, device: str, language: str, transactional_db: None
) -> None:
    title, kept, again = WORDS[language]
    page = visit(device, language=language)
    judge = Judge(page)
    judge.open("/offline/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("heading", name=kept)).to_be_hidden()
    page.evaluate(KEEP)
    page.get_by_role("button", name=again).click()
    expect(page.get_by_role("region", name=kept).get_by_role("link")).to_have_text(["Bäume für alle"])
    judge.judge("with a kept project")
    for target in (page.get_by_role("button", name=again), page.get_by_role("link", name="Bäume für alle")):
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44 or device == "desktop"
    assert not judge.found, "\n".join(judge.found)
