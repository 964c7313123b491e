"""Ideas in a browser: sorted and searched, similar ones while writing, answers and support for comments, reports."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mapping.models import Campaign, CommentSupport, Flag, Support
from tests import personas

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BENCHES = "Mehr Bänke im Stadtpark aufstellen, damit sich ältere Menschen ausruhen."


@pytest.fixture
def ideas(transactional_db: None) -> Campaign:
    """A campaign of ideas without a map, published at once."""
    campaign = personas.make_campaign("ideas", title="Ideas", moderation="post")
    campaign.categories.exclude(slug="idea").delete()
    for text in (BENCHES, *(f"Idea {number}" for number in range(7))):
        personas.make_contribution(campaign, None, category="idea", text=text)
    personas.make_support(campaign.contributions.get(text="Idea 3"))
    return campaign


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_ideas_are_sorted_and_searched_without_leaving_the_page(
    visit: Callable[..., Page], device: str, ideas: Campaign
) -> None:
    page = visit(device)
    page.goto("/campaigns/ideas/")
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    first = page.locator("[data-list] .contribution-item__link").first
    page.get_by_label("Sort by").select_option("supported")
    expect(first).to_have_text("Idea 3")
    page.get_by_role("searchbox", name="Search in this list").fill("bänke")
    page.keyboard.press("Enter")
    expect(first).to_have_text(BENCHES)
    expect(page.locator("[data-list] > li")).to_have_count(1)
    expect(page.get_by_role("searchbox", name="Search in this list")).to_be_focused()
    expect(page).to_have_url(re.compile(r"q=b%C3%A4nke&ordering=supported"))
    page.reload()
    expect(first).to_have_text(BENCHES)
    page.get_by_role("link", name="Show all").first.click()
    expect(page.locator("[data-list] > li")).to_have_count(8)


def test_similar_ideas_are_shown_while_writing_and_supported(
    visit: Callable[..., Page], ideas: Campaign
) -> None:
    page = visit("phone")
    page.goto("/campaigns/ideas/")
    expect(page.locator("campaign-page.is-ready")).to_be_attached()
    page.get_by_role("link", name="Share an idea").click()
    field = page.locator("textarea[name=text]")
    field.fill("Bitte Bänke im Stadtpark!")
    similar = page.locator(".similar")
    expect(similar.get_by_role("link", name=BENCHES)).to_be_visible()
    button = similar.get_by_role("button", name="Support")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert Support.objects.filter(contribution__text=BENCHES).count() == 1
    field.fill("Etwas ganz anderes")
    expect(similar).to_be_hidden()


def test_a_comment_is_answered_supported_and_reported(visit: Callable[..., Page], ideas: Campaign) -> None:
    stored = ideas.contributions.get(text=BENCHES)
    comment = personas.make_comment(stored, "Where exactly?")
    page = visit("phone")
    page.goto(f"/campaigns/ideas/#c-{stored.pk}")
    page.get_by_text("Answer this comment").click()
    page.get_by_label("Your answer").fill("At the pond.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.locator(".comment-list--answers").get_by_text("At the pond.")).to_be_visible()
    button = page.get_by_role("button", name="Support this comment").first
    button.click()
    expect(page.get_by_role("button", name="Support this comment").first).to_have_attribute(
        "aria-pressed", "true"
    )
    assert CommentSupport.objects.get().comment == comment
    page.get_by_role("link", name="Report this comment").first.click()
    page.get_by_label("It insults or discriminates against people.").check()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("Our moderators will look at it.")).to_be_visible()
    assert Flag.objects.get().comment == comment
