"""What the site says about data protection is kept version by version; time tells which one held."""

import html
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from mapping.models import City, Wording, WordingKind
from mapping.models.setup.profile import forget_city
from mapping.services.wordings import WORDINGS, note_wordings, wording_at

pytestmark = pytest.mark.django_db


def change_the_city(words: str) -> None:
    City.objects.update_or_create(pk=1, defaults={"privacy_contact": words})
    forget_city()


def test_each_text_has_a_first_version_in_each_language() -> None:
    assert note_wordings() == len(WordingKind.values) * len(settings.LANGUAGES)
    assert {one.name for one in WORDINGS} == set(WordingKind.values)
    assert note_wordings() == 0
    german = Wording.objects.get(kind="sending", language="de").text
    assert "Nur die Stadt sieht Ihren Beitrag." in german
    assert "<" not in Wording.objects.get(kind="privacy", language="de").text


def test_change_makes_a_version_and_the_former_one_stays() -> None:
    first = timezone.now() - timedelta(days=9)
    note_wordings(first)
    change_the_city("Ask Ms Sample")
    later = first + timedelta(days=5)
    assert note_wordings(later) == len(settings.LANGUAGES)
    assert Wording.objects.filter(kind="privacy", language="en").count() == 2
    held = [wording_at("privacy", "en", moment) for moment in (first, later - timedelta(seconds=1), later)]
    assert [one.number for one in held if one] == [1, 1, 2]
    assert wording_at("privacy", "en", first - timedelta(seconds=1)) is None
    assert held[0] is not None
    assert held[2] is not None
    assert "Ms Sample" not in held[0].text
    assert "Ms Sample" in held[2].text


def test_what_every_page_reads_is_what_is_kept() -> None:
    """The version is made of the page's own templates, and not of a copy."""
    note_wordings()
    browser = Client()
    browser.cookies["django_language"] = "en"
    page = html.unescape(strip_tags(browser.get("/privacy/").content.decode()))
    for line in Wording.objects.get(kind="privacy", language="en").text.splitlines():
        assert line in " ".join(page.split()), line


def test_page_lists_versions_in_the_language_of_the_reader() -> None:
    note_wordings(timezone.now() - timedelta(days=2))
    change_the_city("Ask Ms Sample")
    note_wordings()
    browser = Client()
    browser.cookies["django_language"] = "en"
    page = browser.get("/privacy/versions/").content.decode()
    assert "Version 2, since" in page
    assert "Only the city sees your contribution." in page
    assert "Nur die Stadt" not in page
    assert "/privacy/versions/" in browser.get("/privacy/").content.decode()


def test_site_without_versions_says_so(client: Client) -> None:
    assert client.get("/privacy/versions/").status_code == 200
