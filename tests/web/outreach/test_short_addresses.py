"""Short addresses lead to campaigns, with the category and the language of the poster and nothing else."""

import pytest
from django.test import Client

from accounts.models import Role
from mapping.links.short import code_of
from mapping.models import Campaign
from tests import personas


def address_of(campaign: Campaign, query: str = "") -> str:
    return f"/k/{code_of(campaign.pk)}{query}"


def test_a_code_leads_to_its_campaign_in_capitals_too(campaign: Campaign, client: Client) -> None:
    for address in (address_of(campaign), f"/k/{code_of(campaign.pk).upper()}"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/campaigns/fear-spaces/")
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?category=idea", "?category=idea"),
        ("?category=idea&language=tr", "?category=idea&language=tr"),
        ("?language=tr", "?language=tr"),
        ("?language=fr", ""),
        ("?category=nothing", ""),
        ("?category=%00", ""),
        ("?next=https://evil.example&category=//evil.example", ""),
    ],
)
def test_only_what_the_campaign_has_is_passed_on(
    campaign: Campaign, client: Client, query: str, expected: str
) -> None:
    Campaign.objects.update(languages=["tr"])
    answer = client.get(address_of(campaign, query))
    assert answer.headers["Location"] == f"/campaigns/fear-spaces/{expected}"


def test_drafts_answer_like_unknown_codes_but_to_their_members(
    draft_campaign: Campaign, client: Client, outsider: object
) -> None:
    unknown = client.get(f"/k/{code_of(10**6)}")
    draft = client.get(address_of(draft_campaign))
    assert unknown.status_code == draft.status_code == 404
    assert personas.staff_browser(outsider).get(address_of(draft_campaign)).status_code == 404  # type: ignore[arg-type]
    member = personas.make_user("member@example.org", draft_campaign, Role.ANALYST)
    assert personas.staff_browser(member).get(address_of(draft_campaign)).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["22222", "k", "x" * 80, "campaigns"])
def test_what_is_no_code_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/k/{code}").status_code == 404
