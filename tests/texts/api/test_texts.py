"""Texts in the API: sections, versions, suggestions, files."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.models import Campaign, CommentStatus
from tests import personas
from tests.personas import Citizen
from tests.texts.making import Put, kept, make_suggestion, make_text, put_version, sections_of
from texts.models import Fate, Suggestion, Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(campaign: Campaign) -> Text:
    return make_text(campaign)


def address(text: Text, path: str = "") -> str:
    return f"/api/v1/campaigns/{text.campaign.slug}/texts/{text.category.slug}/{path}"


def read(text: Text, query: str = "") -> dict[str, Any]:
    response = Client().get(address(text) + query)
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def send(browser: Client, text: Text, body: object) -> Any:
    return browser.post(address(text, "suggestions/"), json.dumps(body), content_type="application/json")


def test_text_with_sections_and_suggestions(text: Text) -> None:
    first, *_others = sections_of(text)
    assert first.contribution is not None
    personas.make_support(first.contribution)
    made = make_suggestion(
        first, "three", "ten", fate=Fate.PARTLY, reason="Five fit.", decided_at=timezone.now()
    )
    body = read(text)
    assert [one["number"] for one in body["sections"]] == ["1", "1.1", "2"]
    section = body["sections"][0]
    assert (section["id"], section["heading"], section["level"]) == (str(first.pk), "Aims", 1)
    assert (section["comments"], section["support"], section["suggestions"], section["version"]) == (
        1,
        1,
        1,
        1,
    )
    [suggestion] = body["suggestions"]
    assert suggestion["id"] == str(made.comment.public_id)
    assert suggestion["quote"]["exact"] == "three"
    assert (suggestion["fate"], suggestion["reason"], suggestion["adopted_in"]) == (
        "partly",
        "Five fit.",
        None,
    )


def test_list_names_texts_with_their_newest_version(text: Text) -> None:
    put_version(text, kept(text)[:2])
    put_version(text, [Put("Draft")], is_published=False)
    [found] = Client().get(f"/api/v1/campaigns/{text.campaign.slug}/texts/").json()["texts"]
    assert (found["category"], found["version"], found["sections"]) == ("guidelines", 2, 2)


def test_version_says_since_when_a_section_reads_so(text: Text) -> None:
    first, *others = kept(text)
    put_version(text, [Put("Aims", "Ten trees.", 1, first.section), *others], note="More")
    body = read(text)
    assert [one["version"] for one in body["sections"]] == [2, 1, 1]
    assert [(one["number"], one["note"]) for one in body["versions"]] == [(2, "More"), (1, "")]
    assert "three trees" in read(text, "?version=1")["sections"][0]["body"]


@pytest.mark.parametrize(("query", "status"), [("?version=9", 404), ("?version=x", 400), ("?versoin=1", 400)])
def test_unknown_versions_and_parameters_are_refused(text: Text, query: str, status: int) -> None:
    response = Client().get(address(text) + query)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"


def test_draft_of_a_version_is_not_found(text: Text) -> None:
    put_version(text, [Put("Draft")], is_published=False)
    assert Client().get(address(text) + "?version=2").status_code == 404
    assert read(text)["version"] == 1


def test_suggestion_is_sent_as_a_quote(text: Text, citizen: Citizen) -> None:
    section = sections_of(text)[0]
    sent = {"section": str(section.pk), "exact": "three", "replacement": "ten", "text": "Heat"}
    response = send(citizen.browser(), text, sent)
    assert response.status_code == 201
    body = response.json()
    assert (body["status"], body["text"], body["replacement"]) == ("pending", "Heat", "ten")
    assert Suggestion.objects.get().comment.status == CommentStatus.PENDING
    assert read(text)["suggestions"] == []


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"exact": "pines"}, 400, "exact"),
        ({"exact": "e"}, 400, "exact"),
        ({"exact": 7}, 400, "exact"),
        ({"replacement": None}, 400, "replacement"),
        ({"replacement": "three"}, 400, "text"),
        ({"replacement": "x" * 3000}, 400, "text"),
        ({"section": "x"}, 400, "section"),
        ({"section": "0198b1f2-7c1a-7a00-8000-5d2f6c0a9b11"}, 404, ""),
    ],
)
def test_bad_suggestions_are_refused_at_their_field(
    text: Text, citizen: Citizen, change: dict[str, object], status: int, field: str
) -> None:
    section = sections_of(text)[0]
    sent = {"section": str(section.pk), "exact": "three", "replacement": "ten"} | change
    response = send(citizen.browser(), text, sent)
    assert response.status_code == status
    assert [one["field"] for one in response.json()["errors"]] == ([field] if field else [])
    assert not Suggestion.objects.exists()


def test_protected_campaigns_have_no_texts(text: Text) -> None:
    Campaign.objects.update(publication="cells")
    response = Client().get(address(text))
    assert (response.status_code, response.json()["code"]) == (403, "publishes_cells")


def test_numbers_of_queries_do_not_grow(
    campaign: Campaign, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    large = make_text(campaign, [(f"Heading {number}", "Words", 1) for number in range(40)])
    for section in sections_of(large):
        make_suggestion(section, "Words", "other")
    put_version(large, kept(large))
    with django_assert_max_num_queries(8):
        assert len(read(large)["suggestions"]) == 40


@pytest.mark.parametrize("ending", ["docx", "pdf"])
def test_files_hold_what_is_public(text: Text, ending: str) -> None:
    section = sections_of(text)[0]
    assert section.contribution is not None
    personas.make_comment(section.contribution, "Well said")
    personas.make_comment(section.contribution, "Secret", status=CommentStatus.PENDING)
    make_suggestion(section, "three", "thirty")
    words = file_words(Client().get(address(text, f"comments.{ending}")), ending)
    for part in ("Aims", "Well said", "three", "thirty"):
        assert part in words
    assert "Secret" not in words


def test_moderators_and_analysts_take_home_what_waits(
    text: Text, moderator: User, analyst: User, outsider: User
) -> None:
    section = sections_of(text)[0]
    assert section.contribution is not None
    personas.make_comment(section.contribution, "Waiting", status=CommentStatus.PENDING)
    where = address(text, "comments.docx?status=published,pending")
    for user in (moderator, analyst):
        assert "Waiting" in file_words(personas.staff_browser(user).get(where), "docx")
    assert personas.staff_browser(outsider).get(where).status_code == 403
    assert Client().get(where).status_code in {401, 403}


def test_unknown_ending_is_not_found(text: Text) -> None:
    assert Client().get(address(text, "comments.odt")).status_code == 404
    assert Client().get(address(text, "comments.docx?status=rejected")).status_code == 400


def file_words(response: Any, ending: str) -> str:
    """The words of a file."""
    assert response.status_code == 200
    content = response.getvalue()
    if ending == "pdf":
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    import docx

    found = docx.Document(io.BytesIO(content))
    return "\n".join(cell.text for table in found.tables for row in table.rows for cell in row.cells)
