"""What depends on the device: room that it has or not, what it is asked for, and when it sends."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Contribution, Photo, Publication
from tests.browser.offline.steps import QUESTION, WORDS, arrived, let_wait, on_device, write
from tests.browser.steps import add_photo, open_campaign, send, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]

# As browsers do where the disk is full: what was written is taken back when the transaction ends.
FULL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...values) {
    const request = put.apply(this, values);
    this.transaction.abort();
    return request;
};
Storage.prototype.setItem = () => { throw new DOMException("", "QuotaExceededError"); };
"""
COUNTING = """
window.asked = 0;
StorageManager.prototype.persist = async () => { window.asked += 1; return true; };
"""
SEEN = """(state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_where_storage_is_full_the_form_keeps_everything_and_says_so(
    visit: type_of_visit, spots: Campaign
) -> None:
    page = visit("phone")
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    page.add_init_script(FULL)
    open_campaign(page, spots)
    write(page)
    expect(page.locator("[data-not-kept]")).to_contain_text("This device has no room for a draft")
    expect(page.locator("[data-not-kept]")).to_be_visible()
    add_photo(page)
    page.route("**/contributions/", lambda route: route.abort())
    send(page)
    problem = page.get_by_role("alert")
    expect(problem.get_by_text("Everything is still in this page; please leave it open")).to_be_visible()
    assert on_device(page)["waiting"] == []
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)
    expect(page.get_by_role("img", name="bench.jpg")).to_be_visible()
    page.unroute("**/contributions/")
    send(page)
    thanked(page)
    assert Contribution.objects.get().text == WORDS
    assert Photo.objects.count() == 1


def test_photo_that_no_draft_holds_is_not_said_to_be_kept(visit: type_of_visit, spots: Campaign) -> None:
    """Drafts hold words; only the queue holds photos."""
    page = visit("desktop")
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    page.add_init_script(FULL.rpartition("Storage.prototype")[0])
    open_campaign(page, spots)
    write(page)
    page.route("**/contributions/", lambda route: route.abort())
    send(page)
    problem = page.get_by_role("alert")
    expect(problem.get_by_text("What you entered is kept on this device")).to_be_visible()
    add_photo(page)
    send(page)
    expect(problem.get_by_text("Everything is still in this page; please leave it open")).to_be_visible()


def test_protected_contribution_that_finds_no_room_to_wait_stays_in_the_page(
    visit: type_of_visit, spots: Campaign
) -> None:
    Campaign.objects.filter(pk=spots.pk).update(publication=Publication.CELLS)
    page = visit("phone")
    page.watch.allow("ERR_")  # type: ignore[attr-defined]
    page.add_init_script(FULL)
    open_campaign(page, spots)
    write(page)
    page.route("**/contributions/", lambda route: route.abort())
    send(page)
    page.get_by_role("button", name="Let it wait on this device").click()
    expect(page.get_by_role("alert").get_by_text("This device does not keep it.")).to_be_visible()
    expect(page.get_by_label(QUESTION)).to_have_value(WORDS)
    page.unroute("**/contributions/")
    send(page)
    thanked(page)
    assert Contribution.objects.get().text == WORDS


def test_device_is_asked_to_keep_what_waits_and_sends_it_when_the_page_is_seen_again(
    visit: type_of_visit, spots: Campaign
) -> None:
    page = visit("phone")
    page.add_init_script(COUNTING)
    open_campaign(page, spots)
    assert page.evaluate("window.asked") == 0
    let_wait(page, spots)
    assert page.evaluate("window.asked") == 1
    page.evaluate(SEEN, "hidden")
    assert len(on_device(page)["waiting"]) == 1
    with page.expect_request(lambda request: request.method == "POST"):
        page.evaluate(SEEN, "visible")
    arrived(page)
    assert Contribution.objects.get().text == WORDS
