"""The DIPAS participation data standard: its names and shapes, and nothing that is not published."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from mapping.exports.formats import pds
from mapping.models import Campaign, CommentStatus, Publication
from tests import personas
from tests.walk import words_of

pytestmark = pytest.mark.django_db

# As PDSProjectList, PDSContributionList and RetrieveCommentsTrait of DIPAS write them.
PROJECT = {
    "id",
    "nameFull",
    "description",
    "dateStart",
    "dateEnd",
    "dipasPhase",
    "website",
    "owner",
    "projectOwner",
    "publisher",
    "standardCategories",
    "projectContributionType",
    "dipasMainDistrict",
    "projectTopics",
    "referenceSystem",
    "hasParticipatoryText",
    "dipasCategoriesCluster",
}
CONTRIBUTION = {
    "id",
    "dateCreated",
    "link",
    "title",
    "contributionType",
    "contributionContent",
    "commentsNumber",
    "category",
    "votingPro",
    "votingContra",
    "keywordSuggested",
    "keywordPicked",
    "belongToProject",
    "dipasLocated",
    "customAttribute",
}
COMMENT = {"id", "dateCreated", "title", "commentContent", "commentedBy", "commentOnContribution"}


def features(path: str) -> list[dict[str, Any]]:
    response = Client().get(f"/dipas-pds/projects{path}")
    assert (response.status_code, response["Content-Type"]) == (200, "application/geo+json")
    assert response["Access-Control-Allow-Origin"] == "*"
    collection = json.loads(response.getvalue())
    assert collection["type"] == "FeatureCollection"
    return list(collection["features"])


def test_projects_have_the_members_of_dipas() -> None:
    opens = datetime(2026, 5, 1, 22, 30, tzinfo=UTC)
    campaign = personas.make_campaign(opens_at=opens, organiser="Grünamt", summary='Kurz & "gut"')
    contribution = personas.make_contribution(campaign)
    [project] = features("")
    assert features("/fear-spaces") == [project]
    assert project["geometry"]["type"] == "MultiPolygon"
    told = project["properties"]
    assert set(told) == PROJECT
    assert (told["id"], told["nameFull"], told["owner"]) == ("fear-spaces", "Fear spaces", "Grünamt")
    assert (told["dateStart"], told["referenceSystem"]) == ("2026-05-01T22:30:00Z", "4326")
    assert told["description"] == 'Kurz & "gut"'
    assert told["hasParticipatoryText"] == [str(contribution.pk)]
    assert told["website"].endswith("/campaigns/fear-spaces/")
    assert told["standardCategories"]["spot"] == {"id": "spot", "name": "Spot", "description": ""}


def test_contributions_have_the_members_of_dipas() -> None:
    campaign = personas.make_campaign()
    contribution = personas.make_contribution(
        campaign, category="survey", text='Zeile\n"zwei" \\ 💡', answers={"scale": 4}
    )
    personas.make_support(contribution)
    personas.make_comment(contribution)
    idea = personas.make_contribution(campaign, None, category="idea", text="An idea")
    found = {one["properties"]["id"]: one for one in features("/fear-spaces/contributions")}
    assert set(found) == {str(contribution.pk), str(idea.pk)}
    one = found[str(contribution.pk)]
    assert features(f"/fear-spaces/contributions/{contribution.pk}") == [one]
    assert one["geometry"]["coordinates"] == list(personas.TOWN_HALL)
    told = one["properties"]
    assert set(told) == CONTRIBUTION
    assert told["contributionContent"] == contribution.text
    assert (told["commentsNumber"], told["votingPro"], told["votingContra"]) == (1, 1, 0)
    assert (told["category"], told["dipasLocated"]) == ("Survey", True)
    assert told["customAttribute"] == {"answers": {"scale": 4}}
    assert Client().get(told["link"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert found[str(idea.pk)]["geometry"] is None
    assert found[str(idea.pk)]["properties"]["dipasLocated"] is False


def test_comments_come_alone_or_with_their_contribution() -> None:
    contribution = personas.make_contribution(personas.make_campaign())
    quiet = personas.make_contribution(contribution.campaign)
    for status in CommentStatus:
        personas.make_comment(contribution, f"{status}!", status=status)
    [only] = features(f"/fear-spaces/contributions/{contribution.pk}/comments")
    [comment] = only["properties"]["comments"]
    assert set(comment) == COMMENT
    assert (comment["commentContent"], comment["commentOnContribution"]) == (
        "published!",
        str(contribution.pk),
    )
    with_comments = {
        one["properties"]["id"]: one["properties"] for one in features("/fear-spaces/commentedcontributions")
    }
    assert with_comments[str(contribution.pk)]["commentedBy"] == [comment]
    assert with_comments[str(quiet.pk)]["commentedBy"] == []
    assert len(features(f"/fear-spaces/commentedcontributions/{contribution.pk}")) == 1
    assert features(f"/fear-spaces/contributions/{quiet.pk}/comments") == []
    assert features("/fear-spaces/conception_comments") == []


@pytest.mark.parametrize("hidden", ["pending", "rejected", "cells", "draft"])
def test_what_is_not_published_is_in_no_collection(hidden: str) -> None:
    statuses = {"pending": personas.PENDING, "rejected": personas.REJECTED}
    publication = Publication.CELLS if hidden == "cells" else Publication.POINTS
    campaign = personas.make_campaign(publication=publication, is_draft=hidden == "draft")
    status = statuses.get(hidden, personas.PUBLISHED)
    contribution = personas.make_contribution(campaign, status=status, text="HIDDEN")
    personas.make_comment(contribution, "HIDDEN")
    base = "/dipas-pds/projects"
    for path in ("contributions", "commentedcontributions", "conception_comments"):
        response = Client().get(f"{base}/fear-spaces/{path}")
        assert response.status_code == (404 if hidden == "draft" else 200)
        assert "HIDDEN" not in words_of(response)
    for path in ("contributions", "commentedcontributions"):
        assert Client().get(f"{base}/fear-spaces/{path}/{contribution.pk}").status_code == 404
    assert Client().get(f"{base}/fear-spaces/contributions/{contribution.pk}/comments").status_code == 404
    assert str(contribution.pk) not in words_of(Client().get(base))


def test_large_projects_name_no_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = personas.make_campaign()
    monkeypatch.setattr(pds, "MOST_IDS", 2)
    for _number in range(2):
        personas.make_contribution(campaign)
    assert len(features("")[0]["properties"]["hasParticipatoryText"]) == 2
    personas.make_contribution(campaign)
    assert features("")[0]["properties"]["hasParticipatoryText"] is None


def test_bare_campaign_is_a_project() -> None:
    personas.make_campaign(area=None, opens_at=None, closes_at=None, with_categories=False)
    [project] = features("")
    assert (project["geometry"], project["properties"]["dateStart"]) == (None, None)
    assert project["properties"]["standardCategories"] == {}
    assert project["properties"]["hasParticipatoryText"] == []


def test_no_campaign_is_an_empty_collection() -> None:
    assert features("") == []


def test_wrong_addresses_are_problems(campaign: Campaign) -> None:
    for path in (
        "/nothing",
        "/nothing/contributions",
        f"/{campaign.slug}/contributions/{personas.make_user}",
    ):
        assert Client().get(f"/dipas-pds/projects{path}").status_code == 404
    assert Client().get("/dipas-pds/projects?limit=3").status_code == 400
    assert Client().head("/dipas-pds/projects").status_code == 200
    assert Client().post("/dipas-pds/projects").status_code == 405
