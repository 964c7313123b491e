"""Frames of other sites: the one page that they may show, and to whom it is open."""

import re

import pytest
from django.http import HttpResponseBase
from django.test import Client

from accounts.models import Role
from mapping.models import Campaign
from tests import personas

CITY, OTHER = "https://www.city.example", "https://news.example:8443"
FRAMED_ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}


@pytest.fixture
def embedded(campaign: Campaign) -> Campaign:
    campaign.embed_origins = [CITY, OTHER]
    campaign.save()
    return campaign


def framing_of(answer: HttpResponseBase) -> tuple[str | None, str]:
    found = re.search(r"frame-ancestors ([^;]*)", answer.headers["Content-Security-Policy"])
    assert found is not None
    return answer.headers.get("X-Frame-Options"), found[1]


def english(**headers: str) -> Client:
    client = Client(headers=headers)
    client.cookies["django_language"] = "en"
    return client


def test_permitted_sites_may_frame_the_page_and_nobody_else(embedded: Campaign, client: Client) -> None:
    answer = client.get("/campaigns/fear-spaces/embed/")
    assert framing_of(answer) == (None, f"{CITY} {OTHER}")
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert "script-src 'self'" in policy
    assert "form-action 'self'" in policy


def test_nothing_else_of_the_site_can_be_framed(embedded: Campaign, client: Client) -> None:
    contribution = personas.make_contribution(embedded)
    for address in ("", "contribute/", "heatmap/", "data/", "kiosk/", f"contributions/{contribution.pk}/"):
        assert framing_of(client.get(f"/campaigns/fear-spaces/{address}")) == ("DENY", "'none'"), address
    for address in ("/", "/privacy/", "/accounts/login/", "/api/v1/campaigns/fear-spaces/"):
        assert framing_of(client.get(address)) == ("DENY", "'none'"), address
    other = personas.make_campaign("elsewhere")
    assert framing_of(client.get(f"/campaigns/{other.slug}/embed/")) == ("DENY", "'none'")


def test_without_sites_the_page_stands_in_no_frame(campaign: Campaign, client: Client) -> None:
    answer = client.get("/campaigns/fear-spaces/embed/")
    assert answer.status_code == 200
    assert framing_of(answer) == ("DENY", "'none'")


def test_drafts_stand_in_no_frame(draft_campaign: Campaign, client: Client) -> None:
    Campaign.objects.update(embed_origins=[CITY])
    address = f"/campaigns/{draft_campaign.slug}/embed/"
    assert client.get(address).status_code == 404
    member = personas.make_user("member@example.org", draft_campaign, Role.MANAGER)
    answer = personas.staff_browser(member).get(address)
    assert answer.status_code == 200
    assert framing_of(answer) == ("DENY", "'none'")


def test_the_page_has_a_lean_head_and_opens_links_in_a_window_of_their_own(embedded: Campaign) -> None:
    html = english().get("/campaigns/fear-spaces/embed/").content.decode()
    assert '<base target="_blank">' in html
    assert "Open in a new window" in html
    assert "site-nav" not in html
    assert "site-footer" not in html
    assert '<link rel="canonical" href="http://testserver/campaigns/fear-spaces/">' in html


@pytest.mark.parametrize(
    ("headers", "query", "takes_part"),
    [
        ({}, "", True),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "iframe"}, "", True),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}, "", True),
        (FRAMED_ELSEWHERE, "", False),
        ({}, "?cookies=blocked", False),
    ],
)
def test_where_browsers_send_no_cookies_people_take_part_in_a_window_of_its_own(
    embedded: Campaign, headers: dict[str, str], query: str, takes_part: bool
) -> None:
    html = english(**headers).get(f"/campaigns/fear-spaces/embed/{query}").content.decode()
    assert ('data-view="place"' in html) is takes_part
    assert ("Take part in a new window" in html) is not takes_part


def test_pages_outside_of_frames_are_as_they_were(embedded: Campaign) -> None:
    html = english(**FRAMED_ELSEWHERE).get("/campaigns/fear-spaces/").content.decode()
    assert 'data-view="place"' in html
    assert "<base" not in html
