"""The step of texts in the builder and the page of suggestions, as forms without JavaScript."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, CampaignChange, Category, Contribution
from tests import personas
from tests.personas import Citizen, staff_browser
from tests.texts.services.setup.world import SECTIONS, headings, keys, new_text, published
from texts.models import Fate, Section, Suggestion, Text
from texts.reading.quotes import Quote
from texts.services.setup.drafts import Entry, replace_draft
from texts.services.suggesting import draft_of_quote, suggest

PAGES = ("setup", "sections", "section-new", "section", "section-drop", "import", "publish")
MANY = [Entry(f"Section {number}", "words") for number in range(40)]
DOCUMENT = b"# Aims\n\nThe square gets many trees.\n\n# Costs\n\nTwo million.\n"


@pytest.fixture
def browser(manager: User) -> Client:
    found = staff_browser(manager)
    found.cookies["django_language"] = "en"
    return found


@pytest.fixture
def text(campaign: Campaign) -> Text:
    """Made by the operator: each test has managers of its own."""
    found = new_text(campaign, None)
    published(found, None)
    return found


def address(text: Text, page: str) -> str:
    args: list[object] = [text.campaign.slug]
    if page not in ("setup", "suggestions"):
        args.append(text.category.slug)
    if (page.startswith("section-") and page != "section-new") or page == "section":
        args.append(keys(text)["Aims"])
    return reverse(f"texts-planning:{page}", args=args)


def words(browser: Client, address: str, status: int = 200, **posted: Any) -> str:
    answer = browser.post(address, posted, follow=True) if posted else browser.get(address)
    assert answer.status_code == status
    return html.unescape(" ".join(answer.content.decode().split()))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("analyst", 403),
        ("moderator", 403),
        ("outsider", 403),
        ("manager", 200),
        ("administrator", 200),
        ("dismissed", 302),
    ],
)
def test_pages_are_for_managers(text: Text, who: str, status: int, page: str) -> None:
    user = personas.user_called(who, text.campaign)
    assert isinstance(user, User)
    assert staff_browser(user).get(address(text, page)).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("analyst", 403), ("moderator", 200), ("outsider", 403), ("manager", 200)]
)
def test_suggestions_are_for_moderators(text: Text, who: str, status: int) -> None:
    user = personas.user_called(who, text.campaign)
    assert isinstance(user, User)
    assert staff_browser(user).get(address(text, "suggestions")).status_code == status


@pytest.mark.parametrize("page", ["setup", "sections", "publish"])
def test_number_of_queries_does_not_grow(
    browser: Client, text: Text, manager: User, page: str, django_assert_num_queries: Any
) -> None:
    replace_draft(text, SECTIONS, actor=manager)
    browser.get(address(text, page))
    with CaptureQueriesContext(connection) as few:
        browser.get(address(text, page))
    replace_draft(text, [*SECTIONS, *MANY], actor=manager)
    with django_assert_num_queries(len(few)):
        browser.get(address(text, page))


def test_template_makes_a_campaign_with_a_text(browser: Client, manager: User, campaign: Campaign) -> None:
    User.objects.filter(pk=manager.pk).update(may_make_campaigns=True)
    answer = browser.post(reverse("planning:new"), {"title": "Guidelines", "start": "text"})
    assert answer.status_code == 302, answer.content.decode()
    made = Campaign.objects.get(title="Guidelines")
    assert Text.objects.of(made).count() == 1


def test_category_becomes_a_text_and_a_plain_one_again(browser: Client, campaign: Campaign) -> None:
    category = Category.objects.create(
        campaign=campaign, slug="rules", title="Rules", geometry_types=["none"], position=8
    )
    setup = reverse("texts-planning:setup", args=(campaign.slug,))
    make = reverse("texts-planning:make", args=(campaign.slug, category.slug))
    assert "Read in a document" in words(browser, make, csrf="")
    assert "Not published yet" in words(browser, setup)
    remove = reverse("texts-planning:remove", args=(campaign.slug, category.slug))
    assert "is no text any more" in words(browser, remove, csrf="")
    assert not Text.objects.exists()


def test_section_is_written_moved_dropped_and_put_back(browser: Client, text: Text) -> None:
    said = words(browser, address(text, "section"), heading="Aims", level="1", body="Other.", expected="")
    assert "Saved in the draft" in said
    assert "Draft of version 2" in said
    refused = words(browser, address(text, "section"), 422, heading="", level="1", body="Other.", expected="")
    assert "Please write a heading." in refused
    words(browser, address(text, "section-new"), heading="More", level="2", body="", expected="")
    words(browser, address(text, "sections"), do=f"up:{keys(text)['More']}")
    assert headings(text) == ["Aims", "Green", "More", "Traffic"]
    key = keys(text)["Green"]
    drop = reverse("texts-planning:section-drop", args=(text.campaign.slug, text.category.slug, key))
    assert "stays public until you publish" in words(browser, drop)
    assert "Left out of the draft" in words(browser, drop, csrf="")
    back = reverse("texts-planning:section-back", args=(text.campaign.slug, text.category.slug, key))
    words(browser, back, csrf="")
    assert headings(text)[-1] == "Green"
    assert "The draft was discarded" in words(browser, address(text, "discard"), csrf="")
    assert Contribution.objects.get(title="Aims").text == "The square gets trees."


def test_section_changed_by_somebody_else_is_saved_at_the_second_time(browser: Client, text: Text) -> None:
    posted: dict[str, Any] = {
        "heading": "Aims",
        "level": "1",
        "body": "Mine.",
        "expected": "0123456789abcdef",
    }
    refused = words(browser, address(text, "section"), 422, **posted)
    assert "Somebody else has changed this section" in refused
    found = re.search(r'name="expected" value="([0-9a-f]{16})"', refused)
    assert found is not None
    words(browser, address(text, "section"), **(posted | {"expected": found[1]}))
    assert headings(text) == ["Aims", "Green", "Traffic"]


def test_document_is_previewed_matched_and_stored(browser: Client, text: Text) -> None:
    file = SimpleUploadedFile("a.md", DOCUMENT)
    said = words(browser, address(text, "import"), file=file)
    assert "2 sections were read. Nothing is stored yet." in said
    assert "They will be left out" in said
    assert not text.versions.drafts().exists()
    document = re.search(r'name="document" value="([^"]+)"', said)
    assert document is not None
    green = keys(text)["Green"]
    confirm = address(text, "import-confirm")
    both: dict[str, Any] = {"document": document[1], "section-0": green, "section-1": green}
    twice = words(browser, confirm, 422, **both)
    assert "Two parts of the document continue the same section" in twice
    words(browser, confirm, **(both | {"section-0": "new"}))
    assert headings(text) == ["Aims", "Costs"]
    assert keys(text)["Costs"] == green


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.md", b"no headings", "This document has no headings"),
        ("a.docm", b"x", "holds macros"),
        ("a.pdf", b"x", "Only Word"),
        ("a.docx", b"x", "This is no Word file"),
    ],
)
def test_document_that_cannot_be_read_is_refused_at_the_field(
    browser: Client, text: Text, name: str, content: bytes, sentence: str
) -> None:
    said = words(browser, address(text, "import"), 422, file=SimpleUploadedFile(name, content))
    assert sentence in said


def test_missing_file_and_forged_preview_are_refused(browser: Client, text: Text) -> None:
    assert "Please fill in this field" in words(browser, address(text, "import"), 422, csrf="")
    said = words(browser, address(text, "import-confirm"), document="forged")
    assert "Please send the document again" in said
    assert not text.versions.drafts().exists()


def test_version_is_published_with_its_note_and_stands_in_the_history(
    browser: Client, text: Text, manager: User
) -> None:
    replace_draft(text, [Entry("Aims", "Oaks.", 1, keys(text)["Aims"])], actor=manager)
    said = words(browser, address(text, "publish"))
    assert "Left out" in said
    assert "<ins>" in said
    assert "Version 2 is published" in words(browser, address(text, "publish"), note="Only oaks.")
    assert CampaignChange.objects.filter(step="text").count() == 1
    history = words(browser, reverse("planning:setup-history", args=(text.campaign.slug,)))
    assert "“Guidelines”, version 2" in history
    assert "Only oaks." in history
    assert "There is no draft" in words(browser, address(text, "publish"))


def test_suggestion_is_decided_with_a_reason(
    text: Text, moderator: User, citizen: Citizen, campaign: Campaign
) -> None:
    section = Section.objects.select_related("contribution__campaign").get(pk=keys(text)["Aims"])
    suggest(section, draft_of_quote(section, Quote("", "trees", ""), "many oaks"), citizen.secret)
    browser = staff_browser(moderator)
    browser.cookies["django_language"] = "en"
    listed = words(browser, address(text, "suggestions"))
    assert "many oaks" in listed
    assert "Not decided yet (1)" in listed
    one = Suggestion.objects.get()
    page = reverse("texts-planning:suggestion", args=(campaign.slug, one.comment.public_id))
    assert "Please write why" in words(browser, page, 422, fate="declined", reason="")
    words(browser, page, fate="declined", reason="Too many.")
    assert Suggestion.objects.get().fate == Fate.DECLINED
    assert "Too many." in words(browser, f"{address(text, 'suggestions')}?fate=declined")
    assert "There are none." in words(browser, address(text, "suggestions"))
