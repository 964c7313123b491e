"""Drafts of the papers of data protection: filled from the settings, with honest blanks."""

import io

import docx
import pytest
from django.test import Client

from accounts.models import Role, User
from mapping.exports.protection.sections import BLANK
from mapping.models import Audience, Campaign, City, RetentionSpan
from tests import personas
from tests.surveys.world import ask

ADDRESS = "/planning/fear-spaces/setup/protection/"


def browser_of(user: User, language: str = "en") -> Client:
    browser = personas.staff_browser(user)
    browser.cookies["django_language"] = language
    return browser


def text_of(browser: Client, name: str) -> str:
    answer = browser.get(f"{ADDRESS}{name}.md")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'-{name}.md"')
    return answer.content.decode()


def test_record_says_what_the_campaign_is_set_to(campaign: Campaign, manager: User) -> None:
    City.objects.create(pk=1, name="Musterstadt", privacy_contact="Ms Sample")
    ask(campaign, "age", "number", options={}, audience=Audience.STAFF)
    RetentionSpan.objects.create(campaign=campaign, subject="texts", months=24)
    text = text_of(browser_of(manager), "record")
    for words in (
        "Musterstadt",
        "Ms Sample",
        "Photos, newly encoded",
        "Will be deleted on",
        "Everybody: published",
    ):
        assert words in text, words
    assert "Answers that only staff reads: " in text
    Campaign.objects.update(allows_photos=False, allows_comments=False, publication="cells", k=7)
    text = text_of(browser_of(manager), "record")
    assert "Photos, newly encoded" not in text
    assert "at least 7 people each" in text


def test_what_only_the_city_knows_is_blank(campaign: Campaign, manager: User) -> None:
    for name in ("record", "assessment"):
        assert text_of(browser_of(manager), name).count(BLANK) > 8
    assert f"how likely, how grave, what remains: {BLANK}" in text_of(browser_of(manager), "assessment")


def test_assessment_is_a_document_in_german(campaign: Campaign, manager: User) -> None:
    answer = browser_of(manager, "de").get(f"{ADDRESS}assessment.docx")
    document = docx.Document(io.BytesIO(answer.content))
    headings = [one.text for one in document.paragraphs if one.style and one.style.name.startswith("Heading")]
    assert headings[0] == "Datenschutz-Folgenabschätzung (Artikel 35 DSGVO)"
    assert len(headings) == 13
    assert document.core_properties.language == "de"


def test_texts_of_the_campaign_are_plain_words(campaign: Campaign, manager: User) -> None:
    Campaign.objects.update(summary="<b>[x](https://evil.example)</b>", title="# Title")
    text = text_of(browser_of(manager), "record")
    assert "](https://evil" not in text
    assert "<b>" not in text


def test_managers_alone_and_no_other_names(campaign: Campaign, manager: User, outsider: User) -> None:
    browser = browser_of(manager)
    for name in ("record.pdf", "other.md"):
        assert browser.get(f"{ADDRESS}{name}").status_code == 404
    assert browser_of(outsider).get(f"{ADDRESS}record.md").status_code == 403
    analyst = personas.make_user("one@example.org", campaign, Role.ANALYST)
    assert browser_of(analyst).get(f"{ADDRESS}record.md").status_code == 403
    assert Client().get(f"{ADDRESS}record.md").status_code == 302


@pytest.mark.parametrize("name", ["record", "assessment"])
def test_step_leads_to_both(campaign: Campaign, manager: User, name: str) -> None:
    page = browser_of(manager).get("/planning/fear-spaces/setup/retention/").content.decode()
    assert f"{ADDRESS}{name}.docx" in page
