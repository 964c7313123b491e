"""The API's list of contributions in other orders, and searched by words."""

from typing import Any

import pytest
from django.test import Client

from mapping.models import Campaign, ContributionStatus, Reply
from tests.api.conftest import contributions_url, reasons
from tests.personas import make_comment, make_contribution, make_support

SLUG = "fear-spaces"


@pytest.mark.parametrize("ordering", ["new", "supported", "discussed", "unanswered"])
def test_pages_in_an_order_show_each_contribution_once(
    campaign: Campaign, public: Client, ordering: str
) -> None:
    made = [make_contribution(campaign, footprint=False) for _ in range(7)]
    for number in (1, 1, 4):
        make_support(made[number])
        make_comment(made[number])
        Reply.objects.create(contribution=made[number], status="planned", text="Soon.")
    seen: list[dict[str, Any]] = []
    url: str | None = f"{contributions_url(SLUG)}?limit=2&ordering={ordering}"
    while url:
        body = public.get(url).json()
        assert body["numberMatched"] == 7
        seen += [{"id": one["id"], **one["properties"]} for one in body["features"]]
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
    assert len({one["id"] for one in seen}) == len(seen) == 7
    first = {
        "new": str(made[6].pk),
        "supported": str(made[1].pk),
        "discussed": str(made[1].pk),
        "unanswered": str(made[6].pk),
    }
    assert seen[0]["id"] == first[ordering]
    if ordering == "unanswered":
        assert [bool(one["reply"]) for one in seen] == [False] * 5 + [True] * 2


def test_unknown_orders_are_refused_by_name(campaign: Campaign, public: Client) -> None:
    response = public.get(f"{contributions_url(SLUG)}?ordering=loudest")
    assert response.status_code == 400
    assert reasons(response)["ordering"] == "unknown_choice"


def test_a_cursor_belongs_to_its_order(campaign: Campaign, public: Client) -> None:
    for _ in range(3):
        make_contribution(campaign, footprint=False)
    body = public.get(f"{contributions_url(SLUG)}?limit=1&ordering=supported").json()
    following = next(link["href"] for link in body["links"] if link["rel"] == "next")
    assert public.get(following).status_code == 200
    assert public.get(following.replace("supported", "discussed")).status_code == 400


def test_words_find_published_texts_alone(campaign: Campaign, public: Client) -> None:
    made = make_contribution(campaign, text="More benches, please")
    make_contribution(campaign, text="More lamps")
    make_contribution(campaign, text="Benches that wait", status=ContributionStatus.PENDING)
    body = public.get(f"{contributions_url(SLUG)}?q=BENCH+please").json()
    assert [one["id"] for one in body["features"]] == [str(made.pk)]
    assert public.get(f"{contributions_url(SLUG)}?q=bench").json()["numberMatched"] == 1
