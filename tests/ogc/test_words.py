"""What the pages of collections say of their numbers, to the public and to who sees every status."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from mapping.models import Campaign, ContributionStatus
from mapping.services import access_links
from mapping.services.erase import withdraw
from tests import personas
from tests.ogc.asking import COLLECTION

COLLECTIONS = "/ogc/collections"
OF_THE_PUBLIC = {
    "de": "Jeder veröffentlichte Beitrag mit seinen Antworten: Punkte, Linien, Flächen und Beiträge ohne Ort.",
    "en": "Every published contribution with its answers: points, lines, areas and those without a place.",
}
OF_ANALYSTS = {
    "de": "Jeder Beitrag mit seinen Antworten, ob veröffentlicht, noch nicht geprüft oder abgelehnt:"
    " Punkte, Linien, Flächen und Beiträge ohne Ort.",
    "en": "Every contribution with its answers, whether published, waiting for review or rejected:"
    " points, lines, areas and those without a place.",
}


def page(browser: Client, address: str, language: str = "en") -> str:
    """The page for people behind an address."""
    browser.cookies["django_language"] = language
    response: Any = browser.get(f"{address}{'&' if '?' in address else '?'}f=html")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.fixture
def of_every_status(campaign: Campaign) -> Campaign:
    """THE campaign with one published, two pending, one rejected and one withdrawn contribution: four to count."""
    for status in (personas.PUBLISHED, personas.PENDING, personas.PENDING, personas.REJECTED):
        personas.make_contribution(campaign, status=status)
    withdraw(personas.make_contribution(campaign, status=ContributionStatus.PENDING))
    return campaign


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("address", [COLLECTIONS, COLLECTION])
def test_words_fit_the_number_beside_them(
    of_every_status: Campaign, analyst: User, address: str, language: str
) -> None:
    entries = {
        "de": ("1</strong> Eintrag", "4</strong> Einträge"),
        "en": ("1</strong> entry", "4</strong> entries"),
    }
    public = page(Client(), address, language)
    assert OF_THE_PUBLIC[language] in public
    assert entries[language][0] in public
    assert OF_ANALYSTS[language] not in public
    exact = page(personas.staff_browser(analyst), address, language)
    assert OF_ANALYSTS[language] in exact
    assert entries[language][1] in exact
    assert OF_THE_PUBLIC[language] not in exact


def test_words_for_one_type_of_place_name_every_status(of_every_status: Campaign, analyst: User) -> None:
    words = "Contributions in every status that are points."
    assert words in page(personas.staff_browser(analyst), COLLECTIONS)
    assert words not in page(Client(), COLLECTIONS)


def test_analysts_elsewhere_read_as_the_public(of_every_status: Campaign, outsider: User) -> None:
    assert OF_THE_PUBLIC["en"] in page(personas.staff_browser(outsider), COLLECTION)


def test_private_link_is_told_of_every_status(of_every_status: Campaign, analyst: User) -> None:
    _link, secret = access_links.make(of_every_status, "QGIS", actor=analyst)
    shown = page(Client(), COLLECTION.replace("/ogc/", f"/ogc/key/{secret}/"))
    assert OF_ANALYSTS["en"] in shown
    assert "4</strong> entries" in shown


def test_protected_areas_are_those_of_the_public_only(cells_campaign: Campaign) -> None:
    """Analysts get a heat map of exact numbers, and read of no protected areas."""
    reader = personas.make_user("analyst@example.org", cells_campaign, Role.ANALYST)
    address = f"{COLLECTIONS}/{cells_campaign.slug}-cells"
    assert "Protected areas" in page(Client(), address)
    exact = page(personas.staff_browser(reader), address)
    assert "Protected areas" not in exact
    assert "Contributions and people per square of the European grid." in exact


def test_tiles_describe_the_cells_that_their_reader_gets(cells_campaign: Campaign) -> None:
    reader = personas.make_user("analyst@example.org", cells_campaign, Role.ANALYST)
    address = f"{COLLECTIONS}/{cells_campaign.slug}-cells/tiles/WebMercatorQuad"
    for browser, names in (
        (Client(), {"participants_at_least"}),
        (personas.staff_browser(reader), {"participants", "size"}),
    ):
        [layer] = browser.get(address).json()["layers"]
        assert set(layer["propertiesSchema"]["properties"]) == {"id", "contributions"} | names


def refused(address: str, **asked: str) -> str:
    """The page that says why there is none."""
    browser = Client()
    browser.cookies["django_language"] = "en"
    response: Any = browser.get(address, {"f": "html", **asked})
    assert response.status_code >= 400
    return " ".join(response.content.decode().split())


def test_who_asks_for_protected_contributions_is_led_to_the_areas(cells_campaign: Campaign) -> None:
    there = f"{COLLECTIONS}/{cells_campaign.slug}-cells?f=html"
    shown = refused(f"{COLLECTIONS}/{cells_campaign.slug}-contributions/items")
    assert f'href="http://testserver{there}"' in shown
    assert Client().get(there).status_code == 200
    assert "To the protected areas" not in refused(f"{COLLECTIONS}/nothing-contributions/items")


def test_wrong_parameters_are_said_once_with_a_way_on(campaign: Campaign) -> None:
    shown = refused(f"{COLLECTION}/items", filter="text = (")
    assert shown.count("The filter is wrong") == 1
    assert 'href="?f=html"' in shown


def test_what_is_not_there_says_why(campaign: Campaign) -> None:
    shown = refused(f"{COLLECTIONS}/nothing")
    assert shown.count("There is nothing here.") == 2  # in the title of the window and of the page
    assert "typing error" in shown


def test_lists_say_how_many_there_are_or_why_there_is_none(campaign: Campaign) -> None:
    assert "There are no entries yet." in page(Client(), f"{COLLECTION}/items")
    for _number in range(2):
        personas.make_contribution(campaign)
    assert "<strong>2</strong> entries" in page(Client(), f"{COLLECTION}/items")
    assert "<strong>1</strong> of 2 entries" in page(Client(), f"{COLLECTION}/items?limit=1")
    assert "No entry fits what you chose." in page(Client(), f"{COLLECTION}/items?text=nowhere")


def test_tilesets_are_told_apart_by_how_they_are_cut(campaign: Campaign) -> None:
    tiles = page(Client(), f"{COLLECTION}/tiles")
    for name in ("WebMercatorQuad", "EuropeanETRS89_LAEAQuad"):
        assert f'/tiles/{name}?f=html">{name}</a>' in tiles
    assert "{tileMatrix}/{tileRow}/{tileCol}" in page(Client(), f"{COLLECTION}/tiles/WebMercatorQuad")
