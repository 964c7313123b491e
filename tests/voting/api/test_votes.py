"""Votes, ballots and results by the API."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from mapping.models import Action, Campaign, Change, DistrictLayer, Participant, Phase
from tests import personas
from tests.api.conftest import campaign_url, code, reasons
from tests.personas import Citizen
from tests.voting.making import cast_ballots, make_option, make_vote, options_of
from voting.models import Ballot, Method, Option, Rule, Vote
from voting.services import codes
from voting.services.casting import cast_in_browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def vote(campaign: Campaign) -> Vote:
    return make_vote(campaign)


def url_of(vote: Vote, rest: str = "ballot/") -> str:
    return campaign_url(vote.campaign.slug, f"votes/{vote.category.slug}/{rest}")


def put(client: Client, vote: Vote, body: object, **more: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.put(url_of(vote), data, content_type="application/json", **more)


def ids_of(vote: Vote) -> list[str]:
    return [str(one.contribution_id) for one in options_of(vote)]


def test_votes_have_rule_limits_and_options(client: Client, campaign: Campaign) -> None:
    layer = DistrictLayer.objects.create(slug="quarters", title="Quarters")
    layer.districts.create(code="1", name="North", geom=personas.area())
    Campaign.objects.update(district_layer=layer)
    vote = make_vote(campaign, Rule.BUDGET)
    make_vote(campaign, Rule.POINTS, slug="points")
    answer = client.get(campaign_url(campaign.slug, "votes/"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    budget, points = answer.json()["votes"]
    assert (budget["category"], budget["rule"], budget["method"]) == ("vote", "budget", "equal_shares")
    assert budget["limits"] == {"choices": None, "points": None, "points_per_option": None, "budget": 100_000}
    assert (points["limits"]["points"], points["limits"]["points_per_option"], points["method"]) == (
        5,
        3,
        None,
    )
    assert (budget["is_open"], budget["closed"]) == (True, None)
    first = budget["options"][0]
    assert [one["id"] for one in budget["options"]] == ids_of(vote)
    assert (first["title"], first["cost"], first["withdrawn"]) == ("Project 1", 10_000, False)
    assert first["place"] == personas.point()
    assert first["district"] == {"code": "1", "name": "North"}
    for address in (*budget["links"].values(), first["url"]):
        assert client.get(address).status_code in {200, 403}, address


def test_votes_name_withdrawn_and_merged_options_and_changes(client: Client, vote: Vote) -> None:
    first, second, third = options_of(vote)
    Option.objects.filter(pk=first.pk).update(withdrawn_at=timezone.now())
    Option.objects.filter(pk=second.pk).update(merged_into=third)
    third.changes.create(kind="cost", before="1", after="2", reason="Dearer.")
    options = client.get(campaign_url(vote.campaign.slug, "votes/")).json()["votes"][0]["options"]
    assert [one["withdrawn"] for one in options] == [True, True, False]
    assert options[1]["merged_into"] == str(third.contribution_id)
    assert options[2]["changes"][0]["reason"] == "Dearer."


def test_campaigns_without_votes_have_none_and_protected_ones_say_why(
    client: Client, campaign: Campaign
) -> None:
    assert client.get(campaign_url(campaign.slug, "votes/")).json() == {"votes": [], "numberReturned": 0}
    make_vote(personas.make_campaign("x", publication="cells"))
    assert code(client.get(campaign_url("x", "votes/"))) == "publishes_cells"
    make_vote(personas.make_campaign("y", is_draft=True))
    assert client.get(campaign_url("y", "votes/")).status_code == 404
    assert client.get(campaign_url(campaign.slug, "votes/spot/ballot/")).status_code == 404


def test_closed_vote_says_when_it_opens(client: Client, vote: Vote) -> None:
    opens_at = timezone.now() + timedelta(days=1)
    Phase.objects.create(
        campaign=vote.campaign,
        title="Vote",
        allows=[Action.VOTE],
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=1),
    )
    found = client.get(campaign_url(vote.campaign.slug, "votes/")).json()["votes"][0]
    assert (found["is_open"], found["closed"]["code"]) == (False, "voting_upcoming")
    assert code(put(client, vote, {"choices": {}})) == "voting_upcoming"


def test_ballot_is_put_read_replaced_and_deleted(client: Client, vote: Vote) -> None:
    first, second, _third = ids_of(vote)
    assert client.get(url_of(vote)).json() == {"cast": False, "choices": {}, "changed": None}
    sent = put(client, vote, {"choices": {first: 1, second: 1}})
    assert sent.status_code == 200
    assert sent.json()["choices"] == {first: 1, second: 1}
    assert "Access-Control-Allow-Origin" not in sent.headers
    assert sent.headers["Cache-Control"] == "no-store"
    assert put(client, vote, {"choices": {second: 1}}).json()["choices"] == {second: 1}
    read = client.get(url_of(vote))
    assert (read.json()["cast"], read.json()["choices"]) == (True, {second: 1})
    assert read.headers["Cache-Control"] == "no-store"
    assert client.delete(url_of(vote)).json()["cast"] is False
    assert client.delete(url_of(vote)).status_code == 200
    assert not Ballot.objects.exists()
    assert not Participant.objects.filter(contributions=None).exists()


def test_nobody_reads_another_ballot(vote: Vote, citizen: Citizen, manager: User) -> None:
    cast_in_browser(vote, citizen.secret, {options_of(vote)[0].contribution_id: 1})
    assert citizen.browser().get(url_of(vote)).json()["cast"] is True
    for browser in (Client(), personas.staff_browser(manager)):
        assert browser.get(url_of(vote)).json() == {"cast": False, "choices": {}, "changed": None}


def test_forged_requests_are_refused(vote: Vote, citizen: Citizen) -> None:
    browser = citizen.browser()
    chosen = {"choices": {ids_of(vote)[0]: 1}}
    refused = put(browser, vote, chosen, headers={"Origin": "https://elsewhere.example"})
    assert code(refused) == "foreign_origin"
    form = browser.put(url_of(vote), "choices=1", content_type="application/x-www-form-urlencoded")
    assert form.status_code == 415
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (Rule.UP_TO, 2, "not_chosen"),
        (Rule.UP_TO, True, "not_whole"),
        (Rule.UP_TO, "1", "not_whole"),
        (Rule.UP_TO, None, "not_whole"),
        (Rule.POINTS, 1.5, "not_whole"),
        (Rule.POINTS, 1.0, "not_whole"),
        (Rule.POINTS, -1, "points_out_of_range"),
        (Rule.POINTS, 10**9, "points_out_of_range"),
        (Rule.POINTS, 10**30, "points_out_of_range"),
        (Rule.FOR_AGAINST, 0, "not_for_or_against"),
        (Rule.RANKING, 7, "rank_out_of_range"),
    ],
)
def test_wrong_values_are_named_at_their_option(
    client: Client, campaign: Campaign, rule: Rule, value: object, expected: str
) -> None:
    vote = make_vote(campaign, rule)
    option = ids_of(vote)[0]
    assert reasons(put(client, vote, {"choices": {option: value}})) == {f"choices.{option}": expected}
    assert not Ballot.objects.exists()
    assert not Participant.objects.filter(contributions=None).exists()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], {"body": "wrong_type"}),
        ({}, {"choices": "choices_missing"}),
        ({"choices": []}, {"choices": "not_choices"}),
        ({"choices": {"x": 1}}, {"choices.x": "option_unknown"}),
        ({"choices": {"x" * 99: 1}}, {f"choices.{'x' * 40}": "option_unknown"}),
        ({"choices": {}, "more": 1}, {"more": "unknown_member"}),
        ({"choices": {}, "code": 1}, {"code": "not_a_text"}),
        ({"choices": {}, "code": "ABCDEFGHJKM"}, {"code": "code_not_needed"}),
    ],
)
def test_wrong_bodies_are_problems(
    client: Client, vote: Vote, body: object, expected: dict[str, str]
) -> None:
    answer = put(client, vote, body)
    assert answer.status_code == 400
    assert reasons(answer) == expected


def test_options_of_other_campaigns_and_ballots_over_the_sum_are_refused(
    client: Client, campaign: Campaign
) -> None:
    vote = make_vote(campaign, Rule.BUDGET, costs=[60_000, 60_000, 1])
    elsewhere = ids_of(make_vote(personas.make_campaign("elsewhere")))[0]
    for unknown in (elsewhere, str(uuid4())):
        assert reasons(put(client, vote, {"choices": {unknown: 1}})) == {
            f"choices.{unknown}": "option_unknown"
        }
    answer = put(client, vote, {"choices": dict.fromkeys(ids_of(vote)[:2], 1)})
    assert reasons(answer) == {"choices": "over_budget"}
    assert "20.000" in answer.json()["errors"][0]["detail"]


def test_repeated_keys_are_refused(client: Client, vote: Vote) -> None:
    option = ids_of(vote)[0]
    body = f'{{"choices": {{"{option}": 1, "{option}": 1}}}}'.encode()
    assert put(client, vote, body).status_code == 400
    twice = {"choices": {option: 1, option.upper(): 1}}
    assert reasons(put(client, vote, twice)) == {f"choices.{option.upper()}": "option_twice"}


def test_code_is_needed_where_the_vote_says_so(client: Client, campaign: Campaign) -> None:
    vote = make_vote(campaign, needs_code=True)
    [made] = codes.make_series(campaign, "Letters", 1, actor=None).codes
    option = ids_of(vote)[0]
    assert reasons(put(client, vote, {"choices": {option: 1}})) == {"code": "code_required"}
    sent = put(client, vote, {"choices": {option: 1}, "code": made.text})
    assert sent.json()["choices"] == {option: 1}
    assert "participant" not in sent.cookies
    header = {"Voting-Code": made.signs.lower()}
    assert Client().get(url_of(vote), headers=header).json()["cast"] is True
    assert reasons(Client().get(url_of(vote))) == {"code": "required"}
    assert Client().delete(url_of(vote), headers=header).status_code == 200
    assert not Ballot.objects.exists()


def test_result_is_hidden_as_long_as_the_vote_says(
    client: Client, vote: Vote, manager: User, analyst: User
) -> None:
    cast_ballots(vote, [[0], [0, 1], []])
    assert code(client.get(url_of(vote, "results/"))) == "results_hidden"
    assert code(personas.staff_browser(analyst).get(url_of(vote, "results/"))) == "results_hidden"
    assert personas.staff_browser(manager).get(url_of(vote, "results/")).json()["ballots"] == 3
    Vote.objects.update(results="live")
    body = client.get(url_of(vote, "results/")).json()
    assert (body["ballots"], body["online"], body["paper"], body["final"]) == (3, 3, 0, False)
    assert {one["title"]: one["votes"] for one in body["options"]} == {
        "Project 1": 2,
        "Project 2": 1,
        "Project 3": 0,
    }
    assert body["spent"] is None


def test_result_names_who_wins_by_either_way_to_spend(client: Client, campaign: Campaign) -> None:
    """Two large groups and a small one: the most votes take the whole sum, equal shares leave the small one a part."""
    vote = make_vote(campaign, Rule.APPROVAL, costs=[50_000, 50_000, 30_000], results="live")
    cast_ballots(vote, [[0, 1]] * 7 + [[2]] * 3)
    first, second, third = ids_of(vote)
    greedy = client.get(url_of(vote, "results/?rule=greedy")).json()
    assert (greedy["method"], set(greedy["winners"]), greedy["spent"]) == ("greedy", {first, second}, 100_000)
    shares = client.get(url_of(vote, "results/?rule=equal_shares")).json()
    assert (shares["method"], shares["spent"]) == ("equal_shares", 80_000)
    assert third in shares["winners"]
    assert shares["people_with_a_win"] == 10
    assert [one["id"] for one in shares["options"] if one["winner"]] != greedy["winners"]
    by_default = client.get(url_of(vote, "results/")).json()
    assert by_default["method"] == Method.EQUAL_SHARES
    assert by_default["winners"] == shares["winners"]


def test_wrong_ways_to_spend_are_named(client: Client, vote: Vote) -> None:
    Vote.objects.update(results="live")
    assert reasons(client.get(url_of(vote, "results/?rule=lot"))) == {"rule": "unknown_choice"}
    assert reasons(client.get(url_of(vote, "results/?rule=greedy"))) == {"rule": "vote_without_sum"}


def public_answers(campaign: Campaign, contribution: object) -> list[tuple[str, bytes]]:
    """What everyone can read of a campaign and one of its options, on every surface that shows support."""
    slug = campaign.slug
    addresses = (
        f"/campaigns/{slug}/",
        f"/campaigns/{slug}/contributions/{contribution}/",
        f"/campaigns/{slug}/outcome/",
        f"/campaigns/{slug}/votes/",
        f"/api/v1/campaigns/{slug}/",
        f"/api/v1/campaigns/{slug}/votes/",
        f"/api/v1/campaigns/{slug}/contributions/",
        f"/api/v1/campaigns/{slug}/contributions/{contribution}/support/",
        f"/api/v1/campaigns/{slug}/statistics",
        f"/api/v1/campaigns/{slug}/heatmap",
        f"/api/v1/campaigns/{slug}/download.csv",
        f"/api/v1/campaigns/{slug}/download.geojson",
        f"/ogc/collections/{slug}-contributions/items?f=json",
        f"/ogc/collections/{slug}-contributions/tiles/WebMercatorQuad/12/1400/2136",
        f"/dipas-pds/projects/{slug}/contributions",
        f"/open311/v2/requests.json?service_code={slug}.vote",
    )
    browser = Client()
    found = []
    for address in addresses:
        answer = browser.get(address)
        content = answer.getvalue()
        found.append((address, content))
    return found


def test_casting_changes_no_public_answer_while_results_are_hidden(campaign: Campaign) -> None:
    """Ballots must not appear as support, in files, tiles, statistics or as a new revision (decidim#12348)."""
    vote = make_vote(campaign)
    make_vote(campaign, slug="other")  # the address of the votes is a list, with no form of its own
    option = options_of(vote)[0].contribution_id
    before = public_answers(campaign, option)
    revision = Change.objects.revision_of(campaign.pk)
    for _ in range(5):
        assert put(Client(), vote, {"choices": {str(option): 1}}).status_code == 200
    assert Change.objects.revision_of(campaign.pk) == revision
    for (address, content), (_same, former) in zip(public_answers(campaign, option), before, strict=True):
        assert without_chance(content) == without_chance(former), address


def without_chance(content: bytes) -> bytes:
    """Content without what is drawn by chance for each reader."""
    import re

    return re.sub(
        rb'name="(?:csrfmiddlewaretoken|visitor|id)" value="[^"]*"|"timeStamp": ?"[^"]*"', b"", content
    )


def test_number_of_queries_does_not_grow_with_options_or_ballots(
    client: Client, vote: Vote, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = campaign_url(vote.campaign.slug, "votes/")
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)
    for number in range(4, 30):
        make_option(vote, f"Project {number}")
    cast_ballots(vote, [[0]] * 20)
    with django_assert_num_queries(6):
        client.get(address)
