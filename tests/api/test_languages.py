"""Campaigns and surveys in JSON in one of their languages."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from mapping.models import Campaign
from tests.api.conftest import ROOT, campaign_url
from tests.surveys.every_kind import make_survey
from tests.translated.world import LANGUAGES, offer, translate

SLUG = "fear-spaces"


@pytest.fixture
def spoken(campaign: Campaign) -> Campaign:
    """A campaign that is translated into Turkish."""
    make_survey(campaign)
    translate(offer(campaign), "tr")
    return campaign


def test_campaign_is_told_in_the_requested_language(
    spoken: Campaign, public: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    plain = public.get(campaign_url(SLUG))
    assert (plain.json()["language"], plain.json()["languages"]) == ("de", ["de", *LANGUAGES])
    told = public.get(f"{campaign_url(SLUG)}?language=tr")
    body = told.json()
    assert (body["language"], told.headers["Content-Language"]) == ("tr", "tr")
    assert body["title"] == f"tr {spoken.title}"
    assert [one["title"] for one in body["categories"]] == [
        f"tr {one['title']}" for one in plain.json()["categories"]
    ]
    assert body["categories"][0]["slug"] == plain.json()["categories"][0]["slug"]
    assert "content_language" not in told.cookies
    with django_assert_num_queries(6):
        public.get(f"{ROOT}/campaigns/?language=tr")


def test_survey_is_told_in_the_requested_language(spoken: Campaign, public: Client) -> None:
    body = public.get(f"{campaign_url(SLUG, 'survey/')}?language=tr").json()
    assert (body["title"], body["language"]) == (f"tr {spoken.title}", "tr")
    assert body["languages"] == ["de", *LANGUAGES]
    colour = next(one for one in body["questions"] if one["slug"] == "colour")
    assert colour["title"] == "tr Which colour?"
    assert colour["options"]["choices"][0] == {"value": "red", "title": "tr Rot"}
    figure = next(one for one in body["questions"] if one["slug"] == "figure")
    assert figure["options"]["choices"][0]["alt"] == "tr A figure, ampelfrau"
    public.cookies["content_language"] = "tr"
    assert public.get(campaign_url(SLUG, "survey/")).json()["language"] == "de"


def test_list_tells_campaigns_in_their_own_language_where_they_have_no_other(
    spoken: Campaign, cells_campaign: Campaign, public: Client
) -> None:
    told = public.get(f"{ROOT}/campaigns/?language=tr").json()["campaigns"]
    assert {one["slug"]: one["language"] for one in told} == {SLUG: "tr", cells_campaign.slug: "de"}


@pytest.mark.parametrize("path", [campaign_url(SLUG), campaign_url(SLUG, "survey/")])
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("language=fr", "unknown_choice"),
        ("language=xx", "unknown_choice"),
        ("language=tr&language=ar", "repeated"),
        ("lang=tr", "unknown_parameter"),
    ],
)
def test_other_languages_are_refused_by_name(
    spoken: Campaign, public: Client, path: str, query: str, code: str
) -> None:
    refused = public.get(f"{path}?{query}")
    assert (refused.status_code, refused.headers["Content-Type"]) == (400, "application/problem+json")
    assert [one["code"] for one in refused.json()["errors"]] == [code]
    assert public.get(f"{ROOT}/campaigns/?language=xx").status_code == 400
