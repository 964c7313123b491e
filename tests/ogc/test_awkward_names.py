"""Ids, texts and questions that are hard to put into addresses, links and headers."""

import json
import random
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from accounts.models import User
from mapping.models import Campaign, District, DistrictLayer
from tests import personas
from tests.api.conftest import with_token
from tests.ogc.asking import ITEMS, body, get, linked

DISTRICTS = "/ogc/collections/fear-spaces-districts/items"
AREA = "/ogc/collections/fear-spaces-area/items"


@pytest.fixture
def layer(layer: DistrictLayer) -> DistrictLayer:
    """One district whose code is made of what addresses escape."""
    layer.districts.update(code="7/1 a?b%")
    return layer


@pytest.mark.parametrize("address", [f"{ITEMS}/%00", f"{DISTRICTS}/%00", f"{AREA}/%00"])
def test_item_whose_id_is_nul_is_not_there(layer: DistrictLayer, address: str) -> None:
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete"])
def test_district_whose_code_is_nul_cannot_be_changed(
    layer: DistrictLayer, manager: User, method: str
) -> None:
    script = with_token(manager)
    sent = {"type": "Feature", "geometry": personas.square(), "properties": {"code": "02", "name": "North"}}
    answer = getattr(script, method)(f"{DISTRICTS}/%00", sent, content_type="application/geo+json")
    assert answer.status_code == 404


def test_district_is_found_by_the_links_to_it(layer: DistrictLayer, manager: User) -> None:
    address = f"{DISTRICTS}/{quote('7/1 a?b%', safe='')}"
    item = body(address)
    assert item["properties"]["code"] == "7/1 a?b%"
    assert get(linked(item, "self")).json()["id"] == item["id"]
    assert get(linked(item, "alternate")).status_code == 200
    assert with_token(manager).delete(address).status_code == 204
    assert not District.objects.exists()


def long_texts(campaign: Campaign, number: int) -> None:
    chance = random.Random(7)  # noqa: S311 - any texts that cannot be compressed
    for _ in range(number):
        text = "".join(chr(chance.randint(0x4E00, 0x9FFF)) for _ in range(5000))
        personas.make_contribution(campaign, text=text)


@pytest.mark.parametrize("order", ["text", "-text", "category,-text,created"])
def test_pages_in_the_order_of_long_texts_lead_to_the_end(campaign: Campaign, order: str) -> None:
    long_texts(campaign, 4)
    page: dict[str, Any] = body(ITEMS, {"limit": 1, "sortby": order})
    found = [page["features"][0]]
    while any(link["rel"] == "next" for link in page["links"]):
        assert len(linked(page, "next")) < 2000
        page = body(linked(page, "next"))
        found += page["features"]
    texts = [one["properties"]["text"] for one in found]
    assert len(set(texts)) == 4
    assert texts == body_in_one(order)


def body_in_one(order: str) -> list[str]:
    return [one["properties"]["text"] for one in body(ITEMS, {"sortby": order})["features"]]


def test_long_question_is_not_repeated_in_headers(campaign: Campaign) -> None:
    assert 'rel="self"' in get(ITEMS)["Link"]
    long = get(ITEMS, {"filter": f"text LIKE '%{'ä' * 5000}%'"})
    assert long.status_code == 200
    assert long["Link"].count("rel=") == 1
    assert linked(json.loads(long.content), "self")
