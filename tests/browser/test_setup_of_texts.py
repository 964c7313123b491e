"""A text is made in the builder: a document read in by keyboard on a phone, published; pages judged by axe-core."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, expect

from accounts.models import User
from mapping.models import Campaign, Category
from tests.browser.judge import Judge
from tests.personas import Citizen
from tests.texts.services.setup.world import keys, new_text, published
from texts.models import Section, Text
from texts.reading.quotes import Quote
from texts.services.setup.drafts import Entry, save_section
from texts.services.suggesting import draft_of_quote, suggest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

type_of_visit = Callable[..., Page]
FIRST = FilePayload(
    name="first.md",
    mimeType="text/markdown",
    buffer=b"# Aims\n\nThe square gets trees.\n\n# Traffic\n\nBikes only.\n",
)
SECOND = FilePayload(
    name="second.md",
    mimeType="text/markdown",
    buffer=b"# Aims\n\nThe square gets oaks.\n\n# Costs\n\nMuch.\n",
)


def test_document_becomes_a_text_and_the_next_one_its_second_version(
    visit: type_of_visit, campaign: Campaign, manager: User
) -> None:
    Category.objects.create(
        campaign=campaign, slug="rules", title="Rules", geometry_types=["none"], position=8
    )
    page = visit("phone", user=manager)
    page.goto(f"/planning/{campaign.slug}/setup/text/")
    page.get_by_role("button", name=re.compile("Make it a text.*Rules")).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Document", exact=True).set_input_files(FIRST)
    page.get_by_role("button", name="Look at it").press("Enter")
    expect(page.get_by_text("2 sections were read. Nothing is stored yet.")).to_be_visible()
    page.get_by_role("button", name="Store it as the draft").press("Enter")
    page.get_by_role("link", name="Look at it and publish").press("Enter")
    page.get_by_role("button", name="Publish this version").press("Enter")
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    page.get_by_role("link", name="Read in a document").click()
    page.get_by_label("Document", exact=True).set_input_files(SECOND)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_label(re.compile("Continues.*Costs")).select_option(label="2 Traffic")
    page.get_by_role("button", name="Store it as the draft").click()
    page.get_by_role("button", name="Move “Costs” up").click()
    expect(page.get_by_role("heading", name="1 Costs")).to_be_visible()
    page.get_by_role("link", name="Look at it and publish").click()
    page.get_by_label("What changed?").fill("Costs come first.")
    page.get_by_role("button", name="Publish this version").click()
    expect(page.get_by_text("Version 2 is published.")).to_be_visible()
    text = Text.objects.get()
    assert list(keys(text)) == ["Costs", "Aims"]
    assert text.sections.count() == 2


def test_pages_of_texts_are_accessible(
    visit: type_of_visit, device: str, campaign: Campaign, manager: User, citizen: Citizen
) -> None:
    text = new_text(campaign, manager)
    published(text, manager)
    save_section(text, keys(text)["Aims"], Entry("Aims", "The square gets oaks."), actor=manager)
    section = Section.objects.select_related("contribution__campaign").get(pk=keys(text)["Aims"])
    made = suggest(section, draft_of_quote(section, Quote("", "trees", ""), "many oaks"), citizen.secret)
    page = visit(device, user=manager)
    page.watch.allow("status of 422")  # type: ignore[attr-defined]
    judge = Judge(page)
    below = f"/planning/{campaign.slug}"
    judge.open(f"{below}/setup/text/")
    for path in (
        "sections/",
        "new-section/",
        f"sections/{section.pk}/",
        f"sections/{section.pk}/drop/",
        "publish/",
    ):
        judge.open(f"{below}/setup/text/guidelines/{path}")
    judge.open(f"{below}/setup/text/guidelines/import/")
    page.get_by_role("button", name="Look at it").click()
    judge.judge("a missing document")
    page.get_by_label("Document", exact=True).set_input_files(SECOND)
    page.get_by_role("button", name="Look at it").click()
    judge.judge("a preview")
    judge.open(f"{below}/suggestions/")
    judge.open(f"{below}/suggestions/{made.comment.public_id}/")
    assert not judge.found, "\n".join(judge.found)
