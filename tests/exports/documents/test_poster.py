"""Posters: what the code holds, what is printed, and that screen readers can read it."""

import io
from datetime import UTC, datetime
from typing import Any

import pypdf
import pytest
from django.conf import settings

from mapping.exports.documents.poster import (
    Poster,
    Size,
    in_print,
    link_of,
    poster_languages,
    poster_pdf,
    short_address,
)
from mapping.links.short import code_of
from mapping.models import Campaign, Translation
from tests import personas

pytestmark = pytest.mark.django_db
MILLIMETRE = 72 / 25.4


@pytest.fixture
def campaign() -> Campaign:
    return personas.make_campaign(
        title="Wo ist es dunkel?",
        summary="Zeigen Sie uns Orte ohne Licht.",
        closes_at=datetime(2027, 9, 6, 22, tzinfo=UTC),
        languages=["en", "tr"],
    )


def read(poster: Poster) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(poster_pdf(poster)))


def text_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_code_holds_the_short_address_with_category_and_language(campaign: Campaign) -> None:
    short = f"{settings.SITE_URL}/k/{code_of(campaign.pk)}"
    category = personas.category_of(campaign, "idea")
    assert short_address(campaign) == short
    assert link_of(Poster(campaign, "de")) == short
    assert link_of(Poster(campaign, "tr")) == f"{short}?language=tr"
    assert link_of(Poster(campaign, "en", category)) == f"{short}?category=idea&language=en"
    assert in_print("https://take-part.example/k/abcde") == "take-part.example/k/abcde"


def test_an_english_poster_of_a_german_campaign_names_no_language(campaign: Campaign) -> None:
    campaign.languages = []
    assert link_of(Poster(campaign, "en")) == short_address(campaign)
    assert poster_languages(campaign) == ["de", "en"]


@pytest.mark.parametrize(("size", "width", "height"), [("A4", 210, 297), ("A3", 297, 420)])
def test_a_poster_is_one_tagged_page_of_its_size(
    campaign: Campaign, size: Size, width: int, height: int
) -> None:
    pdf = read(Poster(campaign, "de", size=size))
    assert len(pdf.pages) == 1
    box = pdf.pages[0].mediabox
    assert (round(box.width / MILLIMETRE), round(box.height / MILLIMETRE)) == (width, height)
    root: Any = pdf.trailer["/Root"]
    assert root["/Lang"] == "de"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert any("/k/" in alt for alt in alternatives(root["/StructTreeRoot"]))


def alternatives(element: object) -> list[str]:
    """The alternative texts of all figures."""
    found: list[str] = []
    waiting = [element]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if isinstance(one, pypdf.generic.IndirectObject) else one
        if isinstance(one, pypdf.generic.ArrayObject):
            waiting.extend(one)
        elif isinstance(one, pypdf.generic.DictionaryObject):
            if "/Alt" in one:
                found.append(str(one["/Alt"]))
            if "/K" in one:
                waiting.append(one["/K"])
    return found


def test_a_poster_says_what_is_asked_where_until_when_and_that_no_account_is_needed(
    campaign: Campaign,
) -> None:
    text = text_of(read(Poster(campaign, "de")))
    for words in (
        "Wo ist es dunkel?",
        "Zeigen Sie uns Orte ohne Licht.",
        in_print(short_address(campaign)),
        "bis Mo., 6. Sept. 2027",
        "Ohne Konto",
        "Den Ort auf der Karte markieren",
    ):
        assert words in text


def test_a_poster_of_a_category_asks_for_it(campaign: Campaign) -> None:
    category = personas.category_of(campaign, "idea")
    text = text_of(read(Poster(campaign, "en", category)))
    assert category.title in text
    assert "Zeigen Sie uns" not in text
    assert "Write your idea. Done!" in text
    assert "Without account" in text


def test_texts_stand_in_the_language_of_the_poster(campaign: Campaign) -> None:
    Translation.objects.create(
        campaign=campaign, language="tr", kind="campaign", object_id=campaign.pk, field="title",
        text="Nerede karanlık?", original=campaign.title,
    )  # fmt: skip
    assert "Nerede karanlık?" in text_of(read(Poster(campaign, "tr")))


@pytest.mark.parametrize("letter", ["W", "m"])
def test_the_longest_texts_fit_on_one_page(letter: str) -> None:
    word = letter + "aldfriedhof"
    campaign = personas.make_campaign(
        title=f"{word} " * 12, summary=f"{word} " * 23, organiser=f"{word} " * 12, contact=f"{word} " * 15
    )
    pdf = read(Poster(campaign, "de"))
    assert len(pdf.pages) == 1
    text = text_of(pdf)
    assert text.count(word) >= 12 + 23
    assert in_print(short_address(campaign)) in text
