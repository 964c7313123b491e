"""Campaigns are found by misspelled words and by parts of compounds, in German and English."""

import pytest
from django.test import Client

from mapping.models import Campaign, Translation
from mapping.search.page import Wanted, search
from mapping.services.search import collect_words
from tests import personas

pytestmark = pytest.mark.django_db


def titles(typed: str) -> list[str]:
    return [one.shown.title for one in search(Wanted(typed)).results]


@pytest.mark.parametrize(
    ("title", "language", "typed"),
    [
        ("Fahrradstraßen", "de", "fahrad"),
        ("Fahrradstraßen", "de", "farrad"),
        ("Fahrradstraßen", "de", "fahrradstrase"),
        ("Bäume in der Stadt", "de", "baum"),
        ("Bäume in der Stadt", "de", "baeume"),
        ("Stadtbäume", "de", "baum"),
        ("Spielplätze", "de", "platz"),
        ("Spielplätze", "de", "spielplaz"),
        ("Hochhäuser am Rand", "de", "haus"),
        ("Bicycle streets", "en", "bicicle"),
        ("Bicycle streets", "en", "bicicle street"),
        ("Trees in the city", "en", "tree"),
    ],
)
def test_campaigns_are_found_by_what_people_type(db: None, title: str, language: str, typed: str) -> None:
    personas.make_campaign("wanted", title=title, language=language)
    personas.make_campaign("other", title="Hitze im Sommer")
    collect_words()
    assert titles(typed) == [title]


@pytest.mark.parametrize(
    ("title", "typed"), [("Fahrradstraßen", "fahrad"), ("Stadtbäume", "baum"), ("Spielplätze", "spielplaz")]
)
def test_stems_of_compounds_need_no_collected_words(db: None, title: str, typed: str) -> None:
    personas.make_campaign("wanted", title=title)
    assert titles(typed) == [title]


def test_translations_are_found_by_misspelled_words(db: None) -> None:
    campaign = personas.make_campaign("streets", title="Fahrradstraßen", languages=["en"])
    Translation.objects.create(
        campaign=campaign,
        language="en",
        kind="campaign",
        object_id=campaign.pk,
        field="title",
        text="Bicycles",
    )
    collect_words()
    assert [one.shown.title for one in search(Wanted("bicicles")).results]


def test_words_that_are_spelled_right_are_not_replaced(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(title="Raum für alle")
    found = search(Wanted("baum"))
    assert (found.found.number, found.suggestion) == (0, "")


def test_page_says_which_words_its_results_fit(client: Client, db: None) -> None:
    personas.make_campaign("wanted", title="Fahrradstraßen")
    client.cookies["django_language"] = "en"
    page = client.get("/search/", {"q": "fahrad"}).text
    assert "Nothing fits “fahrad”. Results for “fahrrad” are shown." in page
    assert 'href="/campaigns/wanted/"' in page


def test_answers_of_the_api_name_the_words_they_fit(client: Client, db: None) -> None:
    for number in range(3):
        personas.make_campaign(f"wanted-{number}", title="Fahrradstraßen")
    body = client.get("/api/v1/search/", {"q": "fahrad", "limit": "2"}).json()
    assert (body["searched"], body["suggestion"], body["numberMatched"]) == ("fahrrad", "fahrrad", 3)
    following = client.get(body["links"][0]["href"]).json()
    assert len(following["results"]) == 1
    assert client.get("/api/v1/search/", {"q": "fahrrad"}).json()["suggestion"] == ""
