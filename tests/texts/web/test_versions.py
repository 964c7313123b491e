"""Versions of a text and the differences between them."""

import pytest
from django.test import Client
from django.utils import timezone

from mapping.models import Campaign
from tests.texts.making import Put, in_english, kept, make_suggestion, make_text, put_version, sections_of
from texts.models import Fate, Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(campaign: Campaign) -> Text:
    text = make_text(campaign)
    first, second, _gone = kept(text)
    suggestion = make_suggestion(sections_of(text)[0], "three", "thirty")
    version = put_version(
        text,
        [
            Put("Aims", first.body.replace("three", "thirty"), 1, first.section),
            second,
            Put("Water", "A well."),
        ],
        note="More trees",
    )
    suggestion.fate, suggestion.adopted_in, suggestion.decided_at = Fate.ADOPTED, version, timezone.now()
    suggestion.save()
    return text


def page_of(text: Text, path: str) -> str:
    address = f"/campaigns/{text.campaign.slug}/texts/guidelines/versions/{path}"
    response = in_english(Client()).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_versions_are_listed_with_their_notes_and_what_they_adopted(text: Text) -> None:
    page = page_of(text, "")
    assert page.index("Version 2") < page.index("Version 1")
    assert "More trees" in page
    assert "1 suggestion adopted" in page
    assert "/versions/1/2/" in page


def test_differences_are_marked_word_by_word(text: Text) -> None:
    page = page_of(text, "1/2/")
    assert ">three<" in page
    assert ">thirty<" in page
    assert "new section" in page
    assert "section removed" in page
    assert "lime trees" not in page
    assert "lime trees" in page_of(text, "1/2/?all")


@pytest.mark.parametrize("path", ["2/1/", "1/1/", "1/3/", "0/2/", "1/99999999999/"])
def test_versions_that_are_none_have_no_differences(text: Text, path: str) -> None:
    put_version(text, [Put("Draft", "x")], is_published=False)
    assert (
        Client().get(f"/campaigns/{text.campaign.slug}/texts/guidelines/versions/{path}").status_code == 404
    )
