"""The page on which people take the data home says what will be in the files."""

import json

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Role, User
from mapping.models import Campaign
from tests import personas

PUBLISHED = {
    "de": "Jeder veröffentlichte Beitrag mit Ort und Antworten.",
    "en": "Every published contribution with its place and answers.",
}
EXACT = {
    "de": "Jeder Beitrag im Status „Veröffentlicht“, mit genauem Ort und Antworten; ohne solche, die auf Prüfung warten"
    " oder abgelehnt wurden.",
    "en": "Every contribution with the status “Published”, with its exact place and answers; not those that wait for"
    " review or were rejected.",
}
PROTECTED = {
    "de": "Dieses Projekt schützt die Teilnehmenden: Sie erhalten die veröffentlichten Bereiche,"
    " keine einzelnen Beiträge.",
    "en": "This project protects its participants: you get the released areas, not single contributions.",
}


def page(browser: Client, campaign: Campaign, language: str = "en") -> str:
    """The page for people."""
    browser.cookies["django_language"] = language
    response = browser.get(f"/campaigns/{campaign.slug}/data/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def in_the_file(browser: Client, campaign: Campaign) -> list[str]:
    """The texts that the button for GeoJSON brings."""
    sent = browser.post(f"/campaigns/{campaign.slug}/data/", {"format": "geojson"})
    file = json.loads(browser.get(sent.headers["Location"]).getvalue())
    return [one["properties"]["text"] for one in file["features"]]


@pytest.fixture
def of_every_status(cells_campaign: Campaign) -> Campaign:
    """A protected campaign with a contribution in each status, its text."""
    for status in (personas.PUBLISHED, personas.PENDING, personas.REJECTED):
        personas.make_contribution(cells_campaign, status=status, text=status)
    return cells_campaign


@pytest.mark.parametrize("language", ["de", "en"])
def test_analysts_of_a_protected_campaign_read_what_they_get(
    of_every_status: Campaign, language: str
) -> None:
    analyst = personas.make_user("analyst@example.org", of_every_status, Role.ANALYST)
    browser = personas.staff_browser(analyst)
    shown = page(browser, of_every_status, language)
    assert EXACT[language] in shown
    assert PUBLISHED[language] not in shown
    assert in_the_file(browser, of_every_status) == ["published"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_public_of_a_protected_campaign_gets_areas(of_every_status: Campaign, language: str) -> None:
    shown = page(Client(), of_every_status, language)
    assert PROTECTED[language] in shown
    assert EXACT[language] not in shown


@pytest.mark.parametrize("language", ["de", "en"])
def test_where_contributions_are_public_everyone_gets_the_published_ones(
    campaign: Campaign, analyst: User, language: str
) -> None:
    for status in (personas.PUBLISHED, personas.PENDING):
        personas.make_contribution(campaign, status=status, text=status)
    for browser in (Client(), personas.staff_browser(analyst)):
        shown = page(browser, campaign, language)
        assert PUBLISHED[language] in shown
        assert EXACT[language] not in shown
        assert in_the_file(browser, campaign) == ["published"]


def test_analysts_are_told_that_large_files_take_a_while(
    of_every_status: Campaign, settings: Settings
) -> None:
    settings.EXPORTS_AT_ONCE = 0
    analyst = personas.make_user("analyst@example.org", of_every_status, Role.ANALYST)
    assert "1 contributions: files such as GeoPackage" in page(
        personas.staff_browser(analyst), of_every_status
    )
    assert "files such as GeoPackage" not in page(Client(), of_every_status)
