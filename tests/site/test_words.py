"""`/jsi18n/`: which words scripts get, and for how long browsers keep them."""

import json
import re
from functools import partial
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from geoparticipation.serving.built import first_scripts_of_campaigns, scripts_of_citizens
from geoparticipation.serving.words import words_address
from mapping.models import Campaign
from tests import personas

pytestmark = pytest.mark.django_db

CATALOGUE = reverse("javascript-catalog")
TEXT = r'"((?:[^"\\]|\\.)*)"'
CALLS = re.compile(rf"\b(?:n?gettext\(|n?pgettext\(\s*{TEXT},)\s*{TEXT}")
CITIZENS_WORD = "Ihr Ort ist markiert."


def words(address: str) -> dict[str, object]:
    """The catalogue as scripts get it."""
    script = Client().get(address).content.decode()
    found: dict[str, object] = json.loads(script.partition("const words = ")[2].partition(";\n")[0])
    return found


german = partial(words_address, "de")


def test_address_on_the_page_is_kept_for_good(client: Client) -> None:
    (address,) = re.findall(r'<script src="(/jsi18n/[^"]+)"', client.get("/privacy/").content.decode())
    answer = client.get(address.replace("&amp;", "&"))
    assert "immutable" in answer["Cache-Control"]
    assert CITIZENS_WORD in answer.content.decode()


@pytest.mark.parametrize("query", ["", "?language=de&version=00000000", "?version=1", "?language=xx"])
def test_address_without_the_present_version_is_asked_for_again(client: Client, query: str) -> None:
    answer = client.get(CATALOGUE + query)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")


def test_address_decides_about_the_language_not_the_visitor(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert CITIZENS_WORD in client.get(german("citizens")).content.decode()
    assert CITIZENS_WORD not in client.get(CATALOGUE).content.decode()


def test_citizens_get_the_words_of_their_scripts_and_staff_get_all() -> None:
    of_citizens, of_all = words(german("citizens")), words(german("staff"))
    assert set(of_citizens) < set(of_all)
    assert len(of_citizens) < len(of_all) * 0.8
    named = named_in(scripts_of_citizens())
    assert len(named) > 50
    # A context stands before the words themselves, divided by U+0004.
    assert named <= {message.rpartition("\x04")[2] for message in of_citizens}


def named_in(paths: list[Path]) -> set[str]:
    """The words that scripts ask for."""
    return {
        json.loads(f'"{text}"')
        for path in paths
        for _context, text in CALLS.findall(path.read_text(encoding="utf-8"))
    }


def test_a_campaigns_page_gets_the_words_of_its_first_scripts_and_names_the_others(
    campaign: Campaign,
) -> None:
    page = Client().get(f"/campaigns/{campaign.slug}/", headers={"accept-language": "de"}).content.decode()
    first, later = (
        re.search(rf'{name}="(/jsi18n/[^"]+)"', page)[1].replace("&amp;", "&")  # type: ignore[index]
        for name in ("src", "data-words")
    )
    assert (first, later) == (german("campaign"), german("citizens"))
    at_once = named_in(first_scripts_of_campaigns())
    assert "Zoom in" in at_once
    assert "Send" in named_in(scripts_of_citizens()) - at_once
    assert at_once <= {message.rpartition("\x04")[2] for message in words(first)}
    assert len(words(first)) < len(words(later)) / 2


def test_words_are_compressed_as_the_browser_accepts() -> None:
    address = german("citizens")
    plain = Client().get(address)
    packed = Client(headers={"accept-encoding": "gzip, br"}).get(address)
    assert (packed["Content-Encoding"], plain.has_header("Content-Encoding")) == ("br", False)
    assert brotli.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]


def test_staff_pages_name_the_words_of_staff() -> None:
    boss = personas.staff_browser(personas.make_user("boss@example.org", is_staff=True, is_superuser=True))
    assert "scope=staff" in boss.get("/planning/").content.decode()
    assert "scope=staff" not in Client().get("/privacy/").content.decode()
