"""Text at 200 % on a small phone (WCAG 2.2, 1.4.4): nothing is cut, nothing scrolls sideways, all can be reached."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign
from tests import personas
from tests.browser.steps import begin, open_campaign, send, show_list, tap, tap_map, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

# As soon as the page has begun, before anything is measured.
DOUBLE = """new MutationObserver((_changes, observer) => {
    document.documentElement.style.fontSize = '200%';
    observer.disconnect();
}).observe(document, { childList: true })"""
# Words that lie outside the window or outside of what cuts them, unless that can be scrolled.
CUT = """() => {
    const found = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = words.nextNode(); text; text = words.nextNode()) {
        const parent = text.parentElement;
        const isSeen = parent.checkVisibility({ visibilityProperty: true, opacityProperty: true });
        // The sources of the map are named in full wherever no place is being marked.
        if (!text.data.trim() || !isSeen || parent.closest('svg, .leaflet-container, .skip-link')) continue;
        const range = document.createRange();
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        for (let around = parent; around; around = around.parentElement) {
            const edge = around === document.body ? { left: 0, right: innerWidth } : around.getBoundingClientRect();
            const { overflowX, overflowY } = getComputedStyle(around);
            if (edge.right - edge.left <= 2) break;  // for screen readers only
            if (['auto', 'scroll'].includes(overflowX) && around.scrollWidth > around.clientWidth) break;
            const isAside = box.left < edge.left - 1 || box.right > edge.right + 1;
            const isBelow = box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
            const cuts = around === document.body || ['hidden', 'clip', 'auto', 'scroll'].includes(overflowX);
            if ((isAside && cuts) || (isBelow && ['hidden', 'clip'].includes(overflowY))) {
                found.push(`${text.data.trim()}: cut by <${around.localName} class="${around.className}">`);
                break;
            }
        }
    }
    const name = document.querySelector('.site-name__words').getBoundingClientRect();
    const tools = document.querySelector('.site-header__tools').getBoundingClientRect();
    if (name.width > 0 && name.right > tools.left && name.bottom > tools.top) found.push('the header lies on itself');
    return found;
}"""


@pytest.fixture
def phone(visit: type_of_visit) -> Page:
    """A phone whose text is twice as large, on every page."""
    phone = visit("phone")
    phone.add_init_script(DOUBLE)
    return phone


def is_large(page: Page) -> bool:
    return bool(page.evaluate("getComputedStyle(document.documentElement).fontSize === '32px'"))


def test_a_contribution_is_made_with_text_at_200_percent(phone: Page, topics: Campaign) -> None:
    phone.watch.allow("status of 400")  # type: ignore[attr-defined]
    open_campaign(phone, topics)
    assert is_large(phone)
    assert phone.evaluate(CUT) == []
    begin(phone)
    expect(phone.get_by_role("heading", name="What is it about?")).to_be_focused()
    assert phone.evaluate(CUT) == []
    phone.get_by_role("button", name="Survey").click()
    expect(phone.get_by_role("heading", name="Where is it?")).to_be_focused()
    assert phone.evaluate(CUT) == []
    # The cross is not covered by the panel or by the names of the map's sources.
    on_map = """() => {
        const { left, top, width, height } = document.querySelector('[data-crosshair]').getBoundingClientRect();
        return [0.1, 0.5, 0.9].every((part) => document.elementFromPoint(left + width / 2, top + part * height)
            .matches('#map, #map .leaflet-pane *'));
    }"""
    assert phone.evaluate(on_map)
    tap(phone, phone.get_by_role("button", name="Cancel"))
    begin(phone, "Survey")
    tap_map(phone, personas.TOWN_HALL)
    tap(phone, phone.get_by_role("button", name="Continue", exact=True))
    expect(phone.get_by_role("heading", name="Survey")).to_be_focused()
    assert phone.evaluate(CUT) == []
    tap(phone, phone.get_by_role("button", name="Send", exact=True))
    form = phone.locator("form[data-form='survey']")
    expect(form.get_by_text("Please fill in this field.")).to_be_in_viewport()
    assert phone.evaluate(CUT) == []
    form.get_by_role("group", name="Yes or no").get_by_label("Yes").check()
    send(phone)
    thanked(phone)
    assert is_large(phone)
    assert phone.evaluate(CUT) == []


def test_title_and_list_of_a_campaign_are_reached_with_text_at_200_percent(
    phone: Page, topics: Campaign
) -> None:
    topics.title = "Where should the city become a better place for everybody who walks?"
    topics.save()
    for number in range(6):
        personas.make_contribution(topics, text=f"Spot {number}")
    open_campaign(phone, topics)
    assert phone.evaluate(CUT) == []
    first = phone.get_by_role("link", name="Mark a place")
    first.scroll_into_view_if_needed()
    expect(first).to_be_in_viewport(ratio=0.99)
    show_list(phone)
    # Whoever chose the list sees it, not the title alone.
    tools = phone.get_by_role("searchbox", name="Search in this list")
    expect(tools).to_be_in_viewport(ratio=0.99)
    item = phone.locator("[data-list] > li").last
    item.scroll_into_view_if_needed()
    expect(item).to_be_in_viewport(ratio=0.99)
    assert phone.evaluate(CUT) == []


def test_scale_makes_way_for_the_topics_at_400_percent(visit: Callable[..., Page], topics: Campaign) -> None:
    page = visit("phone", viewport={"width": 320, "height": 256})
    open_campaign(page, topics)
    expect(page.locator("[data-part='filter']").get_by_text("Spot")).to_be_visible()
    expect(page.locator(".leaflet-control-scale")).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".leaflet-control-scale")).to_be_visible()
