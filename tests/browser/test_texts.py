"""A text in a browser: read on a phone, discussed by keyboard and without JavaScript; its pages judged by axe."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from mapping.models import Campaign, Comment, Support
from tests import personas
from tests.browser.judge import Judge
from tests.personas import Citizen
from tests.texts.making import Put, kept, make_suggestion, make_text, put_version, sections_of
from texts.models import Fate, Suggestion, Text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]
AGO = timezone.now() - timedelta(days=20)


@pytest.fixture
def text(transactional_db: None) -> Text:
    """A text of two versions with comments and suggestions of every fate, open for more."""
    campaign = personas.make_open_at_once("guidelines-town", title="Guidelines", with_categories=False)
    text = make_text(campaign, title="Guidelines for the square", description="What **we** want.", at=AGO)
    first, second, _traffic = kept(text)
    section = sections_of(text)[0]
    assert section.contribution is not None
    for number, fate in enumerate(Fate):
        suggestion = make_suggestion(section, "three trees", f"{number} trees, and more of them")
        if fate != Fate.OPEN:
            suggestion.fate, suggestion.reason, suggestion.decided_at = fate, "There is room.", timezone.now()
            suggestion.save()
    Comment.objects.update(created_at=AGO + timedelta(days=1))
    put_version(
        text,
        [Put("Aims", first.body.replace("three", "four"), 1, first.section), second, Put("Water", "A well.")],
        note="A well instead of the traffic.",
        at=AGO + timedelta(days=2),
    )
    personas.make_comment(section.contribution, "I like it.")
    return text


def address(text: Text, path: str = "") -> str:
    return f"/campaigns/{text.campaign.slug}/texts/{text.category.slug}/{path}"


def test_citizen_reads_and_discusses_on_a_phone(visit: type_of_visit, text: Text) -> None:
    page = visit("phone")
    page.goto(f"/campaigns/{text.campaign.slug}/")
    page.get_by_role("navigation", name="Parts of this page").get_by_role("link", name="Text").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Guidelines for the square")
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Water").click()
    expect(page.get_by_role("heading", name="2 Water")).to_be_in_viewport()
    section = page.locator("section", has=page.get_by_role("heading", name="2 Water"))
    section.get_by_role("button", name="Support").click()
    expect(section.get_by_role("button", name="Support")).to_have_attribute("aria-pressed", "true")
    section.locator("summary", has_text="Comment").click()
    section.get_by_label("Your comment on 2").fill("With a roof, please.")
    section.get_by_role("button", name="Send comment").click()
    expect(section.get_by_text("With a roof, please.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Support.objects.count() == 1


def test_words_are_selected_to_suggest_others(visit: type_of_visit, text: Text) -> None:
    page = visit("desktop")
    page.goto(address(text))
    words = page.get_by_text("The square gets four trees.")
    words.evaluate(
        """(element) => {
            const range = document.createRange();
            const start = element.firstChild.data.indexOf("four");
            range.setStart(element.firstChild, start);
            range.setEnd(element.firstChild, start + 4);
            document.getSelection().removeAllRanges();
            document.getSelection().addRange(range);
        }"""
    )
    page.get_by_role("link", name="Suggest a wording for these words").click()
    expect(page.locator("mark")).to_have_text("four")
    page.get_by_label("What shall stand there instead").fill("fourteen")
    page.get_by_label("Why?").fill("It is hot there.")
    page.get_by_role("button", name="Send suggestion").click()
    expect(page.locator("ins", has_text="fourteen")).to_be_visible()
    made = Suggestion.objects.latest("pk")
    assert (made.exact, made.replacement) == ("four", "fourteen")


def test_selecting_nothing_of_a_section_offers_nothing(visit: type_of_visit, text: Text) -> None:
    page = visit("desktop")
    page.goto(address(text))
    page.get_by_role("heading", level=1).select_text()
    expect(page.get_by_role("link", name="Suggest a wording for these words")).to_be_hidden()


def test_keyboard_alone_comments_and_suggests(visit: type_of_visit, text: Text) -> None:
    page = visit("desktop")
    page.goto(address(text, f"{sections_of(text)[2].pk}/"))
    page.get_by_label("Your comment on 2").focus()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("By keyboard")).to_be_visible()
    page.get_by_role("link", name="Suggest a wording", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("The section as you would write it").focus()
    page.keyboard.press("End")
    page.keyboard.type(" It is open for all.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("ins", has_text="open for all")).to_be_visible()


def test_everything_works_without_javascript(visit: type_of_visit, text: Text) -> None:
    page = visit("phone", java_script_enabled=False)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    page.goto(address(text))
    section = page.locator("section", has=page.get_by_role("heading", name="2 Water"))
    section.get_by_role("link", name="Suggest a wording").click()
    field = page.get_by_label("The section as you would write it")
    expect(field).to_have_value("A well.")
    page.get_by_role("button", name="Send suggestion").click()
    expect(page.get_by_text("These are the words that stand there already")).to_be_visible()
    field.fill("A well with a roof.")
    page.get_by_role("button", name="Send suggestion").click()
    expect(page.locator("ins", has_text="with a roof")).to_be_visible()
    assert "#section-" in page.url


def test_pages_of_texts_pass_axe(
    visit: type_of_visit, device: str, text: Text, citizen: Citizen, campaign: Campaign
) -> None:
    page = visit(device, citizen=citizen)
    page.watch.allow("status of 410")  # type: ignore[attr-defined]
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    first = sections_of(text)[0]
    gone = text.sections.get(gone_since__isnull=False)
    for path in (
        *("", "?version=1", "versions/", "versions/1/2/", "versions/1/2/?all"),
        *(
            f"{first.pk}/",
            f"{gone.pk}/",
            f"{first.pk}/suggest/",
            f"{first.pk}/suggest/?start=4&end=10&version=2",
        ),
    ):
        judge.open(address(text, path), path)
    page.goto(address(text, f"{first.pk}/suggest/"))
    page.get_by_role("button", name="Send suggestion").click()
    judge.judge("a suggestion that changes nothing")
    make_text(text.campaign, slug="rules")
    judge.open(f"/campaigns/{text.campaign.slug}/texts/", "list")
    assert not judge.found, "\n".join(judge.found)


def test_moderator_publishes_a_suggestion_from_the_queue(
    visit: type_of_visit, campaign: Campaign, moderator: User, citizen: Citizen
) -> None:
    text = make_text(campaign)
    section = sections_of(text)[0]
    page = visit("phone", citizen=citizen)
    page.goto(address(text, f"{section.pk}/suggest/"))
    field = page.get_by_label("The section as you would write it")
    field.fill("The square gets ten trees.\n\nIt stays a place for everybody.")
    page.get_by_role("button", name="Send suggestion").click()
    expect(page.get_by_text("Yours, waiting for review")).to_be_visible()
    staff = visit("desktop", user=moderator)
    staff.goto(f"/planning/{campaign.slug}/queue/?kind=comments")
    expect(staff.get_by_text("+ ten").first).to_be_visible()
    staff.get_by_role("region", name="In view").get_by_role("button", name="Publish").click()
    expect(staff.locator(".message", has_text="Published.")).to_be_visible()
    page.reload()
    expect(page.locator("ins", has_text="ten").first).to_be_visible()
    expect(page.get_by_text("Yours, waiting for review")).to_be_hidden()
