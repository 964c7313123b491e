"""The search as an interface."""

from typing import Any

from django.test import Client

from mapping.models import Campaign
from tests import personas


def answer(client: Client, **query: str | int) -> Any:
    response = client.get("/api/v1/search/", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_results_have_kind_snippet_address_and_place(client: Client, campaign: Campaign) -> None:
    made = personas.make_contribution(campaign, text="Der Brunnen ist trocken.")
    found = answer(client, q="brunnen")
    [result] = found["results"]
    assert (found["numberMatched"], found["more"]) == (1, False)
    assert (found["kinds"], found["campaigns"]) == ({"contributions": 1}, {campaign.slug: 1})
    assert result["snippet"] == "Der Brunnen ist trocken."
    assert result["url"].endswith(f"/campaigns/{campaign.slug}/contributions/{made.pk}/")
    assert result["geometry"]["type"] == "Point"
    assert "." not in result["at"]


def test_pages_are_linked(client: Client, campaign: Campaign) -> None:
    for number in range(5):
        personas.make_contribution(campaign, text=f"Brunnen {number}")
    found = answer(client, q="brunnen", limit=3, kind="contributions")
    [link] = found["links"]
    rest = client.get(link["href"]).json()
    addresses = [one["url"] for one in (*found["results"], *rest["results"])]
    assert len(set(addresses)) == 5
    assert rest["links"] == []


def test_bad_parameters_are_named(client: Client, draft_campaign: Campaign) -> None:
    bad = {"kind": "x", "campaign": draft_campaign.slug, "limit": "0", "more": "1"}
    response = client.get("/api/v1/search/", {"q": "x"} | bad)
    assert response.status_code == 400
    problems = {one["field"]: one["detail"] for one in response.json()["errors"]}
    assert problems.keys() == bad.keys()
    assert ": campaigns, contributions, " in problems["kind"]
    assert client.get("/api/v1/search/", {"q": "x", "cursor": "y"}).status_code == 400


def test_without_words_nothing_is_found(client: Client, campaign: Campaign) -> None:
    assert answer(client)["numberMatched"] == 0
    assert answer(client, q="\0")["results"] == []
