"""Exact data of protected campaigns in bulk need a proof: lists beyond a page, and files of the planners' pages."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from accounts.models import ApiToken, User
from audit.actions import Action
from audit.models import Entry
from mapping.http.fresh import FREELY_READ
from mapping.models import Campaign
from mapping.models.campaign import Publication
from mapping.services import access_links
from tests import personas
from tests.doors.test_again import left_open
from tests.personas import PASSWORD
from tests.places.making import make_district
from tests.surveys.answering import answer
from tests.surveys.world import ask

LIST = "/api/v1/campaigns/{slug}/contributions/"
ITEMS = "/ogc/collections/{slug}-contributions/items"
PAGES = (
    LIST,
    f"{LIST}?status=pending",
    f"{LIST}?status=published,pending&limit={FREELY_READ}",
    f"{ITEMS}?f=json&limit={FREELY_READ}",
    f"{ITEMS}?f=html",
    "/ogc/collections/{slug}-districts/items?f=json",
)
IN_BULK = (
    f"{LIST}?limit={FREELY_READ + 1}",
    f"{LIST}?status=pending&limit=1000",
    f"{ITEMS}?f=json",
    f"{ITEMS}?f=json&limit={FREELY_READ + 1}",
    f"{ITEMS}?f=json&limit=99999",
    "/ogc/collections/{slug}-points/items?f=json",
)
FILES = (
    "/planning/{slug}/heatmap/report.html",
    "/planning/{slug}/heatmap/picture.png",
    "/planning/{slug}/numbers/opinions.csv",
    "/planning/{slug}/survey/table.csv?first=dark&second=dark",
    "/planning/{slug}/survey/table.csv?first=dark&second=dark&release=current",
)


@pytest.fixture
def filled(campaign: Campaign) -> Campaign:
    """A campaign with a contribution and a survey."""
    ask(campaign, "dark", "yes_no")
    answer(campaign, {"dark": True})
    personas.make_contribution(campaign)
    make_district(campaign)
    return campaign


@pytest.fixture
def protected(filled: Campaign) -> Campaign:
    """The same, which publishes cells."""
    filled.publication = Publication.CELLS
    filled.save()
    return filled


@pytest.mark.parametrize("address", PAGES)
def test_an_open_session_reads_pages(protected: Campaign, analyst: User, address: str) -> None:
    assert left_open(analyst).get(address.format(slug=protected.slug)).status_code == 200


@pytest.mark.parametrize("address", IN_BULK)
def test_lists_in_bulk_need_a_proof(protected: Campaign, analyst: User, address: str) -> None:
    address = address.format(slug=protected.slug)
    browser = left_open(analyst)
    refused = browser.get(address)
    assert refused.status_code == 403
    assert refused["Content-Type"].startswith("application/problem+json")
    assert refused.json()["code"] == "page_needs_proof"
    assert str(FREELY_READ) in refused.json()["detail"]
    browser.post("/accounts/again/", {"next": "/planning/", "again-password": PASSWORD})
    assert browser.get(address).status_code == 200
    headers = {"Authorization": f"Bearer {ApiToken.issue(analyst)}"}
    assert Client().get(address, headers=headers).status_code == 200, "tokens are a proof by themselves"


def test_long_pages_for_people_need_a_proof(protected: Campaign, analyst: User) -> None:
    page = left_open(analyst).get(f"{ITEMS.format(slug=protected.slug)}?f=html&limit=500")
    assert page.status_code == 403
    assert "/accounts/again/" in page.content.decode()


def test_private_links_are_a_proof_by_themselves(protected: Campaign, analyst: User) -> None:
    _link, secret = access_links.make(protected, "QGIS", actor=analyst)
    address = f"/ogc/key/{secret}/collections/{protected.slug}-contributions/items?f=json"
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize("address", [*IN_BULK, *FILES[:4]])
def test_campaigns_that_publish_points_ask_for_none(filled: Campaign, analyst: User, address: str) -> None:
    assert left_open(analyst).get(address.format(slug=filled.slug)).status_code == 200


@pytest.mark.parametrize("address", FILES)
def test_files_need_a_proof(protected: Campaign, analyst: User, address: str) -> None:
    address = address.format(slug=protected.slug)
    browser = left_open(analyst)
    asked = browser.get(address)
    assert asked.status_code == 302
    assert asked["Location"] == f"/accounts/again/?next={quote(address, safe='')}"
    assert not Entry.objects.filter(action__in=[Action.LOOKED, Action.DOWNLOADED]).exists()
    browser.post("/accounts/again/", {"next": address, "again-password": PASSWORD})
    assert browser.get(address).status_code == 200
    assert Entry.objects.filter(action=Action.DOWNLOADED, user=analyst).exists()


@pytest.mark.parametrize("file", ["report.html", "picture.png"])
def test_what_is_released_needs_none(protected: Campaign, analyst: User, file: str) -> None:
    answer = left_open(analyst).get(f"/planning/{protected.slug}/heatmap/{file}?release=current")
    assert answer.status_code == 404, "nothing is released yet, and no proof is asked for"
