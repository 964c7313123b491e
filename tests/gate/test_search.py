"""The search knows nothing hidden: no result, number, choice or suggestion differs from those of a site without it."""

import json
from itertools import product
from typing import Any

from django.test import Client

from engagement.models import Document, DocumentPage, DocumentVersion, Event, Plan, Update
from mapping.models import Campaign, Contribution, SearchText, SearchWord
from mapping.services.search import collect_words
from tests.engagement.making import make_document, make_event, make_plan, make_update
from tests.gate.world import HIDDEN, SHOWN, World, unhide

WORDS = (
    "HIDDEN",
    "HIDEN",
    "HIDDN wish",
    "hid",
    "SHOWN",
    "SHWN",
    "points",
    "draft",
    "withdrawn",
    "crowd",
    "reply",
    "answer",
)


def put_up_dates_and_papers(campaign: Campaign) -> None:
    """Of each kind a draft and a public row."""
    for mark, is_draft in ((HIDDEN, True), (SHOWN, False)):
        make_event(title=f"{mark} event", is_draft=is_draft)
        make_plan(title=f"{mark} plan", is_draft=is_draft)
        make_update(campaign, title=f"{mark} update", is_draft=is_draft)
        version = DocumentVersion.objects.create(
            document=make_document(title=f"{mark} document", is_draft=is_draft),
            number=1,
            name="a.pdf",
            file="documents/a.pdf",
            bytes=1,
            digest=b"1",
        )
        DocumentPage.objects.create(version=version, number=1, text=f"{mark} page")


def answers(campaigns: list[Campaign]) -> dict[str, Any]:
    """Every answer for words, kinds and campaigns, as interface and page give it."""
    browser = Client()
    found = {}
    public = [one.slug for one in campaigns if not one.is_draft]
    for words, kind, slug in product(WORDS, ("", "contributions"), ("", *public[:2])):
        query = {"q": words, "kind": kind, "campaign": slug}
        told = browser.get("/api/v1/search/", query)
        assert told.status_code == 200
        found[f"{words} {kind} {slug}"] = (told.json(), browser.get("/search/", query).content.decode())
    return found


def test_search_answers_as_if_nothing_hidden_had_ever_been(world: World) -> None:
    put_up_dates_and_papers(world.campaigns[0])
    collect_words()
    before = answers(world.campaigns)
    told = json.dumps([interface for interface, _page in before.values()])
    assert HIDDEN not in told
    for kind in ("event", "plan", "update", "document", "reply", "comment"):
        assert f"{SHOWN} {kind}" in told
    unhide()
    for model in (Event, Plan, Update, Document):
        model._default_manager.filter(is_draft=True).delete()
    collect_words()
    assert answers(world.campaigns) == before


def test_index_of_what_is_gone_is_empty(world: World) -> None:
    put_up_dates_and_papers(world.campaigns[0])
    Contribution.objects.all().delete()
    Campaign.objects.all().delete()
    for model in (Event, Plan, Document):
        model._default_manager.all().delete()
    assert list(SearchText.objects.values_list("kind", "key")) == []


def test_words_of_hidden_texts_are_not_collected(world: World) -> None:
    put_up_dates_and_papers(world.campaigns[0])
    collect_words()
    assert not SearchWord.objects.filter(word__icontains=HIDDEN).exists()
    assert SearchWord.objects.filter(word__icontains=SHOWN).exists()
