"""What an unfinished contribution leaves in the browser, for how long, and how it is forgotten."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, Contribution, Publication
from tests import personas
from tests.browser.steps import begin, open_campaign, send, tap_map, thanked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "I am afraid here."
OFFER = "You have begun a contribution."


def kept(page: Page) -> list[dict[str, str]]:
    """What lies in the browser's storage and in the tab's."""
    found: list[dict[str, str]] = page.evaluate("[localStorage, sessionStorage].map((one) => ({...one}))")
    return [
        {key: value for key, value in one.items() if key.startswith("contribution-draft:")} for one in found
    ]


def write(page: Page, campaign: Campaign, words: str = WORDS) -> None:
    open_campaign(page, campaign)
    begin(page)
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("What would you like to tell us?").fill(words)


def key_of(found: dict[str, str], campaign: Campaign) -> str:
    """The key of the only draft, which ends in its id."""
    (key,) = found
    assert key.startswith(f"contribution-draft:{campaign.slug}:")
    assert key.endswith(json.loads(found[key])["id"])
    return key


def protect(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(publication=Publication.CELLS)


def test_unfinished_contribution_is_there_in_another_tab(page: Page, spots: Campaign) -> None:
    write(page, spots)
    expect(page.get_by_text("kept on this device, for 14 days at most")).to_be_visible()
    in_browser, in_tab = kept(page)
    assert WORDS in in_browser[key_of(in_browser, spots)]
    assert in_tab == {}
    later = page.context.new_page()
    page.goto("about:blank")
    open_campaign(later, spots)
    later.get_by_role("button", name="Continue").click()
    expect(later.get_by_label("What would you like to tell us?")).to_have_value(WORDS)
    send(later)
    thanked(later)
    assert kept(later) == [{}, {}]


def test_unfinished_contribution_of_a_protected_campaign_stays_in_its_tab(
    page: Page, spots: Campaign
) -> None:
    protect(spots)
    write(page, spots)
    expect(page.get_by_text("kept in this tab only")).to_be_visible()
    in_browser, in_tab = kept(page)
    assert in_browser == {}
    assert WORDS in in_tab[key_of(in_tab, spots)]
    # A page loaded again loses nothing.
    open_campaign(page, spots)
    expect(page.get_by_text(OFFER)).to_be_visible()

    later = page.context.new_page()
    open_campaign(later, spots)
    expect(later.get_by_text(OFFER)).to_be_hidden()
    assert kept(later) == [{}, {}]


@pytest.mark.parametrize("is_protected", [False, True])
def test_button_forgets_what_was_entered(page: Page, spots: Campaign, *, is_protected: bool) -> None:
    if is_protected:
        protect(spots)
    write(page, spots)
    page.get_by_role("button", name="Forget it").click()
    expect(page.locator("[data-announce]")).to_have_text("What you entered is deleted from this device.")
    assert kept(page) == [{}, {}]
    expect(page.get_by_text(OFFER)).to_be_hidden()
    begin(page)
    tap_map(page, personas.STATION)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("What would you like to tell us?")).to_have_value("")


def test_draft_kept_before_a_campaign_was_protected_is_forgotten(page: Page, spots: Campaign) -> None:
    write(page, spots)
    # Nobody looks for similar places any more: a protected campaign refuses to.
    page.goto("about:blank")
    protect(spots)
    open_campaign(page, spots)
    assert kept(page) == [{}, {}]


def test_draft_of_another_campaign_is_forgotten_after_two_weeks(
    desktop: Page, spots: Campaign, topics: Campaign
) -> None:
    write(desktop, spots)
    key = key_of(kept(desktop)[0], spots)
    age: dict[str, Any] = {"key": key, "days": 13}
    grow = """({key, days}) => {
        const draft = JSON.parse(localStorage.getItem(key));
        localStorage.setItem(key, JSON.stringify({...draft, savedAt: Date.now() - days * 86400000}));
    }"""
    desktop.evaluate(grow, age)
    open_campaign(desktop, topics)
    assert list(kept(desktop)[0]) == [key]
    desktop.evaluate(grow, age | {"days": 15})
    open_campaign(desktop, topics)
    assert kept(desktop) == [{}, {}]


def test_several_begun_contributions_are_listed_continued_and_discarded(page: Page, spots: Campaign) -> None:
    for words in ("First one", "Second one", "Third one"):
        write(page, spots, words)
        page.get_by_role("button", name="Cancel").click()
    offer = page.locator("[data-drafts]")
    offer.get_by_text("You have begun 3 contributions.").click()
    rows = offer.get_by_role("listitem")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("Spot · Third one")
    rows.filter(has_text="Third one").get_by_role("button", name="Discard").click()
    offer.get_by_text("You have begun 2 contributions.").click()
    rows.filter(has_text="First one").get_by_role("button", name="Continue").click()
    expect(page.get_by_label("What would you like to tell us?")).to_have_value("First one")
    send(page)
    thanked(page)
    open_campaign(page, spots)
    expect(page.get_by_text(OFFER)).to_be_visible()
    (left,) = kept(page)[0].values()
    assert "Second one" in left


def test_second_tab_works_on_a_copy_and_both_are_stored(desktop: Page, spots: Campaign) -> None:
    write(desktop, spots, "One bench")
    other = desktop.context.new_page()
    open_campaign(other, spots)
    other.get_by_role("button", name="Continue").click()
    expect(other.get_by_text("This contribution is open in another tab.").first).to_be_visible()
    other.get_by_label("What would you like to tell us?").fill("Two benches")
    send(other)
    thanked(other)
    send(desktop)
    thanked(desktop)
    assert set(Contribution.objects.values_list("text", flat=True)) == {"One bench", "Two benches"}
    assert kept(other) == [{}, {}]


def test_full_storage_is_told_and_the_page_keeps_everything(desktop: Page, spots: Campaign) -> None:
    desktop.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    write(desktop, spots)
    expect(desktop.get_by_text("This device has no room for a draft").first).to_be_visible()
    expect(desktop.get_by_text("kept on this device, for 14 days")).to_be_hidden()
    send(desktop)
    thanked(desktop)
    assert Contribution.objects.get().text == WORDS


@pytest.mark.parametrize("values", [None, "words", {"text": "no list"}, {"text": [None]}])
def test_damaged_draft_stops_nobody(desktop: Page, spots: Campaign, values: object) -> None:
    draft = {"id": "0192f0a0-0000-7000-8000-000000000001", "category": "spot", "savedAt": 4102444800000}
    key = f"contribution-draft:{spots.slug}:{draft['id']}"
    desktop.goto("/help/")
    desktop.evaluate(
        "([key, draft]) => localStorage.setItem(key, JSON.stringify(draft))",
        [key, draft | {"values": values}],
    )
    write(desktop, spots)
    send(desktop)
    thanked(desktop)
    assert Contribution.objects.get().text == WORDS


def test_words_of_a_topic_that_was_closed_go_along_to_another_one(page: Page, topics: Campaign) -> None:
    open_campaign(page, topics)
    begin(page, "Spot")
    tap_map(page, personas.TOWN_HALL)
    page.get_by_role("button", name="Continue").click()
    page.locator("form[data-form='spot']").get_by_label("What would you like to tell us?").fill(WORDS)
    topics.categories.filter(slug="spot").update(takes_contributions=False)
    page.reload()
    expect(
        page.get_by_text("The topic that you began with takes no contributions any more.").last
    ).to_be_visible()
    open_campaign(page, topics)
    expect(page.get_by_text(OFFER)).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Anything").click()
    page.get_by_role("button", name="Continue").click()
    expect(
        page.locator("form[data-form='anything']").get_by_label("What would you like to tell us?")
    ).to_have_value(WORDS)
    send(page)
    thanked(page)
    stored = Contribution.objects.get()
    assert (stored.category.slug, stored.text) == ("anything", WORDS)
    assert kept(page) == [{}, {}]


def test_where_the_words_stay_is_said_as_it_is(desktop: Page, spots: Campaign) -> None:
    """A protected campaign keeps them in the tab alone, also when the network is lost."""
    protect(spots)
    desktop.watch.allow("ERR_")  # type: ignore[attr-defined]
    write(desktop, spots)
    desktop.route("**/contributions/", lambda route: route.abort())
    send(desktop)
    expect(desktop.get_by_text("please leave it open and send it again")).to_be_visible()
    expect(desktop.get_by_text("is kept on this device; you can send it again")).to_be_hidden()
